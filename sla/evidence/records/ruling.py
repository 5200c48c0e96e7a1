"""`ruling`: the customer's word on a claim (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The customer's word on a claim, and why; the last one stands."""

    record_type: ClassVar[str] = "ruling"
    claim: str
    accepted: bool
    by: str = ""
    at: int
    reason: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


RULING = RecordType(
    record=Ruling,
    keys={
        "claim": RecordKey("claim", values.name, refers_to="claim"),
        "accepted": RecordKey("accepted", values.flag),
        "by": BY,
        "at": AT,
        "reason": RecordKey("reason", values.text),
    },
    unique_at=("claim",),
    shown_as="ruling at one instant on claim {claim}",
)
