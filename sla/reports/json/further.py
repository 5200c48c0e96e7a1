"""Items of the kinds of docs/obligations.md as JSON. It writes down; it computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.obligations.manual import ManualItem
from sla.obligations.online import OnlineItem
from sla.obligations.quality import QualityItem
from sla.obligations.repeat import RepeatItem
from sla.obligations.replace import ReplaceItem
from sla.obligations.report import ReportItem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from fractions import Fraction

    from sla.obligations.result import AnyResult, Item


def further_figures(result: AnyResult, kind: str) -> dict[str, Any]:
    """What an obligation of these kinds says beside value and bounds."""
    if kind == "quality":
        return {"measured": _number(result.measured)}
    return {"worst": _share(result.worst)} if kind == "online" else {}


def further_item(item: Item) -> dict[str, Any]:
    """The object of one item."""
    return _WRITERS[type(item)](item)


def _quality(item: QualityItem) -> dict[str, Any]:
    return {
        "asset": item.asset,
        **_judged(item),
        "measured": _number(item.measured),
        "worst": _number(item.worst),
        "readings": item.readings,
        "within": item.within,
        "available_s": _seconds(item.available),
        "covered_s": _seconds(item.covered),
    }


def _repeat(item: RepeatItem) -> dict[str, Any]:
    return {
        "check": item.check,
        "verdict": item.verdict,
        "certain": item.certain,
        "coverage": _share(item.coverage),
        "incidents": [{"detected": format_instant(each.detected), "repeat": each.repeat} for each in item.incidents],
        "too_many": item.too_many,
    }


def _online(item: OnlineItem) -> dict[str, Any]:
    return {
        "day": item.day.isoformat(),
        **_judged(item),
        "calls": item.calls,
        "up": item.up,
        "down": item.down,
        "changing": item.changing,
        "unknown": item.unknown,
    }


def _report(item: ReportItem) -> dict[str, Any]:
    return {
        "month": item.month,
        "deadline": format_instant(item.deadline),
        "delivered": _at(item.delivered),
        "by": item.by,
        "sha256": item.sha256,
        "verdict": item.verdict,
    }


def _replace(item: ReplaceItem) -> dict[str, Any]:
    return {
        "diagnosis": item.diagnosis,
        "asset": item.asset,
        "part": item.part,
        "diagnosed": format_instant(item.diagnosed),
        "start": format_instant(item.start),
        "deadline": _at(item.deadline),
        "done": _at(item.done),
        "elapsed_s": _seconds(item.elapsed),
        "verdict": item.verdict,
        "carried": item.carried,
        "deduction": str(item.deduction),
        "decided": _at(item.decided),
    }


def _manual(item: ManualItem) -> dict[str, Any]:
    return {
        "month": item.month,
        "verdict": item.verdict,
        "value": _share(item.value),
        "score": None if item.score is None else str(item.score),
        "of": None if item.of is None else str(item.of),
        "at": _at(item.at),
        "by": item.by,
        "reason": item.reason,
        "sha256": item.sha256,
        "replaced": item.replaced,
    }


def _judged(item: QualityItem | OnlineItem) -> dict[str, Any]:
    return {
        "verdict": item.verdict,
        "certain": item.certain,
        "value": _share(item.value),
        "low": _share(item.low),
        "high": _share(item.high),
        "coverage": _share(item.coverage),
    }


def _share(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)


def _number(exact: Decimal | None) -> int | float | None:
    if exact is None:
        return None
    return int(exact) if exact == int(exact) else float(exact)


def _at(instant: int | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _seconds(milliseconds: int) -> int | float:
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000


_WRITERS: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    QualityItem: _quality,
    RepeatItem: _repeat,
    OnlineItem: _online,
    ReportItem: _report,
    ReplaceItem: _replace,
    ManualItem: _manual,
}
