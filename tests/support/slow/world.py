"""SPEC sections 2 to 4 read a second time, from the text alone, to check `sla/` against (see tests/support/slow/model.py).

Whatever SPEC says of an instant is a question about one instant, which `Signal.of` asks once between any two instants
at which its answer could change. Nothing here is from `sla/`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from fractions import Fraction
from functools import cache

from tests.support.slow.instants import NEVER, UNITS_MS, Days, Signal, duration, holds, instant, listed, within

A_CENTURY = 36_600 * UNITS_MS["d"]
"""Working time that is not reached within it never is: a deadline beyond is said not to exist."""
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
}


def said_at(record: dict) -> int | None:
    """When a record became known; null for assets and checks, which always were."""
    key = "announced_at" if record["type"] == "maintenance" else "at"
    return None if record["type"] in ("asset", "check") else instant(record[key])


def given(record: dict) -> dict:
    """The record without what is null: that says "not given"."""
    return {key: value for key, value in record.items() if value is not None}


class World:
    """The evidence as it was known at an instant, and what follows from it under the contract's measurement."""

    def __init__(self, contract: dict, evidence: list[dict], as_of: int) -> None:
        self.contract, self.as_of, self.days = contract, as_of, Days(contract)
        self.rules = DEFAULTS | contract.get("measurement", {})
        self.kinds = defaultdict(list)
        for record in evidence:
            if (at := said_at(record)) is None or at <= as_of:
                self.kinds[record["type"]].append(given(record))
        self.assets = {record["id"]: record for record in self.kinds["asset"]}
        self.checks = {record["id"]: record for record in self.kinds["check"]}
        self.readings = {check: self.readings_of(check) for check in self.checks}
        for name in (
            "state",
            "asset_state",
            "own_out",
            "own_excused",
            "out",
            "unexcused_out",
            "excused",
            "incidents",
        ):
            setattr(self, name, cache(getattr(self, f"_{name}")))

    # Section 2

    def gap(self, check: str) -> int:
        """G, in whole milliseconds, as instants are."""
        return int(Fraction(str(self.rules["max_gap"])) * Fraction(str(self.checks[check]["interval_s"])) * 1000)

    def readings_of(self, check: str) -> list[tuple[int, str]]:
        """(at, ok or fail), in time order, one an instant."""
        found: dict[int, str] = {}
        for record in self.kinds["reading"]:
            if record["check"] == check and record["outcome"] != "none":
                at = instant(record["at"])
                found[at] = "fail" if "fail" in (found.get(at), record["outcome"]) else "ok"
        return sorted(found.items())

    def _state(self, check: str) -> Signal:
        readings, gap = self.readings[check], self.gap(check)
        cuts, values = [-NEVER], ["unknown"]
        for (at, outcome), (next_at, next_outcome) in itertools.pairwise(readings):
            same = {"ok": "up", "fail": "down"}[outcome] if outcome == next_outcome else "changing"
            cuts.append(at)
            values.append("unknown" if next_at - at > gap else same)
        if readings:
            cuts.append(readings[-1][0])
            values.append("unknown")
        return Signal(cuts, values)

    def _asset_state(self, asset: str) -> Signal:
        states = [self.state(c["id"]) for c in self.checks.values() if c["asset"] == asset and c.get("counts", True)]

        def worst(moment: int) -> str:
            seen = {state.at(moment) for state in states} or {"unknown"}
            return next(word for word in ("down", "unknown", "changing", "up") if word in seen)

        return Signal.of([cut for state in states for cut in state.cuts], worst)

    # Section 3

    def _own_out(self, asset: str) -> Signal:
        """Whether the asset's own reach check makes it out."""
        windows = []
        for check in self.checks.values():
            if check["asset"] != asset or not check.get("reach", False):
                continue
            settle, gap, readings = duration(self.rules["settle"]), self.gap(check["id"]), self.readings[check["id"]]
            state = self.state(check["id"])
            for a, b, word in state.stretches(-NEVER, NEVER):
                if word in ("down", "changing"):
                    windows.append((a, b + settle))
            for place, (at, outcome) in enumerate(readings):
                followed = place + 1 < len(readings) and readings[place + 1][0] - at <= gap
                if outcome == "fail" and not followed:
                    windows.append((at, at + gap))
        return within(windows)

    def upstream(self, asset: str) -> tuple[list[str], list[str]]:
        record = self.assets[asset]
        return listed(record.get("behind")), listed(record.get("behind_any"))

    def cut_off(self, asset: str, moment: int, out) -> bool:
        needed, redundant = self.upstream(asset)
        return any(out(u).at(moment) for u in needed) or (
            bool(redundant) and all(out(u).at(moment) for u in redundant)
        )

    def _out(self, asset: str) -> Signal:
        own, cuts = self.own_out(asset), self.cuts_above(asset, self.out)
        return Signal.of([*own.cuts, *cuts], lambda t: own.at(t) or self.cut_off(asset, t, self.out))

    def _unexcused_out(self, asset: str) -> Signal:
        """Out, if no asset's own reach check made it out in the asset's own excused time."""
        own, excused, above = self.own_out(asset), self.own_excused(asset), self.cuts_above(asset, self.unexcused_out)
        return Signal.of(
            [*own.cuts, *excused.cuts, *above],
            lambda t: (own.at(t) and not excused.at(t)) or self.cut_off(asset, t, self.unexcused_out),
        )

    def cuts_above(self, asset: str, out) -> list[int]:
        needed, redundant = self.upstream(asset)
        return [cut for u in (*needed, *redundant) for cut in out(u).cuts]

    def explained(self, check: str, at: int) -> bool:
        """Of a fail reading."""
        asset = self.checks[check]["asset"]
        if self.checks[check].get("reach", False):
            return self.cut_off(asset, at, self.out)
        return self.out(asset).at(at)

    def _incidents(self, check: str) -> list[dict]:
        readings, gap = self.readings[check], self.gap(check)
        stable_for = duration(self.rules["stable_for"])
        own = [(at, word) for at, word in readings if word == "ok" or not self.explained(check, at)]
        oks = [at for at, word in own if word == "ok"]

        def stable_between(after: int, before: int) -> bool:
            first = last = None
            for at in oks:
                if not after < at < before:
                    continue
                first = at if last is None or at - last > gap else first
                last = at
                if last - first >= stable_for:
                    return True
            return False

        groups: list[list[int]] = []
        for at in (at for at, word in own if word == "fail"):
            if groups and not stable_between(groups[-1][-1], at):
                groups[-1].append(at)
            else:
                groups.append([at])
        ends = [*[group[0] for group in groups][1:], NEVER]
        return [
            self.incident(check, oks, group, stable_between(group[-1], end))
            for group, end in zip(groups, ends, strict=False)
        ]

    def incident(self, check: str, oks: list[int], fails: list[int], closed: bool) -> dict:
        found = {
            "check": check,
            "detected": fails[0],
            "began_after": max((at for at in oks if at < fails[0]), default=None),
            "last_fail": fails[-1],
            "restored": min((at for at in oks if at > fails[-1]), default=None),
            "closed": closed,
        }
        long_enough = closed and self.end(found) - found["detected"] >= duration(self.rules["ignore_shorter"])
        return found | {"blip": closed and not long_enough}

    def end(self, incident: dict, doubt: str | None = None) -> int:
        last_fail, restored = incident["last_fail"], incident["restored"]
        return {"vendor": last_fail, "customer": restored, "split": (last_fail + restored) // 2}[
            doubt or self.rules["doubt"]
        ]

    def explains(self, incident: dict) -> int:
        """How many other checks of the asset and of those behind it have an explained fail reading in its time."""
        home = self.checks[incident["check"]]["asset"]
        below = {home}
        while more := {a for a in self.assets if below & {*self.upstream(a)[0], *self.upstream(a)[1]}} - below:
            below |= more
        start = incident["detected"] if incident["began_after"] is None else incident["began_after"]
        end = NEVER if incident["restored"] is None else incident["restored"] + duration(self.rules["settle"])
        return sum(
            any(word == "fail" and start <= at < end and self.explained(c, at) for at, word in self.readings[c])
            for c, check in self.checks.items()
            if c != incident["check"] and check["asset"] in below
        )

    # Section 4

    def _own_excused(self, asset: str) -> Signal:
        """Maintenance and accepted claims."""
        plan = self.contract.get("maintenance", {})
        planned = []
        for record in self.kinds["maintenance"]:
            announced, start = instant(record["announced_at"]), instant(record["from"])
            in_time = "notice" not in plan or start - announced >= duration(plan["notice"])
            if record["approved"] and in_time and holds(record["scope"], self.assets[asset]):
                planned.append((start, instant(record["to"])))
        allowed = list(self.allowed(within(planned), plan))
        allowed += [
            (instant(claim["from"]), instant(claim["to"]))
            for claim in self.kinds["claim"]
            if claim["asset"] == asset and self.accepted(claim["id"])
        ]
        return within(allowed)

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

    def accepted(self, claim: str) -> bool:
        rulings = [record for record in self.kinds["ruling"] if record["claim"] == claim]
        return bool(rulings) and max(rulings, key=lambda record: instant(record["at"]))["accepted"]

    def _excused(self, asset: str) -> Signal:
        own = self.own_excused(asset)
        cuts = [*own.cuts, *self.cuts_above(asset, self.out), *self.cuts_above(asset, self.unexcused_out)]
        return Signal.of(
            cuts,
            lambda t: (
                own.at(t) or (self.cut_off(asset, t, self.out) and not self.cut_off(asset, t, self.unexcused_out))
            ),
        )

    def work_stretches(self, asset: str, name: str, start: int, end: int):
        """[start, end) ∩ calendar − excused, in order."""
        for a, b in self.days.time(name, start, end):
            for c, d, excused in self.excused(asset).stretches(a, b):
                if not excused:
                    yield c, d

    def work(self, asset: str, name: str, start: int, end: int) -> int:
        return sum(b - a for a, b in self.work_stretches(asset, name, start, end))

    def reached(self, asset: str, name: str, start: int, needs: list[int]) -> list[int | None]:
        """For each need, in ascending order: the first instant at which work(start, ·) is so much."""
        found: list[int | None] = []
        done, wanted = 0, list(needs)
        while wanted and wanted[0] == 0:
            found.append(start)
            wanted.pop(0)
        for a, b in self.work_stretches(asset, name, start, start + A_CENTURY) if wanted else ():
            while wanted and wanted[0] <= done + b - a:
                found.append(a + wanted.pop(0) - done)
            done += b - a
            if not wanted:
                break
        return found + [None] * len(wanted)

    # Terms

    def term(self) -> tuple[int, int]:
        days = self.contract["term"]
        return self.days.local(days["from"]), self.days.local(days["to"] + dt.timedelta(days=1))

    def month_of_term(self, moment: int) -> str:
        """The month of an instant; outside the term, its first or last."""
        start, end = self.term()
        return min(max(self.days.month(moment), self.days.month(start)), self.days.month(end - 1))

    def scope(self, obligation: dict) -> list[dict]:
        return [asset for _, asset in sorted(self.assets.items()) if holds(obligation["scope"], asset)]
