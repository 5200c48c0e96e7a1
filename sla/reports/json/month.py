"""A judgement as the JSON object of SPEC §10. It writes down; it computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.judge.judgement import Adjustment, Cause, Judgement, ListedIncident, Payment, Score
from sla.reports.json.numbers import instant, share
from sla.reports.json.registry import WRITERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sla.obligations.result import AnyResult, Stake


def to_json(judgement: Judgement) -> dict[str, Any]:
    """The object of SPEC §10. Shares are floats nearest to the exact value, durations seconds."""
    found, written = outline(judgement), member_writer(judgement)
    for each in (found, *found["obligations"]):
        for key in {"items", "incidents"} & each.keys():
            each[key] = [written(value) for value in each[key]]
    return found


def outline(judgement: Judgement) -> dict[str, Any]:
    """The object of SPEC §10, with the members of its long lists as values that an encoder asks `member_writer` for.

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
        "adjustments": [_adjustment(each) for each in judgement.adjustments if each.differs],
        "notes": [dict(note) for note in judgement.notes],
    }


def _obligation(result: AnyResult) -> dict[str, Any]:
    obligation = result.obligation
    kind = obligation.kind
    return {
        "id": obligation.id,
        "clause": obligation.clause,
        "title": obligation.title,
        "kind": kind,
        "verdict": result.verdict,
        "certain": result.certain,
        "value": share(result.value),
        **WRITERS[kind].figures(result),
        "deduction": str(result.deduction),
        "points": None if obligation.points is None else str(obligation.points),
        "lost": str(result.lost),
        "least": _stake(result.least),
        "most": _stake(result.most),
        "items": list(result.items),
    }


def _stake(stake: Stake) -> dict[str, str]:
    return {"deduction": str(stake.deduction), "lost": str(stake.lost)}


def member_writer(judgement: Judgement) -> Callable[[Any], dict[str, Any]]:
    """Writes an item or a listed incident of this judgement as an object; each kind has items of its own type."""
    writers: dict[type, Callable[[Any], dict[str, Any]]] = {
        type(each.items[0]): WRITERS[each.obligation.kind].item for each in judgement.obligations if each.items
    }
    writers[ListedIncident] = _incident
    return lambda value: writers[type(value)](value)


def _incident(listed: ListedIncident) -> dict[str, Any]:
    incident = listed.incident
    return {
        "check": incident.check,
        "detected": format_instant(incident.detected),
        "began_after": instant(incident.began_after),
        "last_fail": format_instant(incident.last_fail),
        "restored": instant(incident.restored),
        "closed": incident.closed,
        "withdrawn": instant(incident.withdrawn),
        "blip": incident.blip,
        "severity": listed.severity,
        "explains": listed.explains,
    }


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {"points": str(score.points), "grade": score.grade, "pay": float(score.pay)}


def _payment(payment: Payment) -> dict[str, str]:
    return {
        name: str(getattr(payment, name))
        for name in ("fee", "earned", "deductions", "payable", "low", "high", "adjustment", "due")
    }


def _adjustment(each: Adjustment) -> dict[str, Any]:
    return {
        "month": each.month,
        "settled": str(each.signed.payable),
        "settled_adjustment": str(each.signed.adjustment),
        "now": str(each.payable),
        "difference": str(each.difference),
        "items": [
            {
                "obligation": item.obligation,
                "item": item.item,
                "before": item.before,
                "after": item.after,
                "causes": [_cause(cause) for cause in item.causes],
            }
            for item in each.items
        ],
        "unexplained": None if each.unexplained is None else _cause(each.unexplained),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": cause.kind,
        "type": cause.type,
        "id": cause.id,
        "recorded_at": instant(cause.at),
        "by": cause.by,
    }
