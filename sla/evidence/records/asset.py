"""`asset`: a thing that the contract covers (SPEC §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import ID, SPAN, RecordKey
from sla.evidence.record_type import RecordType, backward_service

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A thing that the contract covers, as it is from `begin` on (None: from the beginning of time).

    `behind`: each is needed; `behind_any`: one is enough. `end`: when its service ends, None: never. `replaces`: the
    id under which the same asset went before. Instants in milliseconds.
    """

    record_type: ClassVar[str] = "asset"
    id: str
    kind: str
    name: str = ""
    tags: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    behind_any: tuple[str, ...] = ()
    begin: int | None = None
    end: int | None = None
    replaces: str | None = None
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


ASSET = RecordType(
    record=Asset,
    keys={
        "id": ID,
        "kind": RecordKey("kind", values.name),
        "name": RecordKey("name", values.text),
        "tags": RecordKey("tags", values.names, list),
        "behind": RecordKey("behind", values.one_or_more, list, refers_to="asset"),
        "behind_any": RecordKey("behind_any", values.one_or_more, list, refers_to="asset"),
        **SPAN,
        "replaces": RecordKey("replaces", values.name, refers_to="asset"),
    },
    known_at="begin",
    mistake=backward_service,
    is_definition=True,
    counts_once=False,
    is_exported_whole=True,
)
