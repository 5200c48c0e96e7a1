"""Out, cut off, explained (SPEC §3), for all assets together, worked out top down.

`Detection` answers for one body of readings what is out, what is cut off by it, and which incidents
remain. It keeps what it has worked out; `forget` lets go of what new readings may have changed.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from sla.evidence.intervals import NEVER, Intervals, intersection_of, union
from sla.evidence.topology import downstream, top_down
from sla.incidents.incident import Incident, explained_fails, incidents_of
from sla.incidents.states import out_by_reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sla.contract.model import Measurement
    from sla.evidence.records import Asset, Check
    from sla.evidence.runs import Runs


def gap_of(check: Check, rules: Measurement) -> int:
    """G in milliseconds: `max_gap` × the check's interval; a part of a millisecond cannot be exceeded."""
    return int(rules.max_gap * check.interval_ms)


def cut_off_by(asset: Asset, out: Mapping[str, Intervals]) -> Intervals:
    """While any asset that it is `behind` is out, and while all of its `behind_any` are out at once."""
    return union(
        *(out[parent] for parent in asset.behind),
        intersection_of(out[parent] for parent in asset.behind_any),
    )


def spread_out(
    assets: Mapping[str, Asset], order: Iterable[str], reach_out: Callable[[str], Intervals]
) -> tuple[dict[str, Intervals], dict[str, Intervals]]:
    """(cut off, out) of every asset, given when its own reach check makes each one out."""
    cut_off: dict[str, Intervals] = {}
    out: dict[str, Intervals] = {}
    for name in order:
        cut_off[name] = cut_off_by(assets[name], out)
        out[name] = union(reach_out(name), cut_off[name])
    return cut_off, out


class Detection:
    """What the readings say about assets and checks, under one contract's rules of measurement."""

    def __init__(
        self,
        assets: Mapping[str, Asset],
        checks: Mapping[str, Check],
        rules: Measurement,
        runs_of: Callable[[str, int], Runs],
    ) -> None:
        """`runs_of(check, gap)`: the check's readings as runs."""
        self.assets = assets
        self.checks = checks
        self.rules = rules
        self.order = top_down(assets)
        self._runs_of = runs_of
        self._reach = {check.asset: check.id for check in checks.values() if check.reach}
        self._runs: dict[str, Runs] = {}
        self._reach_out: dict[str, Intervals] = {}
        self._spread: tuple[dict[str, Intervals], dict[str, Intervals]] | None = None
        self._incidents: dict[str, tuple[Incident, ...]] = {}
        self._below: dict[str, frozenset[str]] | None = None
        self._explainables: dict[str, tuple[str, ...]] = {}
        self._checks_of: dict[str, list[Check]] = {name: [] for name in assets}
        for check in checks.values():
            self._checks_of[check.asset].append(check)

    def checks_of(self, asset: str) -> list[Check]:
        """All checks of the asset, in the order of the evidence; none where it has no check."""
        return self._checks_of[asset]

    def runs(self, check: str) -> Runs:
        """The check's readings as runs broken at its own G; kept until `forget`."""
        if check not in self._runs:
            self._runs[check] = self._runs_of(check, gap_of(self.checks[check], self.rules))
        return self._runs[check]

    def reach_out(self, asset: str) -> Intervals:
        """When the asset's own reach check makes it out; never without one."""
        if asset not in self._reach_out:
            check = self._reach.get(asset)
            self._reach_out[asset] = out_by_reach(self.runs(check), self.rules.settle) if check else NEVER
        return self._reach_out[asset]

    def _all(self) -> tuple[dict[str, Intervals], dict[str, Intervals]]:
        if self._spread is None:
            self._spread = spread_out(self.assets, self.order, self.reach_out)
        return self._spread

    def cut_off(self, asset: str) -> Intervals:
        """When the asset is cut off by what it is behind."""
        return self._all()[0][asset]

    def out(self, asset: str) -> Intervals:
        """When the asset is out: by its own reach check, or cut off."""
        return self._all()[1][asset]

    def shadow(self, check: str) -> Intervals:
        """When a fail of this check is explained: a reach check's by being cut off, any other's by being out."""
        asset = self.checks[check].asset
        return self.cut_off(asset) if self.checks[check].reach else self.out(asset)

    def incidents(self, check: str) -> tuple[Incident, ...]:
        """The check's incidents in time order, blips among them."""
        if check not in self._incidents:
            self._incidents[check] = incidents_of(check, self.runs(check), self.shadow(check), self.rules)
        return self._incidents[check]

    def below(self, asset: str) -> frozenset[str]:
        """Every asset behind this one, through any number of steps."""
        if self._below is None:
            self._below = downstream(self.assets)
        return self._below[asset]

    def explains(self, incident: Incident) -> tuple[str, ...]:
        """The other checks of this asset and of those behind it with an explained fail while it lasted (SPEC §10).

        While it lasted: [began_after or detected, restored + settle), without an end while not restored.
        """
        candidates = self._explainable(self.checks[incident.check].asset)
        if len(candidates) == 1:  # the check itself: most cameras have nothing behind them
            return ()
        begin = incident.detected if incident.began_after is None else incident.began_after
        end = None if incident.restored is None else incident.restored + self.rules.settle
        return tuple(
            check for check in candidates if check != incident.check and self._has_explained(check, begin, end)
        )

    def _explainable(self, asset: str) -> tuple[str, ...]:
        """The checks of an asset and of those behind it."""
        if asset not in self._explainables:
            names = (asset, *sorted(self.below(asset)))
            self._explainables[asset] = tuple(check.id for name in names for check in self._checks_of[name])
        return self._explainables[asset]

    def _has_explained(self, check: str, begin: int, end: int | None) -> bool:
        fails = self.runs(check).fails
        place = bisect_left(fails, begin)
        if place == len(fails) or (end is not None and fails[place] >= end):
            return False
        explained = explained_fails(self.runs(check), self.shadow(check))
        place = bisect_left(explained, begin)
        return place < len(explained) and (end is None or explained[place] < end)

    def forget(self, checks: Iterable[str]) -> None:
        """Let go of what new readings of these checks may have changed."""
        for check in checks:
            self._runs.pop(check, None)
            self._incidents.pop(check, None)
            asset = self.checks[check].asset
            if self._reach.get(asset) == check:
                self._reach_out.pop(asset, None)
                self._spread = None
                for name in (asset, *self.below(asset)):
                    for other in self._checks_of[name]:
                        self._incidents.pop(other.id, None)
