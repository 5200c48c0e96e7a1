"""Repeat clauses (docs/obligations.md §2): the same check fails again within 30 days more often than it may.

One check every hour, so that months are short to write; G = 3 h, stable after one hour of ok.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.clauses import clause, result
from tests.support.timelines import at, contract

ONE = "asset cam camera\ncheck cam/icmp 1h critical\n"
OCTOBER = {"term": "2026-10-01 2026-10-31"}


def seen(*fails: str, check: str = "cam/icmp", begin: str = "10-01 00:00", end: str = "10-31 24:00") -> str:
    """ok every hour, but for one fail at each of these hours."""
    text = [check, begin, "ok"]
    for each in fails:
        day, hour = each.split()
        text += [each, "fail", day, f"{int(hour[:2]) + 1:02d}:00", "ok"]
    return " ".join([*text, end]) + "\n"


def found(keys, said, *, month="2026-10", as_of=None, **pieces):
    pieces = {"stable_for": "1h"} | OCTOBER | pieces
    keys = {"within": "30d", "repeats": 2} | keys
    return result(contract(clause("repeat", **keys), **pieces), ONE + said, (), month, as_of)


def repeats(judged):
    return [each.repeat for each in judged.items[0].incidents]


def test_nobody_looked_is_not_assessable():
    judged = found({}, "")
    assert (judged.verdict, judged.value, judged.certain) == ("not_assessable", None, False)
    assert judged.items[0].coverage == 0


def test_watched_and_never_failed_is_met():
    judged = found({}, seen())
    assert (judged.verdict, judged.value, judged.certain, judged.items[0].incidents) == ("met", 1, True, ())


def test_without_a_check_in_scope_nothing_applies():
    judged = found({"scope": {"severity": "minor"}}, seen())
    assert (judged.verdict, judged.value, judged.certain, judged.items) == ("not_applicable", None, True, ())


def test_as_many_repeats_as_allowed_are_met_and_one_more_is_too_many():
    three = ("10-02 08:00", "10-05 08:00", "10-09 08:00")
    judged = found({}, seen(*three))
    assert (judged.verdict, repeats(judged)) == ("met", [0, 1, 2])
    judged = found({}, seen(*three, "10-20 08:00"))
    assert (judged.verdict, repeats(judged), judged.items[0].too_many) == ("breached", [0, 1, 2, 3], 1)
    assert (judged.value, judged.certain) == (0, True)


def test_none_may_be_allowed():
    assert found({"repeats": 0}, seen("10-02 08:00")).verdict == "met"
    assert found({"repeats": 0}, seen("10-02 08:00", "10-03 08:00")).verdict == "breached"


def test_the_window_holds_its_first_instant():
    # [d − 24 h, d): exactly a day before is inside, more is not
    day = {"within": "1d", "repeats": 0}
    assert repeats(found(day, seen("10-02 08:00", "10-03 08:00"))) == [0, 1]
    assert repeats(found(day, seen("10-02 08:00", "10-03 09:00"))) == [0, 0]


def test_a_failure_of_the_month_before_counts_as_the_first_one():
    said = seen("09-28 08:00", "10-02 08:00", begin="09-01 00:00")
    term = {"term": "2026-09-01 2026-10-31"}
    judged = found({"repeats": 0}, said, **term)
    assert (judged.verdict, repeats(judged)) == ("breached", [1])
    # it is October's alone
    assert found({"repeats": 0}, said, month="2026-09", **term).verdict == "met"


def test_failures_before_the_term_are_none_of_this_contract_s():
    said = seen("09-28 08:00", "10-02 08:00", begin="09-01 00:00")
    assert repeats(found({"repeats": 0}, said)) == [0]
    # as is what fails after the month
    assert found({"repeats": 0}, seen("10-02 08:00", "11-01 08:00", end="11-10 00:00")).verdict == "met"


def test_an_excused_failure_is_not_counted():
    claim = "claim c1 cam 10-05 00:00 10-06 00:00 power said 10-07 08:00 accepted 10-08 08:00"
    said = seen("10-02 08:00", "10-05 08:00")
    assert found({"repeats": 0}, said + claim).verdict == "met"
    assert found({"repeats": 0}, said).verdict == "breached"
    # a correction: before the ruling was known it did count
    assert found({"repeats": 0}, said + claim, as_of="10-08 07:59").verdict == "breached"


def test_failures_of_one_incident_are_one():
    # flapping: never stable for an hour between two fails, so it is one fault
    said = "cam/icmp 10-01 00:00 ok 10-02 08:00 fail 09:00 ok 10:00 fail 11:00 ok 10-31 24:00\n"
    assert repeats(found({"repeats": 0}, said, stable_for="2h")) == [0]


def test_an_explained_failure_is_another_s():
    link = "asset link link\ncheck link/icmp 1h reach\nasset far camera behind=link\ncheck far/icmp 1h critical\n"
    said = link + seen("10-02 08:00", "10-03 08:00", check="link/icmp")
    said += seen("10-02 08:00", "10-03 08:00", check="far/icmp")
    judged = found({"repeats": 0, "scope": {"ids": ["far"]}}, said)
    assert (judged.verdict, judged.items[0].incidents) == ("met", ())


def test_each_check_counts_alone():
    other = "asset c2 camera\ncheck c2/icmp 1h\n"
    judged = found({"repeats": 0}, other + seen("10-02 08:00") + seen("10-03 08:00", check="c2/icmp"))
    assert [(item.check, item.verdict) for item in judged.items] == [("c2/icmp", "met"), ("cam/icmp", "met")]


def test_value_is_the_share_of_the_checks_that_could_be_judged():
    more = "asset c2 camera\ncheck c2/icmp 1h\nasset c3 camera\ncheck c3/icmp 1h\n"
    said = more + seen("10-02 08:00", "10-03 08:00") + seen(check="c2/icmp")
    judged = found({"repeats": 0}, said)
    assert [item.verdict for item in judged.items] == ["met", "not_assessable", "breached"]
    assert (judged.verdict, judged.value, judged.certain) == ("breached", Fraction(1, 2), True)


@pytest.mark.parametrize(
    "hole", [("10-01 00:00", "10-03 00:00"), ("10-10 00:00", "10-12 00:00"), ("10-30 00:00", "10-31 24:00")]
)
def test_unknown_time_at_start_in_the_middle_and_at_the_end_makes_it_not_assessable(hole):
    # two of 31 days unseen: coverage 29/31 = 93.5 % < 95 %
    begin, end = hole
    parts = [f"cam/icmp 10-01 00:00 ok {begin}"] if begin != "10-01 00:00" else []
    parts += [f"cam/icmp {end} ok 10-31 24:00"] if end != "10-31 24:00" else []
    judged = found({}, "\n".join(parts))
    assert (judged.verdict, judged.certain) == ("not_assessable", False)
    assert judged.items[0].coverage == Fraction(29, 31)
    assert found({}, "\n".join(parts), min_coverage="90%").verdict == "met"


def test_a_breach_stands_whatever_was_not_seen():
    said = "cam/icmp 10-01 00:00 ok 08:00 fail 09:00 ok 12:00 fail 13:00 ok 15:00"
    judged = found({"repeats": 0}, said)
    assert (judged.verdict, judged.certain) == ("breached", True)


def test_met_is_certain_only_if_the_window_before_the_month_was_seen_too():
    both = {"term": "2026-09-01 2026-10-31"}
    assert found({}, seen(begin="09-01 00:00"), **both).certain is True
    judged = found({}, seen(), **both)  # nobody looked in September
    assert (judged.verdict, judged.certain) == ("met", False)
    assert found({"within": "1ms"}, seen(), **both).certain is False
    assert found({}, seen(), as_of="09-30 12:00", month="2026-10", **both).certain is True


def test_blips_are_not_counted_and_make_it_uncertain_where_doubt_decides():
    # one fail each: lasts 0 by vendor, 1 h by customer; shorter than 30 m is a blip
    said = seen("10-02 08:00", "10-03 08:00")
    judged = found({"repeats": 0}, said, ignore_shorter="30m")
    assert (judged.verdict, judged.certain, repeats(judged)) == ("met", False, [])
    judged = found({"repeats": 0}, said, ignore_shorter="30m", doubt="customer")
    assert (judged.verdict, judged.certain) == ("breached", False)
    assert found({"repeats": 0}, said, ignore_shorter="2h", doubt="customer").certain is True


def test_an_incident_that_still_lasts_is_counted():
    said = "cam/icmp 10-01 00:00 ok 08:00 fail 09:00 ok 12:00 fail 10-31 24:00"
    assert repeats(found({"repeats": 0}, said, ignore_shorter="30m", doubt="customer")) == [0, 1]


def test_the_month_is_cut_at_as_of():
    said = seen("10-02 08:00", "10-20 08:00")
    judged = found({"repeats": 0}, said, as_of="10-10 00:00")
    assert (judged.verdict, judged.items[0].coverage) == ("met", 1)
    assert found({"repeats": 0}, said, as_of="10-20 08:00").verdict == "breached"
    assert found({"repeats": 0}, said, as_of="09-30 00:00").verdict == "not_applicable"


def test_each_one_too_many_costs_up_to_the_caps():
    five = seen(*(f"10-0{n} 08:00" for n in range(1, 6)))  # repeats 0 1 2 3 4, so two too many
    keys = {"deduct": {"per_breach": "200"}, "points": "5", "lose": {"per_breach": "1"}}
    judged = found(keys, five)
    assert (judged.deduction, judged.lost) == (Decimal("400.00"), Decimal(2))
    assert found({"deduct": {"per_breach": "200", "cap_each": "300"}}, five).deduction == Decimal("300.00")
    two = (
        "asset c2 camera\ncheck c2/icmp 1h\n" + five + seen(*(f"10-0{n} 08:00" for n in range(1, 6)), check="c2/icmp")
    )
    rule = {"per_breach": "200", "cap_each": "300", "cap": "500"}
    assert found({"deduct": rule}, two).deduction == Decimal("500.00")


def test_a_window_over_29_february_and_a_clock_change_is_plain_time():
    # 30 days of 24 h before 2028-03-10 08:00 begin on 02-09 08:00 (February has 29 days)
    term = {"term": "2028-01-01 2028-12-31"}
    for first, number in (("2028-02-09 08:00", 1), ("2028-02-09 07:00", 0)):
        said = f"cam/icmp {first} fail {first[-5:-3]}:30 ok*9\ncam/icmp 2028-03-10 08:00 fail 08:30 ok*9\n"
        judged = found({"repeats": 0}, said, month="2028-03", as_of="2028-03-31 00:00", **term)
        assert repeats(judged) == [number]
    assert at("2028-03-10 08:00") - at("2028-02-09 08:00") == 30 * 86_400_000
