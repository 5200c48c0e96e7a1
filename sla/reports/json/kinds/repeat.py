"""An item of a repeat clause as JSON (docs/obligations.md §2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.reports.json.kind import KindJson
from sla.reports.json.numbers import share

if TYPE_CHECKING:
    from sla.obligations.repeat import RepeatItem


def _item(item: RepeatItem) -> dict[str, Any]:
    return {
        "check": item.check,
        "verdict": item.verdict,
        "certain": item.certain,
        "coverage": share(item.coverage),
        "incidents": [{"detected": format_instant(each.detected), "repeat": each.repeat} for each in item.incidents],
        "too_many": item.too_many,
    }


WRITER = KindJson(item=_item)
