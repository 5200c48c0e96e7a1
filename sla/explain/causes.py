"""What changed a signed month, in words (SPEC §9): each cause with who said it and its R."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import At, Name, say

if TYPE_CHECKING:
    from sla.explain.model import Statement, Value
    from sla.judge.judgement import Cause


def cause_text(cause: Cause) -> Statement:
    """One cause; a type of record without words of its own is named as evidence files spell it."""
    values: dict[str, Value] = {"id": Name(cause.id), "who": Name(cause.by or "–"), "at": At(cause.at)}
    values["type"] = Name(cause.type)
    if cause.kind == "record":
        return _record(cause.type, values)
    sentences = {
        "corrected": say("{type} {id} taken back by {who} at {at}", **values),
        "definition": say("definition of {id} recorded at {at}", **values),
        "reading": say("readings of {id} recorded from {at} on", **values),
        "time": say("time that has gone by since"),
        "contract": say("another contract file, {id}", **values),
        "fee": say("the fee, or an amount that was signed for other reasons"),
    }
    return sentences[cause.kind]


def _record(record_type: str, values: dict[str, Value]) -> Statement:
    sentences = {
        "ruling": say("ruling on claim {id} by {who} at {at}", **values),
        "claim": say("claim {id} by {who} at {at}", **values),
        "maintenance": say("maintenance {id} announced at {at}", **values),
        "approved": say("approval of maintenance {id} by {who} at {at}", **values),
        "notified": say("alert about {id} delivered at {at}", **values),
        "acknowledged": say("acknowledgement of {id} by {who} at {at}", **values),
        "arrived": say("arrival for {id} by {who} at {at}", **values),
        "inspection": say("round {id} by {who} at {at}", **values),
        "delivered": say("document {id} by {who} at {at}", **values),
        "diagnosed": say("diagnosis {id} by {who} at {at}", **values),
        "replaced": say("swap for diagnosis {id} by {who} at {at}", **values),
        "scored": say("score of {id} by {who} at {at}", **values),
    }
    return sentences.get(record_type) or say("{type} {id} by {who} at {at}", **values)
