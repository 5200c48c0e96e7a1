"""What the program knows of one type of record: everything that reading, judging and the ledger ask of it."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from sla.evidence.instants import format_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sla.evidence.keys import Key


class Record(Protocol):
    """Any record of the table `RECORDS`: a frozen dataclass that names its type as evidence files spell it."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    record_type: ClassVar[str]


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType(Generic[R]):
    """One row of the table `RECORDS`.

    `record`: its dataclass. `keys`: its keys in JSON, in the order in which they are written. `extra`: the attribute
    that keeps the keys which `keys` does not name. `known_at`: the attribute with the instant from which on the
    record is known; empty for what always was (assets, checks).

    `identity`: (what it is, which one) of what may be said only once, or again in the same words; None where
    everything may be said any number of times. Whatever `Key.refers_to` names has (type, id) for its identity.
    `noun`: what a refused reference calls the record; its type where empty.
    `mistake`: what is wrong with a record whose values are right one by one; empty where nothing is.

    `is_definition`: a later one with the same id takes its place. `counts_once`: the ledger keeps the same record
    said twice once. `is_exported_whole`: an export of any span of time has all of them, so that no record in it
    points to what is not there.
    """

    record: type[R]
    keys: Mapping[str, Key]
    extra: str = "extra"
    known_at: str = "at"
    identity: Callable[[R], tuple[str, str]] | None = None
    noun: str = ""
    mistake: Callable[[R], str] = lambda _: ""
    is_definition: bool = False
    counts_once: bool = True
    is_exported_whole: bool = False
    required: frozenset[str] = field(init=False)
    """Attributes without which a record is malformed."""

    def __post_init__(self) -> None:
        """Derive what is required from the dataclass and its keys."""
        bare = {each.name for each in fields(self.record) if MISSING is each.default is each.default_factory}
        said = {key.name for key in self.keys.values() if key.is_required}
        object.__setattr__(self, "required", frozenset(bare | said))

    @property
    def name(self) -> str:
        """The type as evidence files spell it."""
        return self.record.record_type

    def references(self, record: R) -> Iterator[tuple[str, str, str]]:
        """(key, type of record, id) of everything that the record points to."""
        for name, key in self.keys.items():
            if key.refers_to:
                found = getattr(record, key.name)
                yield from ((name, key.refers_to, one) for one in (found if isinstance(found, tuple) else (found,)))

    def known_from(self, record: R) -> int | None:
        """The instant from which on the record is known, in ms since the epoch; None: it always was."""
        return getattr(record, self.known_at) if self.known_at else None


def by_id(record: Any) -> tuple[str, str]:
    """The identity of a record with an `id` of its own."""
    return record.record_type, record.id


def empty_span(record: Any) -> str:
    """What is wrong with a record about [begin, end) that ends before it begins; empty where nothing is."""
    if record.begin < record.end:
        return ""
    return f"to: got {format_instant(record.end)}, wanted an instant after from, {format_instant(record.begin)}"
