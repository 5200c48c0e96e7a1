"""What the program knows of one type of record: everything that reading, judging and the ledger ask of it."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from config.text.sentence import Sentence
from sla.evidence.instants import format_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sla.evidence.keys import RecordKey


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

    `identity`: the attributes that name what may be said only once, or again in the same words; empty where
    everything may be said any number of times. What a `RecordKey.refers_to` names has `("id",)`. `shown_as`: how a
    sentence calls a record with that identity, a template of these attributes; its type and id where empty.
    `noun`: what a refused reference calls the record; its type where empty.
    `mistake`: what is wrong with a record whose values are right one by one; None where nothing is.

    `is_definition`: a later one with the same id takes its place. `counts_once`: the ledger keeps the same record
    said twice once. `is_exported_whole`: an export of any span of time has all of them, so that no record in it
    points to what is not there.
    """

    record: type[R]
    keys: Mapping[str, RecordKey]
    extra: str = "extra"
    known_at: str = "at"
    identity: tuple[str, ...] = ()
    shown_as: str = ""
    noun: str = ""
    mistake: Callable[[R], Sentence | None] = lambda _: None
    is_definition: bool = False
    counts_once: bool = True
    is_exported_whole: bool = False
    required: frozenset[str] = field(init=False)
    """Attributes without which a record is malformed."""

    def __post_init__(self) -> None:
        """Derive what is required from the dataclass and its keys."""
        bare = {each.name for each in fields(self.record) if MISSING is each.default is each.default_factory}
        marked = {key.name for key in self.keys.values() if key.is_required}
        object.__setattr__(self, "required", frozenset(bare | marked))

    @property
    def name(self) -> str:
        """The name of the type as evidence files spell it, which is its key in `RECORDS`."""
        return self.record.record_type

    def identity_of(self, record: R) -> tuple[Any, ...] | None:
        """The type and what names the record, as one value that can be compared; None where it may be repeated."""
        return (self.name, *(getattr(record, each) for each in self.identity)) if self.identity else None

    def shown(self, record: R) -> Sentence:
        """What a sentence calls a record that has an identity."""
        named = {each: getattr(record, each) for each in self.identity}
        if self.shown_as:
            return Sentence(self.shown_as, **named)
        return Sentence("{type} {id}", type=self.name, **named)

    def references(self, record: R) -> Iterator[tuple[str, str, str]]:
        """(key, type of record, id) of everything that the record points to."""
        for name, key in self.keys.items():
            if key.refers_to:
                found = getattr(record, key.name)
                yield from ((name, key.refers_to, one) for one in (found if isinstance(found, tuple) else (found,)))

    def known_from(self, record: R) -> int | None:
        """The instant from which on the record is known, in ms since the epoch; None: it always was."""
        return getattr(record, self.known_at) if self.known_at else None


def empty_span(record: Any) -> Sentence | None:
    """What is wrong with a record about [begin, end) that ends before it begins; None where nothing is."""
    if record.begin < record.end:
        return None
    return Sentence(
        "{key}: got {got}, wanted {wanted}",
        key="to",
        got=format_instant(record.end),
        wanted=Sentence("an instant after from, {begin}", begin=format_instant(record.begin)),
    )
