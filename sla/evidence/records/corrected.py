"""`corrected`: a record that somebody handed in was a mistake (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from config.text.sentence import Sentence
from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType
from sla.evidence.refusals import wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

CORRECTABLE = (
    "acknowledged",
    "arrived",
    "claim",
    "ruling",
    "maintenance",
    "approved",
    "inspection",
    "delivered",
    "diagnosed",
    "replaced",
    "scored",
)
"""The types of records that people hand in and can take back; what a signature, a probe or the agent said stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A record is as if it had never been. `of`: its `type`, and as many of its keys in JSON as single it out."""

    record_type: ClassVar[str] = "corrected"
    of: Mapping[str, Any]
    by: str = ""
    at: int
    reason: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def _of(value: Any) -> dict[str, Any]:
    """An object that names a record: its type, one that can be taken back, and any of its keys."""
    if not isinstance(value, dict):
        raise wrong(value, "an object that names a record by its keys")
    if value.get("type") not in CORRECTABLE:
        raise wrong(
            value.get("type"), Sentence("a type of record that can be taken back: {names}", names=CORRECTABLE)
        )
    return value


CORRECTED = RecordType(
    record=Corrected,
    keys={
        "of": RecordKey("of", _of, dict),
        "by": BY,
        "at": AT,
        "reason": RecordKey("reason", values.text),
    },
    is_exported_whole=True,
)
