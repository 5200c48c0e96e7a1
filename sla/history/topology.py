"""What hangs behind what, over time (SPEC §1, §3): circles, and the order in which to work it out."""

from __future__ import annotations

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import BEGINNING, END

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from sla.evidence.records import Asset
    from sla.history.definitions import DefinitionHistory

    Assets = Mapping[str, DefinitionHistory[Asset]]
    Graph = Mapping[str, AbstractSet[str]]


class Epoch(NamedTuple):
    """A stretch of time, and an order of all assets in which each comes after everything it is behind in it."""

    begin: int
    end: int
    order: tuple[str, ...]


class CircleError(ValueError):
    """At some instant an asset is behind itself: `circle` has ids, each behind the next, the first one repeated."""

    def __init__(self, circle: tuple[str, ...]) -> None:
        self.circle = circle
        super().__init__(" behind ".join(circle))


def _upstream(asset: Asset) -> set[str]:
    return {*asset.behind, *asset.behind_any}


def ever_upstream(assets: Assets) -> dict[str, set[str]]:
    """Id → all that it is behind at any time, by one step."""
    return {
        name: set().union(*(_upstream(part.definition) for part in history.parts)) for name, history in assets.items()
    }


def _order(graph: Graph) -> tuple[str, ...]:
    """All ids, each after everything that it is behind; CircleError where there is no such order."""
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise CircleError(tuple(reversed(error.args[1]))) from None


def epochs_of(assets: Assets) -> tuple[Epoch, ...]:
    """Stretches that cover all time, one if a single order suits every instant. CircleError as there is one."""
    whole = ever_upstream(assets)
    try:
        return (Epoch(BEGINNING, END, _order(whole)),)
    except CircleError:
        if all(len(history.parts) == 1 for history in assets.values()):
            raise
    cuts = sorted({part.begin for history in assets.values() for part in history.parts if part.begin > BEGINNING})
    return tuple(
        Epoch(begin, end, _order({name: _at(history, begin) for name, history in assets.items()}))
        for begin, end in pairwise([BEGINNING, *cuts, END])
    )


def _at(history: DefinitionHistory[Asset], at: int) -> set[str]:
    return _upstream(history.at(at)) if history.parts[0].begin <= at else set()


def downstream(assets: Assets) -> dict[str, frozenset[str]]:
    """Id → every asset that is behind it at any time, through any number of steps, itself not included."""
    children: dict[str, set[str]] = defaultdict(set)
    for name, parents in ever_upstream(assets).items():
        for parent in parents:
            children[parent].add(name)
    return {name: _below(name, children) for name in assets}


def _below(name: str, children: Graph) -> frozenset[str]:
    if name not in children:
        return frozenset()
    found: set[str] = set()
    ahead: Iterable[str] = children[name]
    while ahead:
        fresh = {*ahead} - found
        found |= fresh
        ahead = [below for each in fresh for below in children.get(each, ())]
    return frozenset(found - {name})
