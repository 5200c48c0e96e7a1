"""Laws of the further obligation kinds (docs/obligations.md), whatever the evidence.

Worlds are small and adversarial: two cameras behind a link, readings with a metric, maintenance, claims, documents,
diagnoses, swaps and scores at any instants around the month.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.evidence.lines import read_lines
from sla.evidence.records import (
    Check,
    Claim,
    Delivered,
    Diagnosed,
    Maintenance,
    Reading,
    Replaced,
    Ruling,
    Scope,
    Scored,
)
from sla.judge.judge import judge, overall
from sla.reports import written_json
from tests.support.clauses import HASH, clause
from tests.support.timelines import DAY, HOUR, at, calendar, contract, evidence_of, json_lines, records

BEGIN, END = at("2026-10-01 00:00"), at("2026-12-01 00:00")
ASSETS = records("asset link link\nasset a camera behind=link\nasset b camera")
OFFICE = {"office": calendar("08:00-18:00", "workdays", "CN")}
CLAUSES = (
    clause("quality", id="Q1", metric="m", at_most=5, share="80%", deduct={"per": "1%", "amount": "3"}),
    clause("quality", id="Q2", metric="m", at_least=2, percentile=90, measure="each", calendar="office",
           deduct={"per_unit": "1", "amount": "5", "cap": "50"}),
    clause("repeat", id="F1", within="5d", repeats=0, deduct={"per_breach": "7"}),
    clause("online", id="O1", at=["08:00", "20:00"], target="90%", worst_day="50%",
           deduct={"per": "1%", "amount": "1", "per_day": "2"}),
    clause("report", id="D1", due=3, grace="2d", deduct={"per_missed": "10", "per_day": "1"}),
    clause("replace", id="S1", limit="3d", deduct={"per_started": "1d", "amount": "2", "cap_each": "30"}),
    clause("manual", id="M1", target="90%", grace="3d", deduct={"per": "1%", "amount": "1"}),
)  # fmt: skip
CONTRACT = contract(
    *CLAUSES, term="2026-10-01 2026-11-30", calendars=OFFICE, stable_for="30m", max_gap="3", min_coverage="20%"
)
MONTHS = ("2026-10", "2026-11")

instants = st.integers(BEGIN // HOUR - 48, END // HOUR + 48).map(lambda hour: hour * HOUR)
values = st.sampled_from([0, 1, 2, 4.5, 5, 5.1, 9])


@st.composite
def readings_of(draw, check):
    found, hour = [], draw(st.integers(BEGIN // HOUR - 30, BEGIN // HOUR + 30))
    for _ in range(draw(st.integers(0, 6))):
        outcome, value = draw(st.sampled_from(["ok", "ok", "fail", "none"])), draw(st.none() | values)
        for _ in range(draw(st.integers(1, 24) | st.integers(100, 400))):
            metrics = {} if value is None else {"m": value}
            found.append(Reading(check=check, at=hour * HOUR, outcome=outcome, metrics=metrics))
            hour += 1
        hour += draw(st.sampled_from([0, 0, 0, 2, 3, 40]))
    return found


@st.composite
def worlds(draw):
    interval = {"interval_ms": HOUR}
    found = [
        Check(id="link/x", asset="link", reach=True, **interval),
        Check(id="a/x", asset="a", **interval),
        Check(id="b/x", asset="b", counts=draw(st.booleans()), **interval),
    ]
    for check in ("link/x", "a/x", "b/x"):
        found += draw(readings_of(check))
    for n in range(draw(st.integers(0, 2))):
        begin = draw(instants)
        found.append(Claim(id=f"c{n}", asset=draw(st.sampled_from("ab")), begin=begin, end=begin + draw(st.integers(1, 60)) * HOUR,
                           cause="power", at=begin + HOUR))  # fmt: skip
        found.append(Ruling(claim=f"c{n}", accepted=draw(st.booleans()), at=begin + 2 * HOUR))
    if draw(st.booleans()):
        begin = draw(instants)
        found.append(
            Maintenance(
                id="m", scope=Scope(), begin=begin, end=begin + 5 * HOUR, announced_at=begin - DAY, approved=True
            )
        )
    for n, when in enumerate(draw(st.lists(instants, max_size=3))):
        found.append(Delivered(id=f"d{n}", plan="D1", month=draw(st.sampled_from(MONTHS)), at=when))
    for n, when in enumerate(draw(st.lists(instants, max_size=3))):
        found.append(Diagnosed(id=f"x{n}", asset=draw(st.sampled_from("ab")), at=when))
        if draw(st.booleans()):
            found.append(Replaced(diagnosis=f"x{n}", at=when + draw(st.integers(-5, 400)) * HOUR))
    for when in draw(st.lists(instants, max_size=3, unique=True)):
        score = Decimal(draw(st.integers(0, 100)))
        month = draw(st.sampled_from(MONTHS))
        found.append(Scored(plan="M1", month=month, score=score, of=Decimal(100), reason="r", sha256=HASH, at=when))
    return found


as_ofs = st.sampled_from([END + 40 * DAY]) | instants
few = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def judged(world, month="2026-10", as_of=END + 40 * DAY, what=CONTRACT):
    return judge(what, evidence_of([*ASSETS, *world]), month, as_of)


@few
@given(worlds(), st.randoms(use_true_random=False), as_ofs)
def test_the_order_of_evidence_is_of_no_matter_and_a_file_gives_the_same_bytes(world, random, as_of):
    shuffled = [*ASSETS, *world]
    random.shuffle(shuffled)
    straight = judged(world, as_of=as_of)
    assert written_json(judge(CONTRACT, evidence_of(shuffled), "2026-10", as_of)) == written_json(straight)
    from_file = judge(CONTRACT, read_lines(json_lines(shuffled), "e"), "2026-10", as_of)
    assert written_json(from_file) == written_json(straight)


@few
@given(worlds(), instants)
def test_what_is_said_after_as_of_changes_nothing(world, as_of):
    def said_at(record):
        return record.announced_at if isinstance(record, Maintenance) else getattr(record, "at", as_of)

    claims = {each.id for each in world if isinstance(each, Claim) and each.at <= as_of}
    diagnoses = {each.id for each in world if isinstance(each, Diagnosed) and each.at <= as_of}
    known = [
        each
        for each in world
        if said_at(each) <= as_of
        and (not isinstance(each, Ruling) or each.claim in claims)
        and (not isinstance(each, Replaced) or each.diagnosis in diagnoses)
    ]
    assert written_json(judged(known, as_of=as_of)) == written_json(judged(world, as_of=as_of))


@few
@given(worlds(), as_ofs, st.sampled_from(MONTHS))
def test_every_figure_lies_where_it_must(world, as_of, month):
    found = judged(world, month, as_of)
    for each in found.obligations:
        assert each.value is None or 0 <= each.value <= 1
        assert each.deduction >= 0
        assert (
            (each.verdict in ("met", "breached"))
            or each.obligation.id == "O1"
            or each.deduction == 0
            or each.obligation.id == "S1"
        )
        if each.low is not None and each.obligation.id == "Q1":
            assert each.low <= each.high
            assert each.value is None or each.low <= each.value <= each.high
        if each.verdict == "met" and each.certain and each.obligation.id in ("Q1", "O1"):
            assert each.low >= (each.obligation.share if each.obligation.id == "Q1" else each.obligation.target)
    assert found.verdict == overall(each.verdict for each in found.obligations)


@few
@given(worlds())
def test_overtime_of_two_months_together_is_billed_once(world):
    """Each breached diagnosis costs its started days, at most 30, in October and November together."""
    both = [judged(world, month) for month in MONTHS]
    spent = sum(each.deduction for month in both for each in month.obligations if each.obligation.id == "S1")
    items = {
        item.diagnosis: item
        for month in both
        for each in month.obligations
        if each.obligation.id == "S1"
        for item in each.items
        if item.verdict == "breached"
    }
    limit = 3 * DAY
    assert spent == sum(min(30, 2 * -((limit - item.elapsed) // DAY)) for item in items.values())


@few
@given(worlds())
def test_nothing_that_hangs_on_readings_is_met_without_any(world):
    blind = [each for each in world if not isinstance(each, Reading)]
    verdicts = {each.obligation.id: each.verdict for each in judged(blind).obligations}
    assert all(verdicts[name] in ("not_assessable", "not_applicable") for name in ("Q1", "Q2", "F1", "O1"))


@few
@given(worlds(), st.integers(0, 10_000))
def test_a_better_reading_never_makes_quality_worse(world, number):
    """Lowering a value of an `at_most` metric keeps or improves value, verdict and deduction."""
    places = [n for n, each in enumerate(world) if isinstance(each, Reading) and each.metrics]
    if not places:
        return
    place = places[number % len(places)]
    better = [*world]
    better[place] = replace(world[place], metrics={"m": 0})
    one, other = (next(e for e in judged(each).obligations if e.obligation.id == "Q1") for each in (world, better))
    assert (one.value is None) == (other.value is None)
    assert one.value is None or other.value >= one.value
    assert other.deduction <= one.deduction


@few
@given(worlds())
def test_percentile_and_share_agree(world):
    pair = (
        clause("quality", id="P", metric="m", at_most=5, percentile=80),
        clause("quality", id="Q", metric="m", at_most=5, share="80%"),
    )
    what = contract(*pair, term="2026-10-01 2026-11-30", max_gap="3", min_coverage="20%")
    one, other = judged(world, what=what).obligations
    assert (one.verdict, one.value, one.certain) == (other.verdict, other.value, other.certain)
    if one.verdict in ("met", "breached"):
        assert (one.measured <= 5) == (one.value >= Fraction(4, 5)) == (one.verdict == "met")


@pytest.mark.parametrize("month", MONTHS)
def test_an_empty_history_is_judged(month):
    found = judged([], month)
    assert {each.obligation.id for each in found.obligations if each.verdict == "met"} == set()
