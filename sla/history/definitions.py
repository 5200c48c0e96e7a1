"""Definitions are dated (SPEC §1): which one of an asset or check governs when, and when it is in service."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from sla.evidence.intervals import ALWAYS, BEGINNING, END, NEVER, Interval, Intervals, intersection, normal
from sla.evidence.records import Asset, Check
from sla.evidence.records.registry import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sla.history.settlements import Settlements

D = TypeVar("D", Asset, Check)


class Part(NamedTuple, Generic[D]):
    """A stretch of time, and the definition that governs it: under the newest name, and as it was said.

    `settled`: E of it, before which it is as if it had not been recorded.
    """

    begin: int
    end: int
    definition: D
    said: D
    settled: int = BEGINNING


def place_of(parts: Sequence[Part[Any]], at: int) -> int:
    """Which of these parts an instant lies in; before the first one: the first."""
    return max(0, bisect_right(parts, at, key=attrgetter("begin")) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionHistory(Generic[D]):
    """All that is known of one asset or check under all its names, at every instant.

    `id`: its newest name; `ids`: all its names, oldest first. `definitions`: every one that is known, behind its
    line. `parts`: in time order, without gaps from the first one's begin on; before that nothing is defined.
    `service`: when it is in service, of a check only while its asset is. `stints`: the stretches of time that are
    looked at by themselves (SPEC §1, breaks in service), nearly always one.
    """

    id: str
    ids: tuple[str, ...]
    definitions: tuple[tuple[int, D], ...]
    parts: tuple[Part[D], ...]
    service: Intervals
    stints: tuple[Interval, ...] = ((BEGINNING, END),)

    @property
    def latest(self) -> D:
        """The definition that governs in the end."""
        return self.parts[-1].definition

    def at(self, at: int) -> D:
        """The definition that governs at an instant; before the first one: the first."""
        if len(self.parts) == 1:
            return self.parts[0].definition
        return self.part_at(at).definition

    def part_at(self, at: int) -> Part[D]:
        """The stretch that an instant lies in; before the first one: the first."""
        return self.parts[place_of(self.parts, at)]

    def governing(self, at: int) -> D | None:
        """The definition that governs at an instant; None before the first one."""
        return self.at(at) if self.parts[0].begin <= at else None

    def serves(self, at: int) -> bool:
        """Whether it is in service at that instant."""
        place = bisect_right(self.service, (at, END)) - 1
        return place >= 0 and at < self.service[place][1]

    def when(self, holds: Callable[[D], bool]) -> Intervals:
        """When it is in service and its definition is so."""
        if len(self.parts) == 1:
            return self.service if holds(self.parts[0].definition) else NEVER
        fitting = normal((part.begin, part.end) for part in self.parts if holds(part.definition))
        return intersection(fitting, self.service)


def undated(definition: D) -> DefinitionHistory[D]:
    """What one definition says, as if it held for ever."""
    return DefinitionHistory(
        id=definition.id,
        ids=(definition.id,),
        definitions=((0, definition),),
        parts=(Part(BEGINNING, END, definition, definition),),
        service=ALWAYS,
    )


class _Ranked(NamedTuple, Generic[D]):
    """A definition, the instant from which on it may govern, and (from, R, how new its name is) to rank by."""

    active: int
    settled: int
    rank: tuple[int, int, int]
    definition: D


def parts_of(definitions: Iterable[D], ids: Sequence[str], settlements: Settlements | None) -> tuple[Part[D], ...]:
    """Who governs when: at t the greatest (from, R) of those from t or before, and not before their E."""
    ranked = [_ranked(each, ids.index(each.id), settlements) for each in definitions]
    governing: list[_Ranked[D]] = []
    for one in sorted(ranked, key=lambda each: (each.active, each.rank)):
        if not governing or one.rank > governing[-1].rank:
            if governing and governing[-1].active == one.active:
                governing.pop()
            governing.append(one)
    ends = [*(one.active for one in governing[1:]), END]
    return tuple(
        Part(one.active, end, one.definition, one.definition, one.settled)
        for one, end in zip(governing, ends, strict=True)
    )


def _ranked(definition: D, age: int, settlements: Settlements | None) -> _Ranked[D]:
    begin = BEGINNING if definition.begin is None else definition.begin
    recorded = type_of(definition).recorded(definition)
    end = None if settlements is None else settlements.end_before(recorded)
    settled = BEGINNING if end is None else end
    return _Ranked(max(begin, settled), settled, (begin, recorded, age), definition)


def service_of(parts: Sequence[Part[D]]) -> Intervals:
    """When the definitions have it in service; before another name of it begins the one before goes on up to it."""
    found = []
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        end = part.end if part.definition.end is None else min(part.end, part.definition.end)
        found.append((part.begin, end))
        if after is not None and after.definition.id != part.definition.id:
            found.append((max(end, after.settled), part.end))
    return normal(found)


def under_one_name(parts: tuple[Part[D], ...], name: str) -> tuple[Part[D], ...]:
    """The parts with every definition under the newest name."""
    if all(part.said.id == name for part in parts):
        return parts
    return tuple(part._replace(definition=replace(part.definition, id=name)) for part in parts)


def returned_at(definitions: Iterable[tuple[int, D]], parts: Sequence[Part[D]], at: int) -> int:
    """The first R with which it was known that a service begins again at `at` (ms)."""
    place = place_of(parts, at)
    governing = parts[place].said
    if governing.end is not None and governing.end <= at and place + 1 < len(parts):
        governing = parts[place + 1].said  # the next name, up to whose begin the one before goes on
    stamps = [
        type_of(each).recorded(each)
        for _, each in definitions
        if each.begin == governing.begin and (each.end is None or at < each.end)
    ]
    return min(stamps, default=type_of(governing).recorded(governing))


def breaks_in(service: Intervals) -> list[Interval]:
    """The stretches between two stretches of service."""
    return [(before[1], after[0]) for before, after in pairwise(service)]
