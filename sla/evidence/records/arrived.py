"""`arrived`: the vendor's people stand before the asset (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Somebody of the vendor stood before the asset."""

    record_type: ClassVar[str] = "arrived"
    check: str
    at: int
    by: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


ARRIVED = RecordType(
    record=Arrived,
    keys={"check": RecordKey("check", values.name, refers_to="check"), "at": AT, "by": BY},
)
