"""One asset or check under several ids in turn (SPEC §1, `replaces`): which ids are one, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from config.text.sentence import Sentence
from sla.evidence.intervals import BEGINNING
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sla.evidence.records import Asset, Check
    from sla.history.settlements import Settlements

    Definition = Asset | Check
    Placed = tuple[int, Definition]


class Lines(NamedTuple):
    """Which ids are one. `newest`: id → what it is called now. `ids`: such a name → all ids of it, oldest first."""

    newest: Mapping[str, str]
    ids: Mapping[str, tuple[str, ...]]


def lines_of(definitions: Mapping[str, Sequence[Placed]]) -> Lines:
    """The ids that are one, of id → its definitions. What contradicts is left out here: `refused` names it."""
    before = {name: old for name, old in _replaced(definitions).items() if old in definitions}
    after: dict[str, str] = {}
    for name, old in before.items():
        after.setdefault(old, name)
    ids: dict[str, tuple[str, ...]] = {}
    for name in definitions:
        if name not in after:
            ids[name] = tuple(reversed(list(_back(name, before, after))))
    newest = {each: name for name, line in ids.items() for each in line}
    return Lines(newest, ids)


def _replaced(definitions: Mapping[str, Sequence[Placed]]) -> dict[str, str]:
    """Id → the id that it replaces, as first recorded."""
    found: dict[str, str] = {}
    for name, placed in definitions.items():
        first = _first_replacing(placed)
        if first is not None and first.replaces is not None:
            found[name] = first.replaces
    return found


def _first_replacing(placed: Iterable[Placed]) -> Definition | None:
    return min((each for _, each in placed if each.replaces is not None), key=_order, default=None)


def _order(definition: Definition) -> tuple[int, int]:
    row = type_of(definition)
    return row.recorded(definition), BEGINNING if definition.begin is None else definition.begin


def _back(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[str]:
    """An id, the one that it replaces, and so on."""
    seen: set[str] = set()
    at: str | None = name
    while at is not None and at not in seen:
        yield at
        seen.add(at)
        old = before.get(at)
        at = old if old is not None and after[old] == at else None


def refused(definitions: Mapping[str, Sequence[Placed]], settlements: Settlements | None) -> Iterable[Problem]:
    """What contradicts in `replaces`: a circle, two for one, one too late, or for an id that served before."""
    replaced: dict[str, str] = {}
    for name, placed in definitions.items():
        lines = [(line, each) for line, each in placed if each.replaces is not None]
        for line, each in lines:
            if each.replaces is None or each.replaces not in definitions:
                continue
            yield from _two(line, each, replaced)
            replaced.setdefault(each.replaces, name)
        if lines:
            yield from _too_late(min(lines, key=lambda one: _order(one[1])), placed, settlements)
    yield from _circles(definitions)


def _two(line: int, each: Definition, replaced: Mapping[str, str]) -> Iterable[Problem]:
    other = replaced.get(each.replaces or "", each.id)
    if other != each.id:
        sentence = "replaces: {one} and {other} both replace {name}; at most one"
        yield Problem(line, Sentence(sentence, one=repr(other), other=repr(each.id), name=repr(each.replaces)))


def _too_late(placed: Placed, definitions: Sequence[Placed], settlements: Settlements | None) -> Iterable[Problem]:
    line, first = placed
    begin = BEGINNING if first.begin is None else first.begin
    settled = None if settlements is None else settlements.end_before(type_of(first).recorded(first))
    if settled is not None and begin < settled:
        sentence = "replaces: {name} would become another's new name in a month that both parties have signed"
        yield Problem(line, Sentence(sentence, name=repr(first.id)))
    earlier = [each for _, each in definitions if (BEGINNING if each.begin is None else each.begin) < begin]
    if any(each.end is None or (BEGINNING if each.begin is None else each.begin) < each.end for each in earlier):
        sentence = "replaces: {name} was in service before it is said to replace {other}"
        yield Problem(line, Sentence(sentence, name=repr(first.id), other=repr(first.replaces)))


def _circles(definitions: Mapping[str, Sequence[Placed]]) -> Iterable[Problem]:
    before = _replaced(definitions)
    done: set[str] = set()
    for name in sorted(before):
        trail: list[str] = []
        at: str | None = name
        while at is not None and at not in trail and at not in done:
            trail.append(at)
            at = before.get(at)
        if at is not None and at in trail:
            circle = trail[trail.index(at) :]
            line = min(line for line, each in definitions[at] if each.replaces is not None)
            yield Problem(line, Sentence("replaces: a circle, {circle}", circle=" ← ".join([*circle, at])))
        done.update(trail)
