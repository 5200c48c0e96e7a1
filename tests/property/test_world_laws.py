"""Laws of the measure on random small worlds (`tests/support/worlds/worlds.py`), through the files that `sla-check` reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from random import Random

import pytest

from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.repair import RepairClause
from sla.contract.file import read_contract
from sla.evidence.file import read_evidence
from sla.evidence.instants import parse_instant
from sla.evidence.intervals import clip, union
from sla.evidence.refusals import EvidenceError
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.measure.grounds import Grounds
from sla.measure.ratios import Times
from sla.obligations.availability import times_of
from tests.support.sla_check import sla_check_world
from tests.support.worlds.worlds import World, random_world

SEEDS = range(20_000, 20_030)
every_world = pytest.mark.parametrize("seed", SEEDS)


def loaded(world: World, folder):
    """The world's contract and evidence, read from files."""
    contract, evidence = folder / "contract.toml", folder / "evidence.jsonl"
    contract.write_text(world.contract_text, encoding="utf-8")
    evidence.write_text(world.evidence_text, encoding="utf-8")
    return read_contract(contract), read_evidence(evidence)


@every_world
def test_lines_in_another_order_give_the_same_bytes(seed, tmp_path):
    world = random_world(seed)
    shuffled = list(world.records)
    Random(seed).shuffle(shuffled)
    one, other = (sla_check_world(each, tmp_path) for each in (world, replace(world, records=shuffled)))
    assert one.out == other.out
    assert (one.code, one.err == "") == (other.code, other.err == "")


def analysis_of(world: World, folder) -> Analysis | None:
    """The world's evidence under its contract, known as of when it is judged; None where it is refused."""
    contract, evidence = loaded(world, folder)
    as_of = evidence.latest_at() if world.as_of is None else parse_instant(world.as_of)
    try:
        return None if as_of is None else Analysis(contract, evidence, as_of)
    except EvidenceError:
        return None


def repair_items(analysis: Analysis):
    """(clause, item) of every repair item that any month of the term lists; none of a world that is refused."""
    for month in () if analysis is None else analysis.months:
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
    if analysis is None:
        return
    for clause in analysis.contract.obligations:
        begin, end, *_ = analysis.term_of(clause)
        end = min(end, analysis.as_of)
        calendar = analysis.calendar(getattr(clause, "calendar", "always"))
        whole = clip(calendar.spans(begin, end), begin, end) if begin < end else ()
        for asset in analysis.known.assets if isinstance(clause, AvailabilityClause) else ():
            parts = (times_of(asset, analysis.service_time(month, clause), analysis) for month in analysis.months)
            assert sum(parts, Times(0, 0, 0, 0)) == times_of(asset, whole, analysis)


@every_world
def test_all_excused_time_has_its_grounds_and_no_other_time_has_any(seed, tmp_path):
    analysis = analysis_of(random_world(seed), tmp_path)
    if analysis is None:
        return
    grounds = Grounds(analysis)
    for asset in analysis.known.assets:
        assert union(*(ground.spans for ground in grounds.of(asset))) == analysis.excuses.of(asset)
        assert grounds.of(asset) is grounds.of(asset)
