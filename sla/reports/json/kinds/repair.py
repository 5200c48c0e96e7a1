"""An item of a repair clause as JSON (SPEC §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.reports.json.kind import KindJson
from sla.reports.json.numbers import seconds

if TYPE_CHECKING:
    from sla.obligations.repair import RepairItem


def _item(item: RepairItem) -> dict[str, Any]:
    restored, done, decided, to = item.restored, item.done, item.decided, item.measured_to
    detected = format_instant(item.detected)  # most instants of an incident are one of few: each is written once
    last_fail = detected if item.last_fail == item.detected else format_instant(item.last_fail)
    ended = None if done is None else last_fail if done == item.last_fail else format_instant(done)
    return {
        "check": item.check,
        "detected": detected,
        "began_after": None if item.began_after is None else format_instant(item.began_after),
        "last_fail": last_fail,
        "restored": None if restored is None else format_instant(restored),
        "start": detected if item.start == item.detected else format_instant(item.start),
        "deadline": None if item.deadline is None else format_instant(item.deadline),
        "done": ended,
        "measured_to": None if to is None else format_instant(to),
        "elapsed_s": seconds(item.elapsed),
        "verdict": item.verdict,
        "certain": item.certain,
        "carried": item.carried,
        "deduction": str(item.deduction),
        "decided": ended if decided == done else None if decided is None else format_instant(decided),
        "notified": item.notified,
    }


WRITER = KindJson(item=_item)
