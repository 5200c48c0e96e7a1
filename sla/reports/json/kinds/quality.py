"""An item of a quality clause as JSON (docs/obligations.md §1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.json.kind import KindJson, bounds
from sla.reports.json.numbers import number, seconds, share

if TYPE_CHECKING:
    from sla.contract.clauses.quality import QualityClause
    from sla.obligations.quality import QualityItem
    from sla.obligations.result import ObligationResult

    QualityResult = ObligationResult[QualityClause, QualityItem]


def _item(item: QualityItem) -> dict[str, Any]:
    return {
        "asset": item.asset,
        "verdict": item.verdict,
        "certain": item.certain,
        "value": share(item.value),
        "low": share(item.low),
        "high": share(item.high),
        "coverage": share(item.coverage),
        "measured": number(item.measured),
        "worst": number(item.worst),
        "readings": item.readings,
        "within": item.within,
        "available_s": seconds(item.available),
        "covered_s": seconds(item.covered),
    }


def _figures(result: QualityResult) -> dict[str, Any]:
    return {**bounds(result), "measured": number(result.measured)}


WRITER = KindJson(item=_item, figures=_figures)
