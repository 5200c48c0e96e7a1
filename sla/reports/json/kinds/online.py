"""An item of an online clause as JSON (docs/obligations.md §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.json.kind import KindJson, bounds
from sla.reports.json.numbers import share

if TYPE_CHECKING:
    from sla.contract.clauses.online import OnlineClause
    from sla.obligations.online import OnlineItem
    from sla.obligations.result import ObligationResult

    OnlineResult = ObligationResult[OnlineClause, OnlineItem]


def _item(item: OnlineItem) -> dict[str, Any]:
    return {
        "day": item.day.isoformat(),
        "verdict": item.verdict,
        "certain": item.certain,
        "value": share(item.value),
        "low": share(item.low),
        "high": share(item.high),
        "coverage": share(item.coverage),
        "calls": item.calls,
        "up": item.up,
        "down": item.down,
        "changing": item.changing,
        "unknown": item.unknown,
    }


def _figures(result: OnlineResult) -> dict[str, Any]:
    return {**bounds(result), "worst": share(result.worst)}


WRITER = KindJson(item=_item, figures=_figures)
