"""Excused time of an asset (SPEC §4), with the arithmetic beside each timeline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.contract.model import MaintenanceRule
from sla.evidence.intervals import intersection, measure, normal
from sla.evidence.records import Maintenance, Scope
from sla.history.known import known
from sla.measure.analysis import Analysis
from sla.measure.excuses import (
    Approvals,
    accepted_claims,
    counts_as_maintenance,
    standing_rulings,
    within_allowance,
)
from tests.support.timelines import DAY, HOUR, ZONE, at, availability, contract, evidence

CAM = "asset cam camera\n"
CLAIM = "claim c1 cam 09-30 00:00 09-30 01:00 power said 09-30 02:00\n"


def known_of(text, as_of="10-31 24:00"):
    return known(evidence(CAM + text), contract(availability()), at(as_of))


@pytest.mark.parametrize(
    ("rulings", "stands"),
    [
        ((), False),
        (["c1 accepted 10-01 00:00"], True),
        (["c1 rejected 10-01 00:00"], False),
        (["c1 accepted 10-01 00:00", "c1 rejected 10-02 00:00"], False),
        (["c1 accepted 10-02 00:00", "c1 rejected 10-01 00:00"], True),
        (["another accepted 10-01 00:00"], False),
        (["c1 accepted 09-30 01:59"], False),  # ruled before it was claimed
        (["c1 rejected 10-02 00:00", "c1 accepted 10-01 00:00 recorded 10-03 00:00"], True),  # the last by R
    ],
)
def test_a_claim_is_accepted_if_the_last_ruling_on_it_accepts(rulings, stands):
    found = known_of(CLAIM + "".join(f"ruling {each}\n" for each in rulings))
    assert [each.id for each in accepted_claims(found, standing_rulings(found))] == (["c1"] if stands else [])


@given(st.permutations(["accepted 10-01 00:00", "rejected 10-02 00:00", "accepted 10-03 00:00"]))
def test_the_order_in_which_rulings_come_is_of_no_matter(rulings):
    found = standing_rulings(known_of(CLAIM + "".join(f"ruling c1 {each}\n" for each in rulings)))
    assert found["c1"].ruling.at == at("10-03 00:00")


def work(said, approved=True, recorded=None):
    return Maintenance(
        id="m",
        scope=Scope(),
        begin=at("10-10 08:00"),
        end=at("10-10 10:00"),
        announced_at=at(said),
        approved=approved,
        recorded_at=recorded and at(recorded),
    )


@pytest.mark.parametrize(
    ("maintenance", "notice", "counts"),
    [
        (work("10-09 08:00"), DAY, True),  # announced exactly a day before
        (work("10-09 08:01"), DAY, False),
        (work("10-11 08:00"), None, True),  # afterwards, where no notice is asked
        (work("10-09 08:00", approved=False), DAY, False),
        (work("10-09 08:00", approved=False), None, False),
        (work("10-01 08:00", recorded="10-09 08:00"), DAY, True),
        (work("10-01 08:00", recorded="10-09 08:01"), DAY, False),  # said to be announced before it was told
    ],
)
def test_maintenance_counts_if_approved_and_announced_in_time(maintenance, notice, counts):
    nobody = Approvals(frozenset(), frozenset())
    assert counts_as_maintenance(maintenance, MaintenanceRule(notice=notice), nobody) is counts


def test_maintenance_that_a_record_approves_counts():
    approved = Approvals(frozenset({"m"}), frozenset())
    assert counts_as_maintenance(work("10-09 08:00", approved=False), MaintenanceRule(), approved)


def span(begin, end):
    return at(begin), at(end)


def test_the_allowance_is_used_up_from_the_month_s_beginning():
    spans = normal([span("10-02 00:00", "10-02 03:00"), span("10-05 00:00", "10-05 03:00")])
    # 4 h: all of the first, one hour of the second
    assert within_allowance(spans, 4 * HOUR, ZONE) == (
        span("10-02 00:00", "10-02 03:00"),
        span("10-05 00:00", "10-05 01:00"),
    )


def test_each_month_has_an_allowance_of_its_own():
    spans = (span("10-31 20:00", "11-01 04:00"),)
    assert within_allowance(spans, 2 * HOUR, ZONE) == (
        span("10-31 20:00", "10-31 22:00"),
        span("11-01 00:00", "11-01 02:00"),
    )


def test_without_an_allowance_all_of_it_counts_and_with_none_at_all_nothing():
    spans = (span("10-02 00:00", "10-20 00:00"),)
    assert within_allowance(spans, None, ZONE) == spans
    assert within_allowance(spans, 0, ZONE) == ()


@given(st.lists(st.tuples(st.integers(0, 80 * 24), st.integers(1, 200)), max_size=8), st.integers(0, 60))
def test_no_month_has_more_than_its_allowance_and_nothing_is_invented(hours, allowance):
    begin = at("10-01 00:00")
    spans = normal((begin + first * HOUR, begin + (first + long) * HOUR) for first, long in hours)
    kept = within_allowance(spans, allowance * HOUR, ZONE)
    assert intersection(kept, spans) == kept
    for month in (span("10-01 00:00", "11-01 00:00"), span("11-01 00:00", "12-01 00:00")):
        asked = measure(intersection(spans, (month,)))
        assert measure(intersection(kept, (month,))) == min(asked, allowance * HOUR)


CUT_OFF = """
asset link link
asset cam camera behind=link
check link/icmp 1h critical reach
check cam/icmp 1h critical reach
link/icmp 10-01 00:00 ok 10-10 08:00 fail 10-10 12:00 ok 10-12 00:00
cam/icmp 10-01 00:00 ok 10-10 08:00 fail 10-10 14:00 ok 10-12 00:00
"""


def excuses(more=""):
    return Analysis(contract(availability()), evidence(CUT_OFF + more), at("10-31 24:00")).excuses


def test_nobody_is_excused_without_maintenance_or_claim():
    found = excuses()
    assert (found.of("link"), found.of("cam"), found.of("nobody")) == ((), (), ())


def test_what_hangs_on_an_excused_asset_is_excused_while_it_is_cut_off():
    found = excuses("maintenance m1 ids=link 10-10 07:00 10-10 11:30 said 10-01 00:00\n")
    assert found.own("link") == (span("10-10 07:00", "10-10 11:30"),)
    assert found.own("cam") == ()
    # the link is changing from its last ok at 07:00 on (SPEC §3), and excused until 11:30
    assert found.following("cam") == (span("10-10 07:00", "10-10 11:30"),)
    assert found.of("cam") == found.following("cam")


def test_a_claim_excuses_its_asset_only_after_it_was_accepted():
    claim = "claim c1 cam 10-10 12:00 10-10 14:00 power said 10-11 00:00"
    assert excuses(claim + "\n").of("cam") == ()
    assert excuses(claim + " rejected 10-12 00:00\n").of("cam") == ()
    assert excuses(claim + " accepted 10-12 00:00\n").of("cam") == (span("10-10 12:00", "10-10 14:00"),)


def test_what_overlaps_is_excused_once():
    found = excuses(
        "maintenance m1 ids=cam 10-10 11:00 10-10 13:00 said 10-01 00:00\n"
        "claim c1 cam 10-10 12:00 10-10 14:00 power said 10-11 00:00 accepted 10-12 00:00\n"
    )
    assert found.of("cam") == (span("10-10 11:00", "10-10 14:00"),)
