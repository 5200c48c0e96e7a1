"""`scored`: a person's score of one plan and month (docs/obligations.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, Key
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A person's score of one plan and month, `score` out of `of`, why, and the hash of what it rests on."""

    record_type: ClassVar[str] = "scored"
    plan: str
    month: str
    score: Decimal
    of: Decimal
    reason: str
    sha256: str
    at: int
    by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def _identity(scored: Scored) -> tuple[str, str]:
    return "scored record at one instant of plan", f"{scored.plan} for {scored.month} at {scored.at}"


def _mistake(scored: Scored) -> str:
    if scored.of > 0 and scored.score <= scored.of:
        return ""
    return f"score: got {scored.score} of {scored.of}, wanted at most `of`, and that above 0"


SCORED = RecordType(
    record=Scored,
    keys={
        "plan": Key("plan", values.name),
        "month": Key("month", values.month),
        "score": Key("score", values.score, str),
        "of": Key("of", values.score, str),
        "reason": Key("reason", values.name),
        "sha256": Key("sha256", values.sha256),
        "at": AT,
        "by": BY,
    },
    identity=_identity,
    mistake=_mistake,
)
