"""Laws of a period on random small worlds: it is its months, as `sla-check --month` has them, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sla.contract.file import read_contract
from sla.evidence.file import read_evidence
from sla.evidence.refusals import EvidenceError
from sla.judge.judge import judge
from sla.judge.period import NoMonthError, judge_period, parse_period
from sla.measure.analysis import Analysis
from tests.support.slow.instants import instant
from tests.support.worlds.worlds import random_world

SEEDS = range(61_000, 61_040)
every_world = pytest.mark.parametrize("seed", SEEDS)


def judged(seed, folder):
    """A random world's contract, evidence, as_of, and the year of its month."""
    world = random_world(seed)
    contract, evidence = folder / "contract.toml", folder / "evidence.jsonl"
    contract.write_text(world.contract_text, encoding="utf-8")
    evidence.write_text(world.evidence_text, encoding="utf-8")
    found = read_evidence(evidence)
    as_of = found.latest_at() if world.as_of is None else instant(world.as_of)
    return read_contract(contract), found, as_of, world.month[:4]


def year_of(seed, folder):
    """(contract, evidence, as_of, the year judged).

    None where the term has no month in it that had begun, or where what was known contradicts.
    """
    contract, evidence, as_of, name = judged(seed, folder)
    try:
        return contract, evidence, as_of, judge_period(Analysis(contract, evidence, as_of), parse_period(name))
    except (NoMonthError, EvidenceError):
        return contract, evidence, as_of, None


@every_world
def test_a_year_is_its_months_each_judged_alone(seed, tmp_path):
    contract, evidence, as_of, year = year_of(seed, tmp_path)
    if year is None:
        return
    alone = [judge(contract, evidence, each.month, as_of) for each in year.judgements]
    assert list(year.judgements) == alone
    for key in ("fee", "earned", "deductions", "payable"):
        assert getattr(year.sums, key) == sum((getattr(each.payment, key) for each in alone), Decimal(0)), key
    for number, clause in enumerate(year.clauses):
        assert clause.deduction == sum((each.obligations[number].deduction for each in alone), Decimal(0))
        assert sum(clause.verdicts.values()) == len(alone)


@every_world
def test_what_is_due_and_what_was_signed_is_what_was_payable(seed, tmp_path):
    """With every month signed before: nothing is paid twice or lost."""
    contract, evidence, as_of, year = year_of(seed, tmp_path)
    if year is None:
        return
    first = year.judgements[0].month
    analysis = Analysis(contract, evidence, as_of)
    known = {month: each for month in analysis.months if (each := analysis.known.settled(month)) is not None}
    before = [judge(contract, evidence, month, as_of).payment.payable for month in known if month < first]
    signed = [each.payable + each.adjustment for month, each in known.items() if month < first]
    assert year.sums.carried == sum(before, Decimal(0)) - sum(signed, Decimal(0))
    inside = [each.settled for each in year.payments if each.settled is not None]
    assert year.sums.signed == sum((each.payable + each.adjustment for each in inside), Decimal(0))
    assert year.sums.due == year.sums.carried + year.sums.payable - year.sums.signed


@every_world
def test_an_incident_is_counted_once_and_belongs_to_somebody(seed, tmp_path):
    year = year_of(seed, tmp_path)[3]
    if year is None:
        return
    listed = {(one.incident.check, one.incident.detected) for each in year.judgements for one in each.incidents}
    assert {(each.check, each.detected) for each in year.incidents} == listed
    assert len(year.incidents) == len(listed)
    counted = sum(not each.blip for each in year.incidents)
    assert sum(each.incidents for each in year.checks) == counted
    assert sum(each.incidents for each in year.assets) == counted


def test_most_worlds_have_a_year(tmp_path):
    """Else the laws above would hold of nothing."""
    assert sum(year_of(seed, tmp_path)[3] is not None for seed in SEEDS) > len(SEEDS) // 2
