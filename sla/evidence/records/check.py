"""`check`: an asset seen by one probe (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from sla.evidence import values
from sla.evidence.keys import ID, SPAN, RecordKey
from sla.evidence.record_type import RecordType, backward_service

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["critical", "major", "minor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An asset seen by one probe, as it is from `begin` on (None: from the beginning of time).

    `interval_ms` is a whole number > 0. `end`: when its service ends, None: never. `replaces`: the id under which the
    same check went before. Instants in milliseconds.
    """

    record_type: ClassVar[str] = "check"
    id: str
    asset: str
    interval_ms: int
    severity: Severity = "major"
    counts: bool = True
    reach: bool = False
    begin: int | None = None
    end: int | None = None
    replaces: str | None = None
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


CHECK = RecordType(
    record=Check,
    keys={
        "id": ID,
        "asset": RecordKey("asset", values.name, refers_to="asset"),
        "interval_s": RecordKey("interval_ms", values.interval, values.seconds),
        "severity": RecordKey("severity", values.word(*get_args(Severity)), is_required=True),
        "counts": RecordKey("counts", values.flag),
        "reach": RecordKey("reach", values.flag),
        **SPAN,
        "replaces": RecordKey("replaces", values.name, refers_to="check"),
    },
    known_at="begin",
    mistake=backward_service,
    is_definition=True,
    counts_once=False,
    is_exported_whole=True,
)
