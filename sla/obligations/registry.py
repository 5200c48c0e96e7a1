"""The one table of obligation kinds: how a contract spells a kind → what the core asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.obligations import availability, inspection, manual, online, quality, repair, repeat, replace, report
from sla.obligations.kind import ObligationKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.contract.clause import Clause
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.obligations.kind import IncidentDeadline
    from sla.obligations.result import AnyResult

OBLIGATIONS: Mapping[str, ObligationKind[Any, Any]] = {
    "availability": ObligationKind(judge=availability.judge, pool=availability.pool, down=availability.down),
    "repair": ObligationKind(judge=repair.judge, pool=repair.pool, overdue=repair.overdue, deadline=repair.deadline),
    "inspection": ObligationKind(judge=inspection.judge, pool=inspection.pool),
    "quality": ObligationKind(judge=quality.judge, pool=quality.pool),
    "repeat": ObligationKind(judge=repeat.judge, pool=repeat.pool),
    "online": ObligationKind(judge=online.judge, pool=online.pool),
    "report": ObligationKind(judge=report.judge, pool=report.pool),
    "replace": ObligationKind(judge=replace.judge, pool=replace.pool),
    "manual": ObligationKind(judge=manual.judge),
}
"""In the order of SPEC §6 to §8 and docs/obligations.md."""


def deadlines_of(incident: Incident, analysis: Analysis) -> tuple[IncidentDeadline, ...]:
    """The deadlines that an incident starts, in the contract's order, as known at the analysis' `as_of`."""
    asked = ((clause, OBLIGATIONS[clause.kind].deadline) for clause in analysis.contract.obligations)
    found = (deadline(clause, incident, analysis) for clause, deadline in asked if deadline is not None)
    return tuple(each for each in found if each is not None)


def judge_obligation(clause: Clause, analysis: Analysis, month: str) -> AnyResult:
    """What one clause comes to in a month (`YYYY-MM`), by its kind's row."""
    return OBLIGATIONS[clause.kind].judge(clause, analysis, month)
