"""`delivered`: a document came in (docs/obligations.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, ID, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A document came in for one plan (an obligation's id); `month` is the last one that it is about, `YYYY-MM`."""

    record_type: ClassVar[str] = "delivered"
    id: str
    plan: str
    month: str
    at: int
    by: str = ""
    sha256: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


DELIVERED = RecordType(
    record=Delivered,
    keys={
        "id": ID,
        "plan": RecordKey("plan", values.name),
        "month": RecordKey("month", values.month),
        "at": AT,
        "by": BY,
        "sha256": RecordKey("sha256", values.sha256_if_any),
    },
    identity=("id",),
)
