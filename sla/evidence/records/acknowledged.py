"""`acknowledged`: the vendor took an incident on (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Somebody of the vendor took the incident on."""

    record_type: ClassVar[str] = "acknowledged"
    check: str
    at: int
    by: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


ACKNOWLEDGED = RecordType(
    record=Acknowledged,
    keys={"check": RecordKey("check", values.name, refers_to="check"), "at": AT, "by": BY},
)
