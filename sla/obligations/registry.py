"""The one table of obligation kinds: clause → the function that judges it in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.inspection import InspectionClause
from sla.contract.clauses.manual import ManualClause
from sla.contract.clauses.online import OnlineClause
from sla.contract.clauses.quality import QualityClause
from sla.contract.clauses.repair import RepairClause
from sla.contract.clauses.repeat import RepeatClause
from sla.contract.clauses.replace import ReplaceClause
from sla.contract.clauses.report import ReportClause
from sla.obligations import (
    availability,
    inspection,
    manual,
    online,
    quality,
    repair,
    repeat,
    replace,
    report,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.contract.clause import Clause
    from sla.measure.analysis import Analysis
    from sla.obligations.result import AnyResult

OBLIGATIONS: Mapping[str, tuple[type, Callable[[Any, Analysis, str], AnyResult]]] = {
    "availability": (AvailabilityClause, availability.judge),
    "repair": (RepairClause, repair.judge),
    "inspection": (InspectionClause, inspection.judge),
    "quality": (QualityClause, quality.judge),
    "repeat": (RepeatClause, repeat.judge),
    "online": (OnlineClause, online.judge),
    "report": (ReportClause, report.judge),
    "replace": (ReplaceClause, replace.judge),
    "manual": (ManualClause, manual.judge),
}
"""Kind as a contract spells it → its clause's dataclass and its judge."""


def judge_obligation(obligation: Clause, analysis: Analysis, month: str) -> AnyResult:
    """One clause in one month."""
    return OBLIGATIONS[obligation.kind][1](obligation, analysis, month)
