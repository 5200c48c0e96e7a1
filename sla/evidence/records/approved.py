"""`approved`: announced maintenance was approved (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The customer approves announced maintenance, all of it."""

    record_type: ClassVar[str] = "approved"
    maintenance: str
    by: str = ""
    at: int
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


APPROVED = RecordType(
    record=Approved,
    keys={
        "maintenance": RecordKey("maintenance", values.name, refers_to="maintenance"),
        "by": BY,
        "at": AT,
    },
)
