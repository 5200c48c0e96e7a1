"""SPEC sections 2 to 4, second edition, read from the text alone: states, incidents, excused time.

Whatever SPEC says of an instant is a question about one instant, which `Signal.of` asks once between any two instants
at which its answer could change. Nothing here is from `sla/`.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from fractions import Fraction
from functools import cache

from tests.support.slow.definitions import Definitions
from tests.support.slow.evidence import Known, recorded
from tests.support.slow.instants import NEVER, Days, Refused, Signal, duration, listed, within

DEFAULTS = {
    "max_gap": 3,
    "stable_for": "10m",
    "settle": "2m",
    "ignore_shorter": "0s",
    "doubt": "vendor",
    "unknown": "exclude",
    "min_coverage": "95%",
    "min_countable": "0s",
    "excused": "remove",
    "backdate": "0s",
}
SEVERITIES = ("critical", "major", "minor")
"""The highest first."""


class World:
    """The evidence as it was known at an instant, and what follows from it under the contract's measurement."""

    def __init__(self, contract: dict, records: list[dict], as_of: int) -> None:
        self.contract, self.as_of, self.days = contract, as_of, Days(contract)
        self.rules = DEFAULTS | contract.get("measurement", {})
        self.known = Known(contract, records, as_of, self.days)
        self.are = Definitions(self.known)
        self.assets, self.checks = self.are.assets, self.are.checks
        self.readings = {check: self.readings_of(check) for check in self.checks}
        for name in ("state", "asset_state", "own_out", "own_excused", "excused", "incidents", "explained_fails"):
            setattr(self, name, cache(getattr(self, f"_{name}")))
        self.outs = self.cut_and_out(self.own_out)
        self.unexcused_outs = self.cut_and_out(self.own_unexcused)

    # Section 2

    def gap(self, check: str, at: int) -> int:
        """G at an instant, in whole milliseconds, as instants are."""
        interval = Fraction(str(self.are.check(check, at)["interval_s"]))
        return int(Fraction(str(self.rules["max_gap"])) * interval * 1000)

    def readings_of(self, check: str) -> list[tuple[int, str]]:
        """(at, ok or fail), in time order, one an instant, within the check's service."""
        found: dict[int, str] = {}
        for record in self.known.of("reading"):
            if self.are.check_lines.called(record["check"]) != check or record["outcome"] == "none":
                continue
            if self.are.service[check].at(at := record["at"]):
                found[at] = "fail" if "fail" in (found.get(at), record["outcome"]) else "ok"
        return sorted(found.items())

    def by_side(self, check: str) -> list[list[tuple[int, str]]]:
        """The readings of each side that is looked at by itself."""
        return [[(at, word) for at, word in self.readings[check] if a <= at < b] for a, b in self.are.sides[check]]

    def _state(self, check: str) -> Signal:
        cuts, values = [-NEVER], ["unknown"]
        for readings in self.by_side(check):
            for (at, outcome), (next_at, next_outcome) in itertools.pairwise(readings):
                same = {"ok": "up", "fail": "down"}[outcome] if outcome == next_outcome else "changing"
                cuts.append(at)
                values.append("unknown" if next_at - at > self.gap(check, at) else same)
            if readings:
                cuts.append(readings[-1][0])
                values.append("unknown")
        return Signal(cuts, values)

    def _asset_state(self, asset: str) -> Signal:
        states = [(self.state(check), self.are.counts(check)) for check in self.are.checks_of(asset)]

        def worst(moment: int) -> str:
            seen = {state.at(moment) for state, counts in states if counts.at(moment)} or {"unknown"}
            return next(word for word in ("down", "unknown", "changing", "up") if word in seen)

        return Signal.of([cut for pair in states for signal in pair for cut in signal.cuts], worst)

    # Section 3

    def _own_out(self, asset: str) -> Signal:
        """Whether a reach check of the asset makes it out."""
        windows = []
        for check in self.are.checks_of(asset):
            reach = self.are.reach(check)
            windows += [
                (max(a, c), min(b, d))
                for a, b in self.fault_windows(check)
                for c, d, on in reach.stretches(-NEVER, NEVER)
                if on and max(a, c) < min(b, d)
            ]
        return within(windows)

    def fault_windows(self, check: str):
        """Down or changing and `settle` after it; after and before a fail that no reading is near, G."""
        settle = duration(self.rules["settle"])
        for a, b, word in self.state(check).stretches(-NEVER, NEVER):
            if word in ("down", "changing"):
                yield a, b + settle
        for readings in self.by_side(check):
            for place, (at, outcome) in enumerate(readings):
                gap = self.gap(check, at)
                if outcome == "fail" and not (place + 1 < len(readings) and readings[place + 1][0] - at <= gap):
                    yield at, at + gap
                if outcome == "fail" and not (place and at - readings[place - 1][0] <= gap):
                    yield at - gap, at

    def own_unexcused(self, asset: str) -> Signal:
        """Out by its own reach check, outside of its own excused time."""
        own, excused = self.own_out(asset), self.own_excused(asset)
        return Signal.of([*own.cuts, *excused.cuts], lambda t: own.at(t) and not excused.at(t))

    def upstream(self, asset: str, moment: int) -> tuple[list[str], list[str]]:
        """The known assets in service that it is behind, and behind any of, at an instant."""
        record = self.are.asset(asset, moment) or {}
        return tuple(
            [
                name
                for word in listed(record.get(key))
                if (name := self.are.asset_lines.called(word)) and self.are.asset_serves(name, moment)
            ]
            for key in ("behind", "behind_any")
        )

    def cut_and_out(self, own) -> Signal:
        """At an instant: (the assets that are cut off, the assets that are out), worked out top down."""
        cuts = {cut for asset in self.assets for cut in own(asset).cuts}
        for asset in self.assets:
            cuts |= {*self.are.asset_lines.definition[asset].cuts, *self.are.asset_lines.service[asset].cuts}
        return Signal.of(cuts, lambda t: self.cut_and_out_at(own, t))

    def cut_and_out_at(self, own, moment: int) -> tuple[frozenset, frozenset]:
        cut: dict[str, bool] = {}

        def is_out(asset: str, path: tuple[str, ...]) -> bool:
            if asset in path:
                raise Refused("a circle of what is behind what")
            if asset not in cut:
                needed, redundant = self.upstream(asset, moment)
                out = {name: is_out(name, (*path, asset)) for name in (*needed, *redundant)}
                cut[asset] = any(out[name] for name in needed) or (
                    bool(redundant) and all(out[name] for name in redundant)
                )
            return cut[asset] or own(asset).at(moment)

        serving = [asset for asset in self.assets if self.are.asset_serves(asset, moment)]
        out = frozenset(asset for asset in serving if is_out(asset, ()))
        return frozenset(asset for asset in serving if cut[asset]), out

    def explained(self, check: str, at: int) -> bool:
        """Of a fail reading."""
        cut, out = self.outs.at(at)
        return self.are.home[check] in (cut if self.are.reach(check).at(at) else out)

    def _explained_fails(self, check: str) -> list[int]:
        return [at for at, word in self.readings[check] if word == "fail" and self.explained(check, at)]

    def _incidents(self, check: str) -> list[dict]:
        """In time order, of all sides."""
        found = []
        for (_, end), readings in zip(self.are.sides[check], self.by_side(check), strict=True):
            explained = set(self.explained_fails(check))
            own = [(at, word) for at, word in readings if word == "ok" or at not in explained]
            for fails, following in self.groups(check, own):
                closed = self.is_stable(check, own, fails[-1], following)
                found.append(self.incident(check, own, fails, closed, end))
                found[-1]["last_reading"] = readings[-1][0]
        return found

    def groups(self, check: str, own: list[tuple[int, str]]) -> list[tuple[list[int], int]]:
        """The fails of each incident, and the first fail of the one after it."""
        groups: list[list[int]] = []
        for at in (at for at, word in own if word == "fail"):
            if groups and not self.is_stable(check, own, groups[-1][-1], at):
                groups[-1].append(at)
            else:
                groups.append([at])
        return list(zip(groups, [*[group[0] for group in groups[1:]], NEVER], strict=False))

    def is_stable(self, check: str, own: list[tuple[int, str]], after: int, before: int) -> bool:
        """Whether a stable run lies between two instants that have no unexplained fail between them."""
        stable_for = duration(self.rules["stable_for"])
        first = last = None
        for at, _ in own:
            if not after < at < before:
                continue
            first = at if last is None or at - last > self.gap(check, last) else first
            last = at
            if last - first >= stable_for:
                return True
        return False

    def incident(self, check: str, own: list[tuple[int, str]], fails: list[int], closed: bool, end: int) -> dict:
        oks = [at for at, word in own if word == "ok"]
        found = {
            "check": check,
            "detected": fails[0],
            "began_after": max((at for at in oks if at < fails[0]), default=None),
            "last_fail": fails[-1],
            "restored": min((at for at in oks if at > fails[-1]), default=None),
            "closed": closed,
            "withdrawn": None if closed else self.withdrawn(check, end),
            "side_ends": end,
        }
        long_enough = closed and self.end(found) - found["detected"] >= duration(self.rules["ignore_shorter"])
        return found | {"blip": closed and not long_enough}

    def withdrawn(self, check: str, side_ends: int) -> int | None:
        """The instant at which the service ended, if it has not come back by as_of."""
        if side_ends <= self.as_of:
            return side_ends
        for a, b, on in self.are.service[check].runs():
            if a <= self.as_of < b:
                return None if on else a
        return None

    def end(self, incident: dict, doubt: str | None = None) -> int:
        last_fail, restored = incident["last_fail"], incident["restored"]
        return {"vendor": last_fail, "customer": restored, "split": (last_fail + restored) // 2}[
            doubt or self.rules["doubt"]
        ]

    def below(self, asset: str, moment: int) -> set[str]:
        """The asset and those behind it, through any number of steps, at an instant."""
        found = {asset} if self.are.asset_serves(asset, moment) else set()
        serving = [each for each in self.assets if self.are.asset_serves(each, moment)]
        while more := {a for a in serving if found & set(itertools.chain(*self.upstream(a, moment)))} - found:
            found |= more
        return found

    def explains(self, incident: dict) -> list[str]:
        """The other checks of the asset and of those behind it that have an explained fail reading in its time."""
        home = self.are.home[incident["check"]]
        start = incident["detected"] if incident["began_after"] is None else incident["began_after"]
        end = NEVER if incident["withdrawn"] is None else incident["withdrawn"]
        if incident["restored"] is not None:
            end = incident["restored"] + duration(self.rules["settle"])
        return [
            check
            for check in self.checks
            if check != incident["check"]
            and any(
                start <= at < end and self.are.home[check] in self.below(home, at)
                for at in self.explained_fails(check)
            )
        ]

    def severity(self, incident: dict) -> str:
        """The highest of its check's and of those of the same asset's checks that it explains, at `detected`."""
        home = self.are.home[incident["check"]]
        checks = [incident["check"], *[c for c in self.explains(incident) if self.are.home[c] == home]]
        records = [self.are.check(check, incident["detected"]) for check in checks]
        return min((r["severity"] for r in records if r is not None), key=SEVERITIES.index)

    # Section 4

    def _own_excused(self, asset: str) -> Signal:
        """Maintenance and accepted claims."""
        plan = self.contract.get("maintenance", {})
        planned = []
        for record in self.known.of("maintenance"):
            announced = max(record["announced_at"], recorded(record))
            in_time = "notice" not in plan or record["from"] - announced >= duration(plan["notice"])
            approved = self.known.approved[record["id"]]
            if approved and in_time and self.are.fits(record["scope"], asset, record["from"]):
                planned.append((record["from"], record["to"]))
        allowed = list(self.allowed(within(planned), plan))
        allowed += [
            self.known.claimed(claim)
            for claim in self.known.of("claim")
            if self.are.asset_lines.called(claim["asset"]) == asset and self.known.accepted[claim["id"]]
        ]
        return within([(a, b) for a, b in allowed if a < b])

    def allowed(self, planned: Signal, plan: dict):
        """Of each local month no more than the allowance, the earliest first."""
        edges = [cut for cut in planned.cuts if cut != -NEVER]
        if not edges:
            return
        left = defaultdict(lambda: duration(plan["allowance"]) if "allowance" in plan else NEVER)
        for start, end, on in planned.stretches(min(edges), max(edges)):
            at = start
            while on and at < end:
                month = self.days.month(at)
                stop = min(end, self.days.month_bounds(month)[1])
                taken = min(stop - at, left[month])
                left[month] -= taken
                yield at, at + taken
                at = stop

    def _excused(self, asset: str) -> Signal:
        own, outs, unexcused = self.own_excused(asset), self.outs, self.unexcused_outs
        return Signal.of(
            [*own.cuts, *outs.cuts, *unexcused.cuts],
            lambda t: own.at(t) or (asset in outs.at(t)[0] and asset not in unexcused.at(t)[0]),
        )

    def counted(self, record: dict) -> int:
        """The instant at which an answer or a round counts."""
        late = recorded(record) - record["at"]
        return record["at"] if late <= duration(self.rules["backdate"]) else recorded(record)
