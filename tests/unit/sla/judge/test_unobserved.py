"""Time in which nobody looked, asset by asset: all hours of the month, whatever a clause asks."""

from __future__ import annotations

from fractions import Fraction

from sla.judge.unobserved import unobserved
from sla.measure.analysis import Analysis
from tests.support.timelines import DAY, HOUR, at, contract, evidence


def gaps(said, as_of="11-01 00:00", month="2026-10", **keys):
    return unobserved(Analysis(contract(**keys), evidence(said), at(as_of)), month)


def test_an_asset_that_was_looked_at_all_month_has_no_gap():
    assert gaps("asset cam camera\ncheck cam/x 1h\ncam/x 09-30 00:00 ok 11-02 00:00") == ()


def test_an_asset_without_a_check_that_counts_is_not_listed():
    assert gaps("asset cam camera\nasset box camera\ncheck box/x 1h counts=no\nagent 10-02 00:00 start") == ()


def test_gaps_are_told_with_their_sum_their_longest_and_what_was_seen():
    """Readings every hour; nothing between 10-05 23:00 and 10-07 00:00 (25 h), nor 10-19 23:00 and 10-20 12:00 (13 h)."""
    said = """
    asset cam camera
    check cam/x 1h
    cam/x 09-30 00:00 ok 10-06 00:00 gap 10-07 00:00 ok 10-20 00:00 gap 10-20 12:00 ok 11-02 00:00
    """
    (found,) = gaps(said)
    assert found.asset == "cam"
    assert found.length == (25 + 13) * HOUR == sum(end - begin for begin, end in found.spans)
    assert found.longest == (at("10-05 23:00"), at("10-07 00:00"))
    assert found.coverage == 1 - Fraction(38, 31 * 24)


def test_the_asset_of_which_least_was_seen_comes_first_and_equal_ones_by_their_id():
    said = "\n".join(
        f"asset {name} camera\ncheck {name}/x 1h\n{name}/x 09-30 00:00 ok 10-{day} 00:00 gap 10-30 00:00 ok 11-02 00:00"
        for name, day in (("b", "20"), ("a", "20"), ("c", "10"))
    )
    assert [each.asset for each in gaps(said)] == ["c", "a", "b"]


def test_only_what_lies_in_the_term_and_before_as_of_is_asked():
    """The term begins on the 11th, as_of is the 17th: six days, of which the last was not seen."""
    said = "asset cam camera\ncheck cam/x 1h\ncam/x 10-01 00:00 ok 10-16 00:00\nagent 10-17 00:00 start"
    (found,) = gaps(said, as_of="10-17 00:00", term="2026-10-11 2026-12-31")
    assert found.spans == ((at("10-16 00:00"), at("10-17 00:00")),)
    assert found.coverage == 1 - Fraction(DAY, 6 * DAY)


def test_a_month_outside_the_term_has_nothing_to_see():
    said = "asset cam camera\ncheck cam/x 1h\ncam/x 10-01 00:00 ok 10-02 00:00"
    assert gaps(said, term="2026-11-01 2026-12-31") == ()


def test_a_check_that_looks_at_another_asset_covers_nothing_here():
    said = """
    asset cam camera
    asset box camera
    check cam/x 1h
    check box/x 1h
    cam/x 09-30 00:00 ok 11-02 00:00
    """
    (found,) = gaps(said)
    assert (found.asset, found.coverage) == ("box", 0)
