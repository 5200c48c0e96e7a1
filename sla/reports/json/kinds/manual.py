"""An item of a manual clause as JSON (docs/obligations.md §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.json.kind import KindJson
from sla.reports.json.numbers import instant, share

if TYPE_CHECKING:
    from sla.obligations.manual import ManualItem


def _item(item: ManualItem) -> dict[str, Any]:
    return {
        "month": item.month,
        "verdict": item.verdict,
        "value": share(item.value),
        "score": None if item.score is None else str(item.score),
        "of": None if item.of is None else str(item.of),
        "at": instant(item.at),
        "by": item.by,
        "reason": item.reason,
        "sha256": item.sha256,
        "replaced": item.replaced,
    }


WRITER = KindJson(item=_item)
