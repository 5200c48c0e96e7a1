"""An item of a report clause as JSON (docs/obligations.md §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.reports.json.kind import KindJson
from sla.reports.json.numbers import instant

if TYPE_CHECKING:
    from sla.obligations.report import ReportItem


def _item(item: ReportItem) -> dict[str, Any]:
    return {
        "month": item.month,
        "deadline": format_instant(item.deadline),
        "delivered": instant(item.delivered),
        "by": item.by,
        "sha256": item.sha256,
        "verdict": item.verdict,
    }


WRITER = KindJson(item=_item)
