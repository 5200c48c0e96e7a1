"""What truth is filled into the unknown stays inside the range of each further kind (docs/obligations.md §0, Range).

A world is looked at with holes; then somebody else looks into the holes, one reading an interval at most, and each
clause has to cost no less than its `least` and no more than its `most` of the world with the holes.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.evidence.records import Asset, Check, Claim, Delivered, Reading, Ruling, Scored
from sla.judge.judge import judge
from tests.support.clauses import HASH, clause
from tests.support.timelines import DAY, HOUR, at, calendar, contract, evidence_of

BEGIN, END = at("2026-10-01 00:00"), at("2026-10-11 00:00")
"""Holes are looked into in these days; the term ends with the month."""
POINTS = {"points": "20"}
CLAUSES = (
    clause("quality", id="Q1", metric="m", at_most=5, share="80%", deduct={"per": "1%", "amount": "3"},
           lose={"per": "10%", "amount": "1"}, **POINTS),
    clause("quality", id="Q2", metric="m", at_least=3, percentile=70, measure="each", calendar="day",
           deduct={"per_unit": "1", "amount": "5", "cap": "90"}),
    clause("quality", id="Q3", metric="m", at_most=5, share="60%", measure="each", checks="x",
           deduct={"amount_each": "4"}, lose={"amount_each": "1"}, **POINTS),
    clause("repeat", id="F1", within="3d", repeats=1, deduct={"per_breach": "7", "cap_each": "100"}),
    clause("repeat", id="F2", within="5d", repeats=0, scope={"severity": "critical"}, deduct={"per_breach": "2"},
           lose={"per_breach": "1"}, **POINTS),
    clause("online", id="O1", at=["08:00", "20:00"], target="90%", worst_day="50%", scope={"kind": "camera"},
           deduct={"per": "1%", "amount": "1", "per_day": "2"}, lose={"per_day": "1"}, **POINTS),
)  # fmt: skip


def contracts(draw):
    return contract(
        *CLAUSES,
        term="2026-10-01 2026-10-31",
        calendars={"day": calendar("06:00-22:00")},
        stable_for=draw(st.sampled_from(["30m", "2h", "5h"])),
        settle=draw(st.sampled_from(["0s", "2m", "3h"])),
        ignore_shorter=draw(st.sampled_from(["0s", "0s", "90m", "4h"])),
        doubt=draw(st.sampled_from(["vendor", "customer", "split"])),
        max_gap=draw(st.sampled_from(["1", "3"])),
        min_coverage=draw(st.sampled_from(["10%", "60%", "95%"])),
        unknown=draw(st.sampled_from(["exclude", "up", "down"])),
    )


VALUES = (None, 0, 2, 2.5, 4.5, 5, 5.1, 9, 30)


def reading(random, failing, check, hour):
    value, outcome = random.choice(VALUES), "fail" if random.random() < failing else "ok"
    return Reading(
        check=check, at=BEGIN + hour * HOUR, outcome=outcome, metrics={} if value is None else {"m": value}
    )


@st.composite
def worlds(draw):
    """(contract, definitions and claims, readings that were made, readings that somebody else made in the holes)."""
    what, share = contracts(draw), draw(st.sampled_from([0.1, 0.5, 1]))
    said = [
        Asset(id="link", kind="link"),
        Asset(id="a", kind="camera", behind=("link",)),
        Asset(id="b", kind="camera", begin=draw(st.none() | st.just(BEGIN + 20 * HOUR))),
        Check(id="link/x", asset="link", interval_ms=HOUR, reach=True, severity="minor"),
        Check(id="a/x", asset="a", interval_ms=HOUR, severity="critical"),
        Check(id="a/y", asset="a", interval_ms=HOUR, reach=True, counts=draw(st.booleans()), severity="minor"),
        Check(id="b/x", asset="b", interval_ms=HOUR, counts=draw(st.booleans()), severity="critical"),
    ]
    if draw(st.booleans()):
        begin = BEGIN + draw(st.integers(0, 200)) * HOUR
        said.append(Claim(id="c", asset="b", begin=begin, end=begin + draw(st.integers(1, 60)) * HOUR, cause="power",
                          at=begin + 60 * HOUR))  # fmt: skip
        said.append(Ruling(claim="c", accepted=True, at=begin + 61 * HOUR))
    made, filled = [], []
    gap = int(what.measurement.max_gap)
    for check in ("link/x", "a/x", "a/y", "b/x"):
        hour, before = draw(st.integers(-3, 40)), None
        while hour < (END - BEGIN) // HOUR:
            for _ in range(draw(st.integers(1, 40))):
                made.append((check, hour))
                if before is None or hour - before > gap:
                    filled += [(check, n) for n in range(-3 if before is None else before + 1, hour)]
                before, hour = hour, hour + 1
            hour += draw(st.sampled_from([0, 1, 2, 3, 5, 30]))
        if before is not None:
            filled += [(check, n) for n in range(before + 1, (END - BEGIN) // HOUR)]
    failing = draw(st.sampled_from([0, 0, 0.02, 0.3]))
    random = Random(draw(st.integers(0, 1 << 32)))
    seen = [reading(random, failing, *each) for each in made]
    return what, said, seen, [reading(random, 0.3, *each) for each in filled if random.random() < share]


thorough = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@thorough
@given(worlds())
def test_what_is_filled_into_the_unknown_stays_inside_the_range(world):
    what, said, seen, filled = world
    blind = judge(what, evidence_of([*said, *seen]), "2026-10", END)
    truth = judge(what, evidence_of([*said, *seen, *filled]), "2026-10", END)
    for before, after in zip(blind.obligations, truth.obligations, strict=True):
        assert before.least.deduction <= after.deduction <= before.most.deduction, before.obligation.id
        assert before.least.lost <= after.lost <= before.most.lost, before.obligation.id


@thorough
@given(worlds())
def test_the_range_holds_what_is_deducted_and_what_is_payable(world):
    what, said, seen, _ = world
    judgement = judge(what, evidence_of([*said, *seen]), "2026-10", END)
    for each in judgement.obligations:
        assert each.least.deduction <= each.deduction <= each.most.deduction
        assert each.least.lost <= each.lost <= each.most.lost
    assert judgement.payment.low <= judgement.payment.payable <= judgement.payment.high


PENDING = (
    clause("report", id="D1", due=3, grace="2d", due_in="same", calendar="day",
           deduct={"per_missed": "10", "per_late": "2", "per_day": "5"},
           lose={"per_missed": "1", "per_day": "2"}, points="9"),
    clause("manual", id="M1", target="90%", grace="9d", deduct={"per": "1%", "amount": "3", "cap": "200"},
           lose={"per": "10%", "amount": "1"}, points="5"),
)  # fmt: skip
WITH_PENDING = contract(*PENDING, term="2026-10-01 2026-10-31", calendars={"day": calendar("06:00-22:00")})


@thorough
@given(st.integers(0, 9 * 24), st.none() | st.integers(0, 9 * 24), st.none() | st.integers(0, 100), st.integers(0, 8))
def test_what_is_handed_in_later_stays_inside_the_range(now, delivered_at, score, days):
    """Nothing is recorded at `now`; then it turns out what was, or is, handed in."""
    as_of = BEGIN + now * HOUR
    blind = judge(WITH_PENDING, evidence_of([]), "2026-10", as_of)
    later = []
    if delivered_at is not None:
        later.append(Delivered(id="d", plan="D1", month="2026-10", at=BEGIN + delivered_at * HOUR))
    if score is not None:
        when = at("2026-11-01 00:00") + days * DAY
        later.append(Scored(plan="M1", month="2026-10", score=Decimal(score), of=Decimal(100), reason="r",
                            sha256=HASH, at=when))  # fmt: skip
    truth = judge(WITH_PENDING, evidence_of(later), "2026-10", at("2026-12-01 00:00"))
    for before, after in zip(blind.obligations, truth.obligations, strict=True):
        if before.may_score or before.verdict == "not_assessable":
            assert before.least.deduction <= after.deduction <= before.most.deduction
            assert before.least.lost <= after.lost <= before.most.lost
