"""`maintenance`: announced work (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.instants import format_instant
from sla.evidence.keys import ID, SPAN, RecordKey
from sla.evidence.record_type import RecordType, empty_span
from sla.evidence.records.scope import scope_from_json, scope_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.evidence.records.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Announced work on the assets in scope, [begin, end)."""

    record_type: ClassVar[str] = "maintenance"
    id: str
    scope: Scope
    begin: int
    end: int
    announced_at: int
    approved: bool
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


MAINTENANCE = RecordType(
    record=Maintenance,
    keys={
        "id": ID,
        "scope": RecordKey("scope", scope_from_json, scope_to_json),
        **SPAN,
        "announced_at": RecordKey("announced_at", values.instant, format_instant),
        "approved": RecordKey("approved", values.flag),
    },
    known_at="announced_at",
    identity=("id",),
    mistake=empty_span,
    is_exported_whole=True,
)
