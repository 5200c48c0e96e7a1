"""Laws of judging that hold whatever the evidence: order, repetition, as_of, months that add up, settlement."""

from __future__ import annotations

import json
import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.contract.calendars import month_span
from sla.evidence.instants import format_instant
from sla.evidence.intervals import clip
from sla.evidence.lines import read_lines
from sla.evidence.records import Reading, Settled
from sla.history.settlements import PARTIES
from sla.judge.judge import judge
from sla.measure.analysis import Analysis
from sla.measure.ratios import Times
from sla.obligations.availability import times_of
from sla.reports.json.month import to_json
from tests.support.timelines import (
    DAY,
    HOUR,
    ZONE,
    at,
    availability,
    calendar,
    contract,
    evidence_of,
    inspection,
    json_lines,
    records,
    repair,
)

BEGIN, END = at("08-01 00:00"), at("11-01 00:00")
MONTHS = ("2026-08", "2026-09", "2026-10")
PLACE = """
asset link link
asset cam camera behind=link
asset spare camera behind_any=link,cam
check link/icmp 6h reach critical
check cam/rtsp 6h
check spare/icmp 4h reach minor
"""
CONTRACT = contract(
    availability("95%", deduct={"per": "1%", "amount": "10"}, points="40", lose={"per": "1%", "amount": "1"}),
    availability("90%", id="A2", measure="each", calendar="office", deduct={"amount_each": "7"}),
    repair("4h", deduct={"per_started": "5h", "amount": "3"}, points="40", lose={"per_breach": "2"}),
    repair("2h", id="R2", stage="respond", clock="notified", deduct={"per_breach": "5"}),
    repair("20h", id="R3", stage="arrive", calendar="office", deduct={"per_started": "1h", "amount": "1"}),
    inspection("week", deduct={"per_missed": "9", "per_asset": "1"}, grace="12h"),
    term="2026-08-01 2026-10-31",
    fee="30000.01",
    deduction_cap="20%",
    notice="24h",
    allowance="30h",
    bands=[("90", "优", "100%"), ("80", "良", "90%"), ("0", "差", "50%")],
    calendars={"office": calendar("08:00-18:00", "workdays", "CN")},
    stable_for="12h",
    settle="1h",
)

hours = st.integers(-48, 100 * 24).map(lambda hour: BEGIN + hour * HOUR)
stretches = st.lists(
    st.tuples(st.sampled_from(["ok", "ok", "ok", "fail", "none", "gap"]), st.integers(1, 60)), max_size=12
)


def _looks(check: str, step: int, found) -> list[Reading]:
    readings, when = [], BEGIN - DAY
    for seen, count in found:
        if seen != "gap":
            readings += [Reading(check=check, at=when + n * step, outcome=seen) for n in range(count)]
        when += count * step
    return readings


def _record(kind: str, when: int, length: int, number: int) -> str:
    first, last = (format_instant(each) for each in (when, when + length * HOUR))
    said = format_instant(when - length * HOUR)
    return {
        "notified": f"notified link/icmp {first}",
        "acknowledged": f"acknowledged cam/rtsp {first}",
        "arrived": f"arrived link/icmp {last}",
        "claim": f"claim c{number} link {first} {last} power said {last} accepted {last}",
        "maintenance": f"maintenance m{number} kind=camera {first} {last} said {said}",
        "inspection": f"inspection i{number} I1 link,cam,spare {first}",
    }[kind]


KINDS = ("notified", "acknowledged", "arrived", "claim", "maintenance", "inspection")
others = st.lists(st.tuples(st.sampled_from(KINDS), hours, st.integers(1, 90)), max_size=8).map(
    lambda found: records(PLACE + "\n".join(_record(*each, number) for number, each in enumerate(found)))
)
evidences = st.builds(
    lambda said, link, cam, spare: [
        *said,
        *_looks("link/icmp", 6 * HOUR, link),
        *_looks("cam/rtsp", 6 * HOUR, cam),
        *_looks("spare/icmp", 4 * HOUR, spare),
    ],
    others,
    stretches,
    stretches,
    stretches,
)
ENOUGH = settings(max_examples=60, deadline=None)


def written(evidence, month: str, as_of: int) -> str:
    return json.dumps(to_json(judge(CONTRACT, evidence, month, as_of)), ensure_ascii=False)


@given(evidences, st.sampled_from(MONTHS), hours, st.randoms(use_true_random=False))
@ENOUGH
def test_the_order_of_evidence_lines_is_of_no_matter(told, month, as_of, chance):
    lines = json_lines(told)
    shuffled = list(lines)
    chance.shuffle(shuffled)
    one, other = read_lines(lines, "a"), read_lines(shuffled, "b")
    assert written(one, month, as_of) == written(other, month, as_of)


@given(evidences, st.sampled_from(MONTHS), hours)
@ENOUGH
def test_a_record_said_twice_counts_once(told, month, as_of):
    lines = json_lines(told)
    assert written(read_lines(lines, "a"), month, as_of) == written(read_lines(lines * 2, "b"), month, as_of)


