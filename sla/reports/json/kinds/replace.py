"""An item of a replace clause as JSON (docs/obligations.md §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.reports.json.kind import KindJson
from sla.reports.json.numbers import instant, seconds

if TYPE_CHECKING:
    from sla.obligations.replace import ReplaceItem


def _item(item: ReplaceItem) -> dict[str, Any]:
    return {
        "diagnosis": item.diagnosis,
        "asset": item.asset,
        "part": item.part,
        "diagnosed": format_instant(item.diagnosed),
        "start": format_instant(item.start),
        "deadline": instant(item.deadline),
        "done": instant(item.done),
        "elapsed_s": seconds(item.elapsed),
        "verdict": item.verdict,
        "carried": item.carried,
        "deduction": str(item.deduction),
        "decided": instant(item.decided),
    }


WRITER = KindJson(item=_item)
