"""What the program knows of one type of record: everything that reading, judging and the ledger ask of it."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from config.text.sentence import Sentence
from sla.evidence.instants import format_instant
from sla.evidence.intervals import BEGINNING
from sla.evidence.keys import RECORDED

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

    `record`: its dataclass. `keys`: its keys in JSON, in the order in which they are written; `recorded_at` follows.
    `extra`: the attribute that keeps the keys which `keys` does not name. `known_at`: the attribute with the
    instant of the record, at which it was known unless the ledger stamped it.

    `identity`: the attributes that name what is given once; empty where everything may be said any number of times.
    `unique_at`: the attributes of which one instant and one stamp have one record only, so that the last one stands.
    `shown_as`: how a sentence calls a record of which there are two, a template of these attributes; its type and
    id where empty. `noun`: what a refused reference calls the record; its type where empty.
    `mistake`: what is wrong with a record whose values are right one by one; None where nothing is.

    `is_definition`: it says what an id is from an instant on. `counts_once`: the ledger keeps the same record
    said twice once. `is_exported_whole`: an export of any span of time has all of them, so that no record in it
    points to what is not there.
    """

    record: type[R]
    keys: Mapping[str, RecordKey]
    extra: str = "extra"
    known_at: str = "at"
    identity: tuple[str, ...] = ()
    unique_at: tuple[str, ...] = ()
    shown_as: str = ""
    noun: str = ""
    mistake: Callable[[R], Sentence | None] = lambda _: None
    is_definition: bool = False
    counts_once: bool = True
    is_exported_whole: bool = False
    required: frozenset[str] = field(init=False)
    """Attributes without which a record is malformed."""

    def __post_init__(self) -> None:
        """Add the key that all have, and derive what is required from the dataclass and its keys."""
        object.__setattr__(self, "keys", {**self.keys, "recorded_at": RECORDED})
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

    def likeness_of(self, record: R) -> Any:
        """A value that two identical records share, to look for them among few: their instant, or their id."""
        return getattr(record, "id", None) or getattr(record, self.known_at)

    def shown(self, record: R) -> Sentence:
        """What a sentence calls a record that has an identity."""
        named = {each: getattr(record, each) for each in (*self.identity, *self.unique_at)}
        if self.shown_as:
            return Sentence(self.shown_as, **named)
        return Sentence("{type} {id}", type=self.name, **named)

    def references(self, record: R) -> Iterator[tuple[str, str, str]]:
        """(key, type of record, id) of everything that the record points to."""
        for name, key in self.keys.items():
            if key.refers_to:
                found = getattr(record, key.name)
                yield from ((name, key.refers_to, one) for one in (found if isinstance(found, tuple) else (found,)))

    def recorded(self, record: R) -> int:
        """R (SPEC §1), in ms: the ledger's stamp; without one the record's instant, or the beginning of time."""
        stamp: int | None = getattr(record, "recorded_at")  # noqa: B009 - every record has it, no protocol says so
        at: int | None = getattr(record, self.known_at)
        return stamp if stamp is not None else BEGINNING if at is None else at

    def known_from(self, record: R) -> int:
        """The instant from which on the record is known, in ms: R, or the record's own where that is later."""
        at: int | None = None if self.is_definition else getattr(record, self.known_at)
        recorded = self.recorded(record)
        return recorded if at is None else max(recorded, at)


def backward_service(definition: Any) -> Sentence | None:
    """What is wrong with a definition whose service ends before it begins; None where nothing is."""
    if definition.begin is None or definition.end is None or definition.begin <= definition.end:
        return None
    return Sentence(
        "{key}: got {got}, wanted {wanted}",
        key="to",
        got=format_instant(definition.end),
        wanted=Sentence("an instant not before from, {begin}", begin=format_instant(definition.begin)),
    )


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
