"""Which repair clauses an incident starts, and until when: the same working time as the judgement's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sla.contract.clauses.repair import RepairClause
from sla.measure.analysis import Analysis

if TYPE_CHECKING:
    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.incidents.incident import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairDeadline:
    """One clause's deadline for one incident.

    `due_at`: None if working time never reaches the limit. `is_estimate`: the clause counts from the
    delivery of the alert, which lies ahead; `due_at` is then what it would be if delivered at once.
    """

    clause: RepairClause
    due_at: int | None
    is_estimate: bool


def deadlines_of(incident: Incident, contract: Contract, evidence: Evidence, now: int) -> tuple[RepairDeadline, ...]:
    """The deadlines of every repair clause in whose scope the incident lies, in the contract's order.

    None outside the contract's term. Maintenance and rulings known at `now` are taken into account.
    """
    analysis = Analysis(contract, evidence, now)
    begin, end = analysis.term
    if not begin <= max(incident.detected, incident.last_fail) or incident.detected >= end:
        return ()
    return tuple(
        _deadline(clause, incident, analysis, now)
        for clause in contract.obligations
        if isinstance(clause, RepairClause) and _holds(clause, incident.check, evidence)
    )


def _holds(clause: RepairClause, check: str, evidence: Evidence) -> bool:
    found = evidence.checks[check]
    return clause.scope.holds_check(evidence.assets[found.asset], found)


def _deadline(clause: RepairClause, incident: Incident, analysis: Analysis, now: int) -> RepairDeadline:
    told = next((at for at in analysis.notified.get(incident.check, ()) if at >= incident.detected), None)
    is_estimate = clause.clock == "notified" and told is None
    start = incident.detected if clause.clock == "detected" else now if told is None else told
    asset = analysis.evidence.checks[incident.check].asset
    due_at = analysis.work(asset, clause.calendar).reached(max(start, analysis.term[0]), clause.limit)
    return RepairDeadline(clause=clause, due_at=due_at, is_estimate=is_estimate)
