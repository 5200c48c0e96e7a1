"""An item of an availability clause as JSON (SPEC §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.json.kind import KindJson, bounds
from sla.reports.json.numbers import seconds, share

if TYPE_CHECKING:
    from sla.obligations.availability import AvailabilityItem


def _item(item: AvailabilityItem) -> dict[str, Any]:
    return {
        "asset": item.asset,
        "verdict": item.verdict,
        "certain": item.certain,
        "value": share(item.value),
        "low": share(item.low),
        "high": share(item.high),
        "coverage": share(item.coverage),
        "up_s": seconds(item.up),
        "down_s": seconds(item.down),
        "changing_s": seconds(item.changing),
        "unknown_s": seconds(item.unknown),
    }


WRITER = KindJson(item=_item, figures=bounds)
