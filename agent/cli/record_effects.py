"""`sla-agent record … --dry-run`: what a record would do to the months, without putting it on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from agent.ledger import intake
from agent.ledger.intake_advice import advice_on, problems_of
from sla.contract.calendars import local_day, months_between
from sla.contract.file import read_contract
from sla.evidence.evidence import Evidence, evidence_from
from sla.evidence.instants import month_of
from sla.evidence.records import Reading
from sla.evidence.refusals import EvidenceError
from sla.judge.judge import judge_months
from sla.ledger import LedgerView
from sla.measure.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from config.text.sentence import Sentence
    from sla.contract.model import Contract
    from sla.evidence.record_type import Record
    from sla.judge.judgement import Judgement

    Placed = tuple[int, Record]


class Effect(NamedTuple):
    """What becomes of one month: what is due, before and after, and (obligation, verdict before, verdict after)."""

    month: str
    before: Decimal
    after: Decimal
    verdicts: tuple[tuple[str, str, str], ...]


def effects_of(
    state: Path, contract: Path, lines: Sequence[str], source: str, now: int
) -> tuple[list[Effect], tuple[Sentence, ...]]:
    """(what becomes of the months that the records touch, and of this one; what may not be meant so). `now`: ms.

    EvidenceError: they would be refused. ConfigError, LedgerError, OSError: contract or ledger cannot be read.
    """
    agreed = read_contract(contract)
    view = LedgerView.open(state)
    try:
        return _effects(view.evidence(), agreed, intake.parse(lines, source, now), source, now)
    finally:
        view.close()


def _effects(
    evidence: Evidence, contract: Contract, records: Sequence[Placed], source: str, now: int
) -> tuple[list[Effect], tuple[Sentence, ...]]:
    problems = problems_of(records, evidence, contract, now)
    if problems:
        raise EvidenceError(source, problems)
    given = [replace(each, recorded_at=now) for _, each in records if not isinstance(each, Reading)]
    stored = [each for found in evidence.records.values() for _, each in found]
    together = evidence_from([*stored, *given], evidence.readings, source)
    months = _months(given, contract, now)
    before = judge_months(Analysis(contract, evidence, now), months)
    after = judge_months(Analysis(contract, together, now), months)
    effects = [_effect(one, other) for one, other in zip(before, after, strict=True)]
    return effects, advice_on(records, evidence, contract, now)


def _months(records: Sequence[Record], contract: Contract, now: int) -> list[str]:
    """The months of the term that any instant of the records lies in, and this one."""
    instants = [now, *(at for each in records for key in ("at", "begin", "end") if (at := getattr(each, key, None)))]
    touched = {month_of(local_day(at, contract.timezone)) for at in instants}
    term = months_between(contract.term.first, contract.term.last)
    return [month for month in term if min(touched) <= month <= max(touched)]


def _effect(before: Judgement, after: Judgement) -> Effect:
    pairs = zip(before.obligations, after.obligations, strict=True)
    verdicts = ((one.obligation.id, one.verdict, other.verdict) for one, other in pairs)
    changed = tuple(each for each in verdicts if each[1] != each[2])
    return Effect(before.month, before.payment.due, after.payment.due, changed)
