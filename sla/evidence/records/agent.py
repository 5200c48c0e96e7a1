"""`agent`: the agent started, stopped or saw its clock step (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEvent:
    """The agent started, stopped or saw its clock step; `details` are its further keys."""

    record_type: ClassVar[str] = "agent"
    at: int
    event: str
    recorded_at: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


AGENT = RecordType(
    record=AgentEvent,
    keys={"at": AT, "event": RecordKey("event", values.name)},
    extra="details",
    counts_once=False,
)
