"""`diagnosed`: a part of an asset has to be replaced (docs/obligations.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, ID, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """Somebody found that a part of the asset has to be replaced."""

    record_type: ClassVar[str] = "diagnosed"
    id: str
    asset: str
    at: int
    by: str = ""
    part: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


DIAGNOSED = RecordType(
    record=Diagnosed,
    keys={
        "id": ID,
        "asset": RecordKey("asset", values.name, refers_to="asset"),
        "at": AT,
        "by": BY,
        "part": RecordKey("part", values.text),
    },
    identity=("id",),
    noun="diagnosis",
    is_exported_whole=True,
)
