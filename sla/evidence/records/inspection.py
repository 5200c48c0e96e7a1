"""`inspection`: a round, and what was found (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sla.evidence import values
from sla.evidence.keys import AT, BY, ID, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A round: which assets somebody looked at for one plan (an obligation's id), and what he found.

    `period`: a day of the period that it is made good for; None: the one that holds `at`.
    """

    record_type: ClassVar[str] = "inspection"
    id: str
    plan: str
    at: int
    by: str = ""
    covers: tuple[str, ...] = ()
    result: Literal["ok", "fault"] = "ok"
    period: date | None = None
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


INSPECTION = RecordType(
    record=Inspection,
    keys={
        "id": ID,
        "plan": RecordKey("plan", values.name),
        "at": AT,
        "by": BY,
        "covers": RecordKey("covers", values.names, list, refers_to="asset", is_required=True),
        "result": RecordKey("result", values.word("ok", "fault"), is_required=True),
        "period": RecordKey("period", values.day, date.isoformat),
    },
    identity=("id",),
)
