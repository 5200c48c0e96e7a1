"""`reading`: what a check saw at one instant (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from sla.evidence import values
from sla.evidence.keys import AT, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping

OutcomeName = Literal["ok", "fail", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a check saw at one instant. `none` says nothing of the asset. `source`: who saw it, if not this agent."""

    record_type: ClassVar[str] = "reading"
    check: str
    at: int
    outcome: OutcomeName
    reason: str = ""
    source: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


READING = RecordType(
    record=Reading,
    keys={
        "check": RecordKey("check", values.name, refers_to="check"),
        "at": AT,
        "outcome": RecordKey("outcome", values.word(*get_args(OutcomeName))),
        "reason": RecordKey("reason", values.text),
        "source": RecordKey("source", values.text),
        "metrics": RecordKey("metrics", values.metrics, dict),
    },
)
