"""Out, cut off, explained (SPEC §3), for all assets together, top down, by the definitions of each instant.

`Detection` answers for one body of readings what is out, what is cut off by it, and which incidents
remain. It keeps what it has worked out; `forget` lets go of what new readings may have changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from sla.evidence.intervals import (
    ALWAYS,
    NEVER,
    Intervals,
    clip,
    contains,
    difference,
    intersection,
    intersection_of,
    union,
)
from sla.history.topology import downstream, epochs_of
from sla.incidents.incident import Incident, incidents_of
from sla.incidents.sides import Side, side_at
from sla.incidents.states import out_by_reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sla.contract.model import Measurement
    from sla.evidence.records import Asset, Check
    from sla.evidence.runs import Runs
    from sla.history.definitions import DefinitionHistory
    from sla.history.topology import Epoch

    Assets = Mapping[str, DefinitionHistory[Asset]]

SEVERITIES = ("minor", "major", "critical")
"""From the least to the highest."""


def cut_off_by(asset: Asset, out: Mapping[str, Intervals], assets: Assets) -> Intervals:
    """While any asset that it is `behind` is out, and while all of its `behind_any` in service are out at once.

    `out`: of each asset upstream when it is out; what is not in service cuts nothing off.
    """
    needed = [intersection(out[name], assets[name].service) for name in asset.behind]
    return union(*needed, _all_paths_out(asset.behind_any, out, assets))


def _all_paths_out(names: Sequence[str], out: Mapping[str, Intervals], assets: Assets) -> Intervals:
    if not names:
        return NEVER
    served = union(*(assets[name].service for name in names))
    without = intersection_of(
        out[name] if assets[name].service == ALWAYS else union(out[name], difference(ALWAYS, assets[name].service))
        for name in names
    )
    return intersection(without, served)


def spread_out(
    assets: Assets, epochs: Iterable[Epoch], reach_out: Callable[[str], Intervals]
) -> tuple[dict[str, Intervals], dict[str, Intervals]]:
    """(cut off, out) of every asset, given when its own reach check makes each one out."""
    cut_off: dict[str, list[Intervals]] = defaultdict(list)
    for epoch in epochs:
        out: dict[str, Intervals] = {}
        for name in epoch.order:
            found = _cut_off(assets[name], out, assets)
            out[name] = union(reach_out(name), found)
            cut_off[name].append(clip(found, epoch.begin, epoch.end))
    whole = {name: union(*found) for name, found in cut_off.items()}
    return whole, {name: union(reach_out(name), found) for name, found in whole.items()}


def _cut_off(asset: DefinitionHistory[Asset], out: Mapping[str, Intervals], assets: Assets) -> Intervals:
    """When its definitions have the asset cut off; an upstream that the epoch's order has later says nothing yet."""
    if len(asset.parts) == 1:
        part = asset.parts[0]
        found = cut_off_by(part.definition, out, assets)
        return found if not found else clip(found, part.begin, part.end)
    return union(
        *(
            clip(cut_off_by(part.definition, out, assets), part.begin, part.end)
            for part in asset.parts
            if all(name in out for name in (*part.definition.behind, *part.definition.behind_any))
        )
    )


