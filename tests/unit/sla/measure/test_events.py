"""Claims with the ruling that stands, and maintenance with whether it excuses: one answer for every form."""

from __future__ import annotations

import pytest

from sla.measure.analysis import Analysis
from sla.measure.events import judged_maintenance, ruled_claims
from tests.support.timelines import HOUR, at, contract, evidence

ASSETS = "asset cam camera\nasset box server\n"
OCTOBER = (at("10-01 00:00"), at("11-01 00:00"))


def analysis_of(said, as_of="11-02 00:00", **keys):
    return Analysis(contract(**keys), evidence(ASSETS + said), at(as_of))


def test_claims_of_a_month_come_by_begin_with_the_last_ruling_on_each():
    analysis = analysis_of("""
    claim c2 cam 10-05 00:00 10-06 00:00 power said 10-06 10:00 accepted 10-07 09:00
    claim c1 box 10-03 00:00 10-04 00:00 power said 10-04 10:00
    claim c3 cam 10-05 00:00 10-05 12:00 planned said 10-06 10:00 rejected 10-08 09:00
    """)
    found = ruled_claims(analysis, OCTOBER)
    assert [(each.claim.id, each.ruling and each.ruling.accepted) for each in found] == [
        ("c1", None), ("c2", True), ("c3", False),
    ]  # fmt: skip


def test_a_claim_touches_a_stretch_only_if_they_share_an_instant():
    analysis = analysis_of("claim c1 cam 10-05 00:00 10-06 00:00 power said 10-06 10:00\n")
    assert ruled_claims(analysis, (at("10-06 00:00"), at("10-07 00:00"))) == ()
    assert ruled_claims(analysis, (at("10-04 00:00"), at("10-05 00:00"))) == ()
    assert len(ruled_claims(analysis, (at("10-05 23:59"), at("10-07 00:00")))) == 1


def test_of_one_asset_only_its_own_claims_and_maintenance_are_asked():
    analysis = analysis_of("""
    claim c1 cam 10-05 00:00 10-06 00:00 power said 10-06 10:00
    claim c2 box 10-05 00:00 10-06 00:00 power said 10-06 10:00
    maintenance m1 kind=camera 10-07 01:00 02:00 said 10-01 01:00
    maintenance m2 kind=server 10-07 01:00 02:00 said 10-01 01:00
    """)
    assert [each.claim.id for each in ruled_claims(analysis, OCTOBER, "cam")] == ["c1"]
    assert [each.work.id for each in judged_maintenance(analysis, OCTOBER, "box")] == ["m2"]
    assert [each.work.id for each in judged_maintenance(analysis, OCTOBER)] == ["m1", "m2"]


@pytest.mark.parametrize(
    ("said", "excuses"),
    [
        ("said 10-01 01:00", "yes"),
        ("said 10-02 00:30", "late"),  # an hour and a half before; two hours are agreed
        ("said 10-02 00:00", "yes"),  # exactly two hours before
        ("said 10-01 01:00 unapproved", "unapproved"),
        ("said 10-02 01:30 unapproved", "unapproved"),
    ],
)
def test_maintenance_excuses_if_it_was_approved_and_announced_in_time(said, excuses):
    analysis = analysis_of(f"maintenance m1 kind=camera 10-02 02:00 04:00 {said}\n", notice="2h")
    (found,) = judged_maintenance(analysis, OCTOBER)
    assert found.excuses == excuses


def test_what_the_allowance_has_used_up_excuses_nothing():
    """Three hours a month: m1 takes two, m2 the third hour of its two, m3 nothing; November begins anew."""
    analysis = analysis_of(
        """
    maintenance m1 kind=camera 10-02 02:00 04:00 said 10-01 01:00
    maintenance m2 kind=camera 10-03 02:00 04:00 said 10-01 01:00
    maintenance m3 kind=camera 10-04 02:00 04:00 said 10-01 01:00
    maintenance m4 kind=camera 11-01 02:00 04:00 said 10-01 01:00
    """,
        allowance="3h",
    )
    whole = judged_maintenance(analysis, (OCTOBER[0], at("11-02 00:00")))
    assert [each.excuses for each in whole] == ["yes", "yes", "over", "yes"]
    both = analysis.excuses.maintained("cam")
    assert [sum(end - begin for begin, end in spans) for spans in both] == [8 * HOUR, 5 * HOUR]


def test_maintenance_of_several_assets_excuses_if_any_of_them_has_allowance_left():
    """m1 uses up cam's hour; m2 is of both, and box has its hour still."""
    analysis = analysis_of(
        """
    maintenance m1 ids=cam 10-02 02:00 03:00 said 10-01 01:00
    maintenance m2 ids=cam,box 10-03 02:00 03:00 said 10-01 01:00
    """,
        allowance="1h",
    )
    assert [each.excuses for each in judged_maintenance(analysis, OCTOBER)] == ["yes", "yes"]
    assert [each.excuses for each in judged_maintenance(analysis, OCTOBER, "cam")] == ["yes", "over"]
    assert [each.excuses for each in judged_maintenance(analysis, OCTOBER, "box")] == ["yes"]


def test_maintenance_of_no_asset_is_told_as_it_was_announced():
    analysis = analysis_of("maintenance m1 kind=tower 10-02 02:00 03:00 said 10-01 01:00\n", allowance="0s")
    assert [each.excuses for each in judged_maintenance(analysis, OCTOBER)] == ["yes"]
