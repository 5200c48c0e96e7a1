"""A judgement as the JSON object of SPEC §10. It writes down; it computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.judge.judgement import ListedIncident
from sla.obligations.availability import AvailabilityItem
from sla.obligations.inspection import InspectionItem
from sla.obligations.repair import RepairItem
from sla.reports.json.further import further_figures, further_item

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from sla.judge.judgement import Adjustment, Judgement, Payment, Score
    from sla.obligations.result import AnyResult, Item


def to_json(judgement: Judgement) -> dict[str, Any]:
    """The object of SPEC §10. Shares are floats nearest to the exact value, durations seconds."""
    found = outline(judgement)
    for each in (found, *found["obligations"]):
        for key in {"items", "incidents"} & each.keys():
            each[key] = [member(value) for value in each[key]]
    return found


def outline(judgement: Judgement) -> dict[str, Any]:
    """The same object, with the members of its long lists as values that an encoder asks `member` for.

    A month of a large site has a hundred thousand of them; written one by one they take no memory.
    """
    return {
        "contract": judgement.contract.contract,
        "month": judgement.month,
        "as_of": format_instant(judgement.as_of),
        "verdict": judgement.verdict,
        "obligations": [_obligation(result) for result in judgement.obligations],
        "incidents": list(judgement.incidents),
        "score": _score(judgement.score),
        "payment": _payment(judgement.payment),
        "adjustments": [_adjustment(each) for each in judgement.adjustments],
        "notes": [dict(note) for note in judgement.notes],
    }


def seconds(milliseconds: int) -> int | float:
    """A duration as SPEC §0 writes it: seconds, at most 3 decimals."""
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000


def _share(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)


def _at(instant: int | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _obligation(result: AnyResult) -> dict[str, Any]:
    obligation = result.obligation
    bounds = {"low": _share(result.low), "high": _share(result.high), "coverage": _share(result.coverage)}
    kind = obligation.kind
    return {
        "id": obligation.id,
        "clause": obligation.clause,
        "title": obligation.title,
        "kind": kind,
        "verdict": result.verdict,
        "certain": result.certain,
        "value": _share(result.value),
        **(bounds if kind in ("availability", "quality", "online") else {}),
        **further_figures(result, kind),
        "deduction": str(result.deduction),
        "points": None if obligation.points is None else str(obligation.points),
        "lost": str(result.lost),
        "items": list(result.items),
    }


def member(value: Item | ListedIncident) -> dict[str, Any]:
    """An item or a listed incident as JSON has it."""
    write = _MEMBERS.get(type(value))
    return further_item(value) if write is None else write(value)  # type: ignore[arg-type]


def _availability(item: AvailabilityItem) -> dict[str, Any]:
    return {
        "asset": item.asset,
        "verdict": item.verdict,
        "certain": item.certain,
        "value": _share(item.value),
        "low": _share(item.low),
        "high": _share(item.high),
        "coverage": _share(item.coverage),
        "up_s": seconds(item.up),
        "down_s": seconds(item.down),
        "changing_s": seconds(item.changing),
        "unknown_s": seconds(item.unknown),
    }


def _repair(item: RepairItem) -> dict[str, Any]:
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


def _inspection(item: InspectionItem) -> dict[str, Any]:
    return {
        "period": [format_instant(item.begin), format_instant(item.end)],
        "verdict": item.verdict,
        "covered": item.covered,
        "required": item.required,
        "contradicted": list(item.contradicted),
        "uncovered": list(item.uncovered),
    }


def _incident(listed: ListedIncident) -> dict[str, Any]:
    incident = listed.incident
    return {
        "check": incident.check,
        "detected": format_instant(incident.detected),
        "began_after": _at(incident.began_after),
        "last_fail": format_instant(incident.last_fail),
        "restored": _at(incident.restored),
        "closed": incident.closed,
        "blip": incident.blip,
        "explains": listed.explains,
    }


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {"points": str(score.points), "grade": score.grade, "pay": float(score.pay)}


def _payment(payment: Payment) -> dict[str, str]:
    return {
        name: str(getattr(payment, name)) for name in ("fee", "earned", "deductions", "payable", "adjustment", "due")
    }


def _adjustment(each: Adjustment) -> dict[str, Any]:
    return {
        "month": each.month,
        "settled": str(each.settled),
        "payable": str(each.payable),
        "difference": str(each.payable - each.settled),
        "items": [
            {"obligation": item.obligation, "item": item.item, "before": item.before, "after": item.after}
            for item in each.items
        ],
    }


_MEMBERS: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    AvailabilityItem: _availability,
    RepairItem: _repair,
    InspectionItem: _inspection,
    ListedIncident: _incident,
}
