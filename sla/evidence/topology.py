"""Which asset is behind which (SPEC §1, §3): order, circles, and all that hangs behind one."""

from __future__ import annotations

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.evidence.records import Asset


def _upstream(assets: Mapping[str, Asset]) -> dict[str, tuple[str, ...]]:
    return {name: (*asset.behind, *asset.behind_any) for name, asset in assets.items()}


def circle_in(assets: Mapping[str, Asset]) -> tuple[str, ...]:
    """One circle of ids in which each is behind the next, the first repeated at the end; empty without any."""
    try:
        TopologicalSorter(_upstream(assets)).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def top_down(assets: Mapping[str, Asset]) -> tuple[str, ...]:
    """All ids, each after everything that it is behind."""
    return tuple(TopologicalSorter(_upstream(assets)).static_order())


def downstream(assets: Mapping[str, Asset]) -> dict[str, frozenset[str]]:
    """Id → every asset behind it, through any number of steps, itself not included."""
    children: dict[str, set[str]] = defaultdict(set)
    for name, parents in _upstream(assets).items():
        for parent in parents:
            children[parent].add(name)
    below: dict[str, frozenset[str]] = {}
    for name in reversed(top_down(assets)):
        below[name] = frozenset().union(*({child} | below[child] for child in children[name]))
    return below