class Detection:
    """What the readings say about assets and checks, under one contract's rules of measurement."""

    def __init__(
        self,
        assets: Assets,
        checks: Mapping[str, DefinitionHistory[Check]],
        rules: Measurement,
        sides_of: Callable[[str], Sequence[Side]],
    ) -> None:
        """`sides_of(check)`: the check's readings, each stretch that is looked at by itself."""
        self.assets = assets
        self.checks = checks
        self.rules = rules
        self.epochs = epochs_of(assets)
        self._sides_of = sides_of
        self._sides: dict[str, Sequence[Side]] = {}
        self._reach_when: dict[str, Intervals] = {}
        self._reaching: dict[str, list[str]] = defaultdict(list)
        self._checks_of: dict[str, list[str]] = {name: [] for name in assets}
        for name, check in checks.items():
            self._checks_of[check.latest.asset].append(name)
            reach = check.when(lambda definition: definition.reach)
            if reach:
                self._reach_when[name] = reach
                self._reaching[check.latest.asset].append(name)
        self._reach_out: dict[str, Intervals] = {}
        self._spread: tuple[dict[str, Intervals], dict[str, Intervals]] | None = None
        self._incidents: dict[str, tuple[Incident, ...]] = {}
        self._below: dict[str, frozenset[str]] | None = None
        self._explainables: dict[str, tuple[str, ...]] = {}

    def checks_of(self, asset: str) -> list[str]:
        """The ids of all checks of the asset, in the order of the evidence; none where it has no check."""
        return self._checks_of[asset]

    def sides(self, check: str) -> Sequence[Side]:
        """The check's readings, nearly always in one side; kept until `forget`."""
        if check not in self._sides:
            self._sides[check] = self._sides_of(check)
        return self._sides[check]

    def side(self, incident: Incident) -> Side:
        """The side of its check in which an incident lies."""
        return side_at(self.sides(incident.check), incident.detected)

    def runs(self, check: str) -> tuple[Runs, ...]:
        """The readings of each side, as runs."""
        return tuple(side.runs for side in self.sides(check))

    def fails(self, check: str) -> tuple[int, ...]:
        """The instants of all fails of the check, in time order."""
        sides = self.sides(check)
        return sides[0].runs.fails if len(sides) == 1 else tuple(at for side in sides for at in side.runs.fails)

    def reach_out(self, asset: str) -> Intervals:
        """When the asset's own reach check makes it out; never without one."""
        if asset not in self._reach_out:
            self._reach_out[asset] = union(*(self._out_by(check) for check in self._reaching.get(asset, ())))
        return self._reach_out[asset]

    def _out_by(self, check: str) -> Intervals:
        found = union(*(out_by_reach(runs, self.rules.settle) for runs in self.runs(check)))
        when = self._reach_when[check]
        return found if when == ALWAYS else intersection(found, when)

    def _all(self) -> tuple[dict[str, Intervals], dict[str, Intervals]]:
        if self._spread is None:
            self._spread = spread_out(self.assets, self.epochs, self.reach_out)
        return self._spread

    def cut_off(self, asset: str) -> Intervals:
        """When the asset is cut off by what it is behind."""
        return self._all()[0][asset]

    def out(self, asset: str) -> Intervals:
        """When the asset is out: by its own reach check, or cut off."""
        return self._all()[1][asset]

    def shadow(self, check: str) -> Intervals:
        """When a fail of this check is explained: a reach check's by being cut off, any other's by being out."""
        asset = self.checks[check].latest.asset
        reach = self._reach_when.get(check, NEVER)
        if reach == NEVER:
            return self.out(asset)
        if reach == ALWAYS:
            return self.cut_off(asset)
        return union(intersection(self.cut_off(asset), reach), difference(self.out(asset), reach))

    def incidents(self, check: str) -> tuple[Incident, ...]:
        """The check's incidents in time order, blips among them."""
        if check not in self._incidents:
            shadow = self.shadow(check)
            self._incidents[check] = tuple(
                incident
                for side in self.sides(check)
                for incident in incidents_of(check, side.runs, shadow, self.rules, side.ended)
            )
        return self._incidents[check]

    def below(self, asset: str) -> frozenset[str]:
        """Every asset that is behind this one at any time, through any number of steps."""
        if self._below is None:
            self._below = downstream(self.assets)
        return self._below[asset]

    def is_behind(self, asset: str, other: str, at: int) -> bool:
        """Whether at that instant the asset is behind the other one, through any number of steps, all in service."""
        ahead, seen = [asset], {asset}
        while ahead and other not in seen:
            definition = self.assets[ahead.pop()].at(at)
            fresh = {each for each in (*definition.behind, *definition.behind_any) if self.assets[each].serves(at)}
            ahead += fresh - seen
            seen |= fresh
        return other in seen

    def explains(self, incident: Incident) -> tuple[str, ...]:
        """The other checks of this asset and of those behind it with an explained fail while it lasted (SPEC §10).

        While it lasted: [began_after or detected, restored + settle); while not restored up to `withdrawn`, or
        without an end.
        """
        candidates = self._explainable(self.checks[incident.check].latest.asset)
        if len(candidates) == 1:  # the check itself: most cameras have nothing behind them
            return ()
        return self._explained_by(incident, candidates)

    def _explained_by(self, incident: Incident, candidates: Iterable[str]) -> tuple[str, ...]:
        """Those of these checks, itself left out, that have an explained fail while it lasted."""
        asset = self.checks[incident.check].latest.asset
        begin = incident.detected if incident.began_after is None else incident.began_after
        end = incident.withdrawn if incident.restored is None else incident.restored + self.rules.settle
        return tuple(
            check for check in candidates if check != incident.check and self._has_explained(check, asset, begin, end)
        )

    def _explainable(self, asset: str) -> tuple[str, ...]:
        """The checks of an asset and of those behind it."""
        if asset not in self._explainables:
            names = (asset, *sorted(self.below(asset)))
            self._explainables[asset] = tuple(check for name in names for check in self._checks_of[name])
        return self._explainables[asset]

    def _has_explained(self, check: str, above: str, begin: int, end: int | None) -> bool:
        fails = self.fails(check)
        asset, shadow = self.checks[check].latest.asset, None
        for at in fails[bisect_left(fails, begin) :]:
            if end is not None and at >= end:
                return False
            shadow = self.shadow(check) if shadow is None else shadow
            if contains(shadow, at) and (asset == above or self.is_behind(asset, above, at)):
                return True
        return False

    def severity(self, incident: Incident) -> str:
        """The highest among its check's at `detected` and those of the same asset's checks that it explains."""
        check, at = self.checks[incident.check], incident.detected
        own, candidates = check.at(at).severity, self._checks_of[check.latest.asset]
        if len(candidates) == 1:
            return own
        explained = (self.checks[each].governing(at) for each in self._explained_by(incident, candidates))
        found = [definition.severity for definition in explained if definition is not None]
        return max([own, *found], key=SEVERITIES.index)

    def forget(self, checks: Iterable[str]) -> None:
        """Let go of what new readings of these checks may have changed."""
        for check in checks:
            self._sides.pop(check, None)
            self._incidents.pop(check, None)
            asset = self.checks[check].latest.asset
            if check in self._reach_when:
                self._reach_out.pop(asset, None)
                self._spread = None
                for name in (asset, *self.below(asset)):
                    for other in self._checks_of[name]:
                        self._incidents.pop(other, None)
