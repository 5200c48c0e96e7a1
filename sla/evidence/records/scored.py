"""`scored`: a person's score of one plan and month (docs/obligations.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from config.text.sentence import Sentence
from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
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
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def _mistake(scored: Scored) -> Sentence | None:
    if scored.of > 0 and scored.score <= scored.of:
        return None
    return Sentence(
        "{key}: got {got}, wanted {wanted}",
        key="score",
        got=Sentence("{score} of {of}", score=scored.score, of=scored.of),
        wanted=Sentence("at most `of`, and that above 0"),
    )


SCORED = RecordType(
    record=Scored,
    keys={
        "plan": RecordKey("plan", values.name),
        "month": RecordKey("month", values.month),
        "score": RecordKey("score", values.score, str),
        "of": RecordKey("of", values.score, str),
        "reason": RecordKey("reason", values.name),
        "sha256": RecordKey("sha256", values.sha256),
        "at": AT,
        "by": BY,
    },
    unique_at=("plan", "month"),
    shown_as="scored record at one instant of plan {plan} for {month}",
    mistake=_mistake,
)
