"""An item of an inspection clause as JSON (SPEC §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.reports.json.kind import KindJson

if TYPE_CHECKING:
    from sla.obligations.inspection import InspectionItem


def _item(item: InspectionItem) -> dict[str, Any]:
    return {
        "period": [format_instant(item.begin), format_instant(item.end)],
        "verdict": item.verdict,
        "covered": item.covered,
        "required": item.required,
        "contradicted": list(item.contradicted),
        "uncovered": list(item.uncovered),
    }


WRITER = KindJson(item=_item)
