"""SPEC section 6, second edition, read from the text alone (see tests/support/slow/model.py)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from tests.support.slow.instants import Signal, duration, number, ratio, seconds, share

if TYPE_CHECKING:
    from tests.support.slow.world import World

NONE = Fraction(0)
BUCKETS = ("up", "down", "changing", "unknown")


def bounded(amount: Fraction, rule: dict, key: str) -> Fraction:
    """At most the rule's cap, if it has one."""
    return min(amount, Fraction(str(rule[key]))) if key in rule else amount


class Availability:
    """One obligation in one month. `owed(rule, how)`: what a rule takes, `how` now, at least or at most."""

    def __init__(self, world: World, obligation: dict, month: str, term: tuple[int, int]) -> None:
        self.world, self.obligation, self.rules = world, obligation, world.rules
        self.bounds = world.days.month_bounds(month)
        self.term = max(term[0], self.bounds[0]), min(term[1], self.bounds[1])
        self.target = share(obligation["target"])
        self.each = obligation["measure"] == "each"
        self.totals = {asset: self.times(asset) for asset in world.assets if self.is_item(asset)}
        self.items = {asset: self.figures(total) for asset, total in self.totals.items()}

    # S and its buckets

    def belongs(self, asset: str) -> Signal:
        """Whether the asset is in service and in scope."""
        are = self.world.are
        service, definition = are.asset_lines.service[asset], are.asset_lines.definition[asset]
        return Signal.of(
            [*service.cuts, *definition.cuts],
            lambda t: service.at(t) and are.fits(self.obligation["scope"], asset, t),
        )

    def is_item(self, asset: str) -> bool:
        return any(on for _, _, on in self.belongs(asset).stretches(*self.term))

    def seen(self, asset: str) -> Signal:
        """The asset's state, with brief outages as up."""
        state = self.world.asset_state(asset)
        brief = list(self.brief(state))
        cuts = [*state.cuts, *[edge for window in brief for edge in window]]

        def word(moment: int) -> str:
            was = state.at(moment)
            return "up" if was == "down" and any(a <= moment < b for a, b in brief) else was

        return Signal.of(cuts, word)

    def brief(self, state: Signal):
        """Outages that are too short to count, those that follow each other closely taken as one."""
        runs = state.runs()
        merged: list[list[int]] = []
        for place, (a, _, word) in enumerate(runs):
            if word != "down":
                continue
            if merged and a - runs[merged[-1][1]][1] < duration(self.rules["stable_for"]):
                merged[-1][1] = place
            else:
                merged.append([place, place])
        for first, last in merged:
            ends = [runs[place][2] for place in (first - 1, last + 1) if 0 <= place < len(runs)]
            begin, end = runs[first][0], runs[last][1]
            if end - begin < duration(self.rules["min_countable"]) and "unknown" not in ends:
                yield begin, end

    def times(self, asset: str) -> dict:
        """S and its parts up, down, changing, unknown, in milliseconds; whether a check counts at some instant of S."""
        world, belongs = self.world, self.belongs(asset)
        excused, state = world.excused(asset), self.seen(asset)
        counts = [world.are.counts(check) for check in world.are.checks_of(asset)]
        cuts = [*belongs.cuts, *excused.cuts, *state.cuts, *[cut for signal in counts for cut in signal.cuts]]

        def said(t: int):
            return belongs.at(t), excused.at(t), state.at(t), any(signal.at(t) for signal in counts)

        whole = Signal.of(cuts, said)
        total = {"S": 0, "counting": False} | dict.fromkeys(BUCKETS, 0)
        start, end = self.term[0], min(self.term[1], world.as_of)
        for a, b in world.days.time(self.obligation["calendar"], start, end):
            for c, d, (is_there, is_excused, word, is_counting) in whole.stretches(a, b):
                if not is_there or (is_excused and self.rules["excused"] == "remove" and word != "up"):
                    continue
                total["S"] += d - c
                total["up" if is_excused else word] += d - c
                total["counting"] |= is_counting
        return total

    # Figures

    def figures(self, total: dict) -> dict:
        """Value, bounds, coverage and verdict of one asset or of a fleet's sums; exact figures beside those for JSON."""
        service, up, down = total["S"], Fraction(total["up"]), Fraction(total["down"])
        found = {f"{word}_s": seconds(total[word]) for word in BUCKETS}
        if service == 0:
            nothing = dict.fromkeys(("value", "low", "high", "coverage", "certain"))
            return found | nothing | {"verdict": "not_applicable", "exact": None}
        low, high, coverage = ratio(up, service), ratio(service - down, service), 1 - ratio(total["unknown"], service)
        doubt, unknown = self.rules["doubt"], self.rules["unknown"]
        up += total["changing"] * {"vendor": Fraction(1), "customer": NONE, "split": Fraction(1, 2)}[doubt]
        down += total["changing"] * {"vendor": NONE, "customer": Fraction(1), "split": Fraction(1, 2)}[doubt]
        up += total["unknown"] if unknown == "up" else 0
        down += total["unknown"] if unknown == "down" else 0
        value = ratio(up, up + down)
        charged = value
        if value is None or self.is_blind(coverage):
            verdict, charged = ("met", value) if low >= self.target else ("not_assessable", value)
            if high < self.target:
                verdict, charged = "breached", high
        else:
            verdict = "met" if value >= self.target else "breached"
        shown = {"value": number(value), "low": number(low), "high": number(high), "coverage": number(coverage)}
        certain = low >= self.target or high < self.target
        exact = {"now": charged, "least": high, "most": low, "value": value, "coverage": coverage}
        return found | shown | {"certain": certain, "verdict": verdict, "exact": exact}

    def is_blind(self, coverage: Fraction) -> bool:
        return self.rules["unknown"] == "exclude" and coverage < share(self.rules["min_coverage"])

    def fleet(self) -> dict:
        summed = {key: sum(total[key] for total in self.totals.values()) for key in ("S", *BUCKETS)}
        whole = self.figures(summed)
        few_unseen = any(
            self.totals[asset]["counting"] and self.is_blind(item["exact"]["coverage"])
            for asset, item in self.items.items()
            if item["exact"]
        )
        if whole["verdict"] == "met" and whole["exact"]["most"] < self.target and few_unseen:
            whole["verdict"] = "not_assessable"
        return whole

    def whole(self) -> dict:
        """Of assets that are items of their own."""
        items = list(self.items.values())
        tested = [item for item in items if item["verdict"] in ("met", "breached")]
        words = [item["verdict"] for item in items]
        verdict = next((w for w in ("breached", "met", "not_assessable") if w in words), "not_applicable")
        certain = {"not_applicable": True, "not_assessable": False}.get(verdict, all(i["certain"] for i in tested))
        values = [item["exact"]["value"] for item in tested if item["exact"]["value"] is not None]
        return {"verdict": verdict, "value": number(min(values, default=None)), "certain": certain}

    def result(self) -> dict:
        whole = self.whole() if self.each else self.fleet()
        charged = list(self.items.values()) if self.each else [whole]
        keys = ("verdict", "certain", "value", "low", "high", "coverage")
        items = [
            {"asset": asset} | {key: value for key, value in item.items() if key != "exact"}
            for asset, item in self.items.items()
        ]
        return {key: whole[key] for key in keys if key in whole} | {
            "items": items,
            "owed": lambda rule, how: self.owed(charged, rule, how),
        }

    def owed(self, charged: list[dict], rule: dict, how: str) -> Fraction:
        bad = [
            item["exact"][how]
            for item in charged
            if item["exact"] and (item["verdict"] == "breached" if how == "now" else item["exact"][how] < self.target)
        ]
        if "amount_each" in rule:
            amount = Fraction(str(rule["amount_each"])) * len(bad)
        else:
            steps = sum(ceil((self.target - value) / share(rule["per"])) for value in bad)
            amount = Fraction(str(rule["amount"])) * steps
        return bounded(amount, rule, "cap")
