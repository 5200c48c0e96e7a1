"""`replaced`: the part of a diagnosis was replaced, or a spare was lent (docs/obligations.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The part of a diagnosis was replaced, or for the time being (`temporary`) a spare was lent."""

    record_type: ClassVar[str] = "replaced"
    diagnosis: str
    at: int
    by: str = ""
    temporary: bool = False
    serial: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


REPLACED = RecordType(
    record=Replaced,
    keys={
        "diagnosis": RecordKey("diagnosis", values.name, refers_to="diagnosed"),
        "at": AT,
        "by": BY,
        "temporary": RecordKey("temporary", values.flag),
        "serial": RecordKey("serial", values.text),
    },
)
