"""`notified`: an alert reached the vendor (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """An alert for the incident open then was delivered to the vendor."""

    record_type: ClassVar[str] = "notified"
    check: str
    at: int
    channel: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


NOTIFIED = RecordType(
    record=Notified,
    keys={
        "check": RecordKey("check", values.name, refers_to="check"),
        "at": AT,
        "channel": RecordKey("channel", values.text),
    },
)
