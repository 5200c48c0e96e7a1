"""The one table of obligation kinds: clause → the function that judges it in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.contract.model import (
    AvailabilityClause,
    InspectionClause,
    ManualClause,
    Obligation,
    OnlineClause,
    QualityClause,
    RepairClause,
    RepeatClause,
    ReplaceClause,
    ReportClause,
)
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

    from sla.measure.analysis import Analysis
    from sla.measure.results import ObligationResult

OBLIGATIONS: Mapping[str, tuple[type, Callable[[Any, Analysis, str], ObligationResult]]] = {
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

_KIND_OF = {cls: kind for kind, (cls, _) in OBLIGATIONS.items()}


def kind_of(obligation: Obligation) -> str:
    """How a contract spells the obligation's kind."""
    return _KIND_OF[type(obligation)]


def judge_obligation(obligation: Obligation, analysis: Analysis, month: str) -> ObligationResult:
    """One clause in one month."""
    return OBLIGATIONS[kind_of(obligation)][1](obligation, analysis, month)
