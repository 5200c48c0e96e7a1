"""Laws of the measure on random small worlds (`tests/support/worlds/worlds.py`), through the files that `sla-check` reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from random import Random

import pytest

from sla.contract.clauses.repair import RepairClause
from sla.contract.file import read_contract
from sla.evidence.file import read_evidence
from sla.evidence.intervals import clip, union
from sla.incidents.fold import IncidentFold
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.measure.grounds import Grounds
from sla.measure.ratios import Times
from sla.obligations.availability import times_of
from tests.support.sla_check import sla_check_world
from tests.support.slow.instants import instant, shown
from tests.support.slow.world import said_at
from tests.support.worlds.worlds import World, random_world

SEEDS = range(20_000, 20_030)
every_world = pytest.mark.parametrize("seed", SEEDS)


def loaded(world: World, folder):
    """The world's contract and evidence, read from files."""
    contract, evidence = folder / "contract.toml", folder / "evidence.jsonl"
    contract.write_text(world.contract_text, encoding="utf-8")
    evidence.write_text(world.evidence_text, encoding="utf-8")
    return read_contract(contract), read_evidence(evidence)


def seen_in_order(world: World) -> list[tuple[int, str, bool]]:
    """(at, check, ok) of every reading that says something, as an agent meets them: fail before ok at one instant."""
    found: dict[tuple[int, str], bool] = {}
    for record in world.records:
        if record["type"] == "reading" and record["outcome"] != "none":
            place = instant(record["at"]), record["check"]
            found[place] = found.get(place, True) and record["outcome"] == "ok"
    return sorted((at, check, ok) for (at, check), ok in found.items())


@every_world
def test_incidents_met_live_are_those_found_in_hindsight_at_any_cut(seed, tmp_path):
    world, random = random_world(seed), Random(seed)
    contract, evidence = loaded(world, tmp_path)
    fold = IncidentFold(evidence.assets, evidence.checks, contract.measurement)
    readings = seen_in_order(world)
    cuts = set(random.sample(range(len(readings)), min(len(readings), 6)))
    for place, (at, check, ok) in enumerate(readings):
        fold.observe(check, at, ok=ok)
        if place in cuts and (place + 1 == len(readings) or readings[place + 1][0] > at):
            fold.changed()
            replayed = Analysis(contract, evidence, at).detection
            assert {c: fold.incidents(c) for c in evidence.checks} == {
                c: replayed.incidents(c) for c in evidence.checks
            }


@every_world
def test_lines_in_another_order_give_the_same_bytes(seed, tmp_path):
    world = random_world(seed)
    shuffled = list(world.records)
    Random(seed).shuffle(shuffled)
    one, other = (sla_check_world(each, tmp_path) for each in (world, replace(world, records=shuffled)))
    assert one.out == other.out
    assert (one.code, one.err == "") == (other.code, other.err == "")


@every_world
def test_what_was_said_after_as_of_changes_no_byte(seed, tmp_path):
    world = random_world(seed)
    as_of = instant(world.as_of) if world.as_of else max(at for r in world.records if (at := said_at(r)) is not None)
    known = [record for record in world.records if (at := said_at(record)) is None or at <= as_of]
    claims = {record["id"] for record in known if record["type"] == "claim"}
    known = [record for record in known if record["type"] != "ruling" or record["claim"] in claims]
    one, other = (
        sla_check_world(replace(world, records=each, as_of=shown(as_of)), tmp_path) for each in (world.records, known)
    )
    assert (one.code, one.out) == (other.code, other.out)


def analysis_of(world: World, folder) -> Analysis:
    """The world's evidence under its contract, known as of when it is judged."""
    contract, evidence = loaded(world, folder)
    return Analysis(contract, evidence, instant(world.as_of) if world.as_of else evidence.latest_at())


def repair_items(analysis: Analysis):
    """(clause, item) of every repair item that any month of the term lists."""
    for month in analysis.months:
        for result in judge_analysis(analysis, month).obligations:
            if isinstance(result.obligation, RepairClause):
                yield from ((result.obligation, item) for item in result.items)


def owed(clause: RepairClause, item) -> Decimal:
    """What SPEC section 7 takes for one incident over all months."""
    rule = clause.deduct
    if item.verdict != "breached" or rule is None:
        return Decimal(0)
    if rule.per_breach is not None:
        return rule.per_breach
    units = ceil(Fraction(item.elapsed - clause.limit, rule.per_started))
    return units * rule.amount if rule.cap_each is None else min(units * rule.amount, rule.cap_each)


@every_world
def test_a_terms_months_bill_each_overtime_unit_once(seed, tmp_path):
    """An incident's deductions in all months of the term come to its started units, or to `cap_each`."""
    billed: dict[tuple, Decimal] = defaultdict(Decimal)
    wanted: dict[tuple, Decimal] = {}
    for clause, item in repair_items(analysis_of(random_world(seed), tmp_path)):
        key = clause.id, item.check, item.detected
        billed[key] += item.deduction
        wanted[key] = owed(clause, item)
    assert billed == wanted


def test_overtime_of_two_months_is_billed_by_each_for_its_own_units(tmp_path):
    """The negative control: were a carried item to bill all that is owed, the law above would be broken."""
    for seed in range(1_000, 1_200):
        world = random_world(seed)
        if not any(said_at(record) is not None for record in world.records):
            continue
        carried = [each for each in repair_items(analysis_of(world, tmp_path)) if each[1].carried]
        for clause, item in carried:
            assert 0 < item.deduction < owed(clause, item)
        if carried:
            return
    pytest.fail("no world bills overtime in two months")


@every_world
def test_what_two_months_say_of_one_incident_is_the_same(seed, tmp_path):
    """Carried or not: an incident's figures are of the incident, not of the report that lists it."""
    seen: dict[tuple, object] = {}
    for clause, item in repair_items(analysis_of(random_world(seed), tmp_path)):
        plain = item._replace(carried=False, deduction=Decimal(0))
        assert seen.setdefault((clause.id, item.check, item.detected), plain) == plain


@every_world
def test_the_times_of_a_terms_months_add_up_to_the_whole_term(seed, tmp_path):
    """Each asset's up, down, changing and unknown time, month by month and in one stretch from first to last."""
    analysis = analysis_of(random_world(seed), tmp_path)
    begin, end = analysis.term[0], min(analysis.term[1], analysis.as_of)
    for calendar in ("always", *analysis.contract.calendars):
        whole = clip(analysis.calendar(calendar).spans(begin, end), begin, end) if begin < end else ()
        for asset in analysis.evidence.assets:
            parts = (times_of(asset, analysis.service_time(month, calendar), analysis) for month in analysis.months)
            assert sum(parts, Times(0, 0, 0, 0)) == times_of(asset, whole, analysis)


@every_world
def test_all_excused_time_has_its_grounds_and_no_other_time_has_any(seed, tmp_path):
    analysis = analysis_of(random_world(seed), tmp_path)
    grounds = Grounds(analysis)
    for asset in analysis.evidence.assets:
        assert union(*(ground.spans for ground in grounds.of(asset))) == analysis.excuses.of(asset)
        assert grounds.of(asset) is grounds.of(asset)