@given(evidences, st.sampled_from(MONTHS), hours)
@ENOUGH
def test_judging_twice_gives_the_same_bytes(told, month, as_of):
    evidence = evidence_of(told)
    assert written(evidence, month, as_of) == written(evidence, month, as_of)


@given(evidences, st.sampled_from(MONTHS), hours)
@ENOUGH
def test_what_is_said_after_as_of_is_of_no_matter(told, month, as_of):
    def is_known(record) -> bool:
        return getattr(record, "announced_at", getattr(record, "at", as_of)) <= as_of

    known = [record for record in told if is_known(record)]
    said = {record.id for record in known if type(record).__name__ == "Claim"}
    known = [record for record in known if type(record).__name__ != "Ruling" or record.claim in said]
    assert written(evidence_of(told), month, as_of) == written(evidence_of(known), month, as_of)


@given(evidences, hours)
@ENOUGH
def test_the_availability_of_a_terms_months_adds_up_to_that_of_the_term(told, as_of):
    analysis = Analysis(CONTRACT, evidence_of(told), as_of)
    for clause in CONTRACT.obligations[:2]:
        whole = clip(analysis.calendar(clause.calendar).spans(BEGIN, END), BEGIN, min(END, as_of))
        for asset in ("link", "cam", "spare"):
            parts = (times_of(asset, analysis.service_time(month, clause), analysis) for month in MONTHS)
            assert sum(parts, Times(0, 0, 0, 0)) == times_of(asset, whole, analysis)


@given(evidences, hours)
@ENOUGH
def test_the_repair_deductions_of_a_terms_months_bill_each_unit_once(told, as_of):
    evidence = evidence_of(told)
    found = [judge(CONTRACT, evidence, month, as_of).obligations for month in MONTHS]
    for place, unit, amount in ((2, 5 * HOUR, 3), (4, HOUR, 1)):
        billed = sum(result[place].deduction for result in found)
        own = [item for result in found for item in result[place].items if not item.carried]
        limit = CONTRACT.obligations[place].limit
        owed = sum(-((limit - item.elapsed) // unit) * amount for item in own if item.verdict == "breached")
        assert billed == owed


@given(evidences, hours)
@ENOUGH
def test_every_incident_is_tested_in_one_month_only(told, as_of):
    evidence = evidence_of(told)
    found = [judge(CONTRACT, evidence, month, as_of).obligations for month in MONTHS]
    for place in (2, 3, 4):
        tested = [
            (item.check, item.detected)
            for result in found
            for item in result[place].items
            if item.verdict != "pending" and not item.carried
        ]
        assert len(tested) == len(set(tested))


@given(evidences, st.lists(st.integers(0, 60 * 24), min_size=3, max_size=3))
@settings(max_examples=25, deadline=None)
def test_what_is_paid_in_all_is_what_all_months_are_worth_now(told, delays):
    """SPEC §9: nothing is lost between two reports, and none is rewritten. Both parties sign each month in turn."""
    paid, as_of = Decimal(0), BEGIN
    settlements: list[Settled] = []
    for month, delay in zip(MONTHS, delays, strict=True):
        as_of = max(as_of, month_span(month, ZONE)[1]) + delay * HOUR
        payment = judge(CONTRACT, evidence_of([*told, *settlements]), month, as_of).payment
        paid += payment.due
        settlements += [
            Settled(month=month, payable=payment.payable, adjustment=payment.adjustment, at=as_of, party=party)
            for party in PARTIES
        ]
        now = sum(
            judge(CONTRACT, evidence_of(told), each, as_of).payment.payable
            for each in MONTHS[: MONTHS.index(month) + 1]
        )
        assert paid == now


@given(evidences, st.sampled_from(MONTHS), hours)
@ENOUGH
def test_money_stays_in_its_bounds(told, month, as_of):
    payment = judge(CONTRACT, evidence_of(told), month, as_of).payment
    assert 0 <= payment.deductions <= payment.fee / 5 + Decimal("0.01")
    assert 0 <= payment.low <= payment.payable <= payment.high <= payment.fee
    assert payment.payable <= payment.earned <= payment.fee


def test_the_monthly_fees_add_up_to_the_total():
    evidence = evidence_of(records(PLACE))
    fees = [judge(CONTRACT, evidence, month, BEGIN).payment.fee for month in MONTHS]
    assert fees == [Decimal("10000.00"), Decimal("10000.00"), Decimal("10000.01")]


def test_shuffling_is_seen_to_matter_where_it_should():
    """The negative control of the law on order: other lines, not the same in another order, do change bytes."""
    lines = json_lines(records(PLACE + "link/icmp 08-01 00:00 ok 10-31 00:00"))
    fewer = random.Random(1).sample(lines[6:], 10) + lines[:6]
    assert written(read_lines(lines, "a"), MONTHS[0], END) != written(read_lines(fewer, "b"), MONTHS[0], END)
