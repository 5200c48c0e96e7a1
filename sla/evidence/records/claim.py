"""`claim`: the vendor says that an outage was not its fault (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from sla.evidence import values
from sla.evidence.keys import AT, BY, ID, SPAN, RecordKey
from sla.evidence.record_type import RecordType, empty_span

if TYPE_CHECKING:
    from collections.abc import Mapping

Cause = Literal["power", "third_party", "force_majeure", "customer", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The vendor says that [begin, end) of this asset was not its fault."""

    record_type: ClassVar[str] = "claim"
    id: str
    asset: str
    begin: int
    end: int
    cause: Cause
    by: str = ""
    at: int
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


CLAIM = RecordType(
    record=Claim,
    keys={
        "id": ID,
        "asset": RecordKey("asset", values.name, refers_to="asset"),
        **SPAN,
        "cause": RecordKey("cause", values.word(*get_args(Cause))),
        "by": BY,
        "at": AT,
    },
    identity=("id",),
    mistake=empty_span,
    is_exported_whole=True,
)
