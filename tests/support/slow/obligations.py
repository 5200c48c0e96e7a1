"""SPEC sections 6 to 8 read a second time, from the text alone, to check `sla/` against (see tests/support/slow/model.py).

Each obligation's result is section 10's object without `id`, `kind` and `deduction`, and with `owed`: what a rule of the
form of `deduct` (money) or `lose` (points) takes for the month, unrounded.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from tests.support.slow.instants import NEVER, cents, duration, holds, instant, money, number, share, shown

if TYPE_CHECKING:
    from tests.support.slow.world import World

NONE = Fraction(0)
NEUTRAL = {
    "scope": {},
    "calendar": "always",
    "measure": "fleet",
    "clock": "detected",
    "share": "100%",
    "coverage": "100%",
    "grace": "0s",
    "contradicted": "void",
}
"""What an obligation means that leaves these out. SPEC is silent; the product says so where it reads contracts."""


def seconds(duration_ms: int | Fraction) -> float:
    """As JSON has it."""
    return float(Fraction(duration_ms) / 1000)


def ratio(part, whole) -> Fraction | None:
    """part / whole, or null."""
    return None if whole == 0 else Fraction(part) / Fraction(whole)


def worst_first(verdicts, *, empty: str = "not_applicable") -> str:
    """What several items make together."""
    return next((word for word in ("breached", "met", "not_assessable") if word in verdicts), empty)


def bounded(amount: Fraction, rule: dict, key: str) -> Fraction:
    """At most the rule's cap, if it has one."""
    return min(amount, Fraction(str(rule[key]))) if key in rule else amount


class Obligations:
    """A contract's obligations judged against one world: `availability`, `repair`, `inspection` (obligation, month)."""

    def __init__(self, contract: dict, world: World) -> None:
        self.contract, self.world, self.days, self.rules = contract, world, world.days, world.rules

    # Section 6

    def times(self, asset: str, obligation: dict, month: str) -> dict:
        """S, U, D, C and K of an asset, in milliseconds."""
        term, bounds = self.world.term(), self.days.month_bounds(month)
        start, end = max(term[0], bounds[0]), min(term[1], bounds[1], self.world.as_of)
        state, excused = self.world.asset_state(asset), self.world.excused(asset)
        shortest = duration(self.rules["min_countable"])
        runs = self.maximal(state)
        brief = {a for a, b, word in runs if word == "down" and b - a < shortest}
        total = dict.fromkeys(("S", "up", "down", "changing", "unknown"), 0)
        for a, b in self.days.time(obligation["calendar"], start, end):
            for c, d, is_excused in excused.stretches(a, b):
                if is_excused and self.rules["excused"] == "remove":
                    continue
                total["S"] += d - c
                for first, e, f, word in self.with_run(runs, c, d):
                    seen = "up" if is_excused or (word == "down" and first in brief) else word
                    total[seen] += f - e
        return total

    @staticmethod
    def maximal(state):
        """The maximal stretches of one word."""
        runs: list[list] = []
        for a, b, word in state.stretches(-NEVER, NEVER):
            if runs and runs[-1][2] == word:
                runs[-1][1] = b
            else:
                runs.append([a, b, word])
        return runs

    @staticmethod
    def with_run(runs, start: int, end: int):
        """(begin of the maximal run, from, to, word) over [start, end)."""
        for a, b, word in runs:
            if max(a, start) < min(b, end):
                yield a, max(a, start), min(b, end), word

    def figures(self, total: dict, target: Fraction) -> dict:
        """Value, bounds, coverage and verdict of one asset or of a fleet's sums."""
        service, up, down = total["S"], Fraction(total["up"]), Fraction(total["down"])
        buckets = {f"{word}_s": seconds(total[word]) for word in ("up", "down", "changing", "unknown")}
        if service == 0:
            nothing = dict.fromkeys(("value", "low", "high", "coverage", "certain"))
            return buckets | nothing | {"verdict": "not_applicable", "exact": None}
        low, high = ratio(up, service), ratio(service - down, service)
        coverage = 1 - ratio(total["unknown"], service)
        doubt, unknown = self.rules["doubt"], self.rules["unknown"]
        up += total["changing"] * {"vendor": Fraction(1), "customer": NONE, "split": Fraction(1, 2)}[doubt]
        down += total["changing"] * {"vendor": NONE, "customer": Fraction(1), "split": Fraction(1, 2)}[doubt]
        up += total["unknown"] if unknown == "up" else 0
        down += total["unknown"] if unknown == "down" else 0
        value = ratio(up, up + down)
        blind = unknown == "exclude" and coverage < share(self.rules["min_coverage"])
        verdict = "not_assessable" if value is None or blind else "met" if value >= target else "breached"
        return buckets | {
            "value": number(value),
            "low": number(low),
            "high": number(high),
            "coverage": number(coverage),
            "certain": low >= target or high < target,
            "verdict": verdict,
            "exact": value,
        }

    def availability(self, obligation: dict, month: str) -> dict:
        target = share(obligation["target"])
        totals = {a["id"]: self.times(a["id"], obligation, month) for a in self.world.scope(obligation)}
        items = {asset: self.figures(total, target) for asset, total in totals.items()}
        if obligation["measure"] == "fleet":
            summed = {key: sum(t[key] for t in totals.values()) for key in ("S", "up", "down", "changing", "unknown")}
            whole = self.figures(summed, target)
            below = [whole]
        else:
            below = list(items.values())
            tested = [item["exact"] for item in below if item["verdict"] in ("met", "breached")]
            whole = {
                "verdict": worst_first([item["verdict"] for item in below]),
                "value": number(min(tested, default=None)),
            }
        breached = [item["exact"] for item in below if item["verdict"] == "breached"]

        def owed(rule: dict) -> Fraction:
            if "amount_each" in rule:
                amount = Fraction(str(rule["amount_each"])) * len(breached)
            else:
                steps = sum(ceil((target - value) / share(rule["per"])) for value in breached)
                amount = Fraction(str(rule["amount"])) * steps
            return bounded(amount, rule, "cap")

        shown_items = [{"asset": a} | {k: v for k, v in item.items() if k != "exact"} for a, item in items.items()]
        keys = ("verdict", "certain", "value", "low", "high", "coverage")
        return {key: whole[key] for key in keys if key in whole} | {"items": shown_items, "owed": owed}

    # Section 7

    def repair(self, obligation: dict, month: str) -> dict:
        items, begin_end = [], self.world.term()
        owed_by = {"deduct": NONE, "lose": NONE}
        for check in sorted(self.world.checks):
            asset = self.world.assets[self.world.checks[check]["asset"]]
            severity = self.world.checks[check].get("severity")
            if not holds(obligation["scope"], asset, severity):
                continue
            incidents = self.world.incidents(check)
            following = [*[i["detected"] for i in incidents][1:], NEVER]
            for incident, next_detected in zip(incidents, following, strict=False):
                if incident["blip"] or incident["detected"] >= begin_end[1] or incident["last_fail"] < begin_end[0]:
                    continue
                item = self.stage(obligation, incident, next_detected, asset["id"])
                for name in owed_by:
                    owed_by[name] += self.billed(obligation, obligation.get(name, {}), item, month)
                if listed := self.as_listed(obligation, item, month):
                    items.append(listed)
        own = [item["verdict"] for item in items if not item["carried"]]
        tested = own.count("met") + own.count("breached")
        value = ratio(own.count("met"), tested)
        if value is not None:
            verdict = "met" if value >= share(obligation["share"]) else "breached"
        else:
            verdict = "not_assessable" if "not_assessable" in own else "not_applicable"

        def owed(rule: dict) -> Fraction:
            name = "deduct" if rule is obligation.get("deduct") else "lose"
            return bounded(owed_by[name], rule, "cap")

        return {"verdict": verdict, "value": number(value), "items": items, "owed": owed}

    def stage(self, obligation: dict, incident: dict, next_detected: int, asset: str) -> dict:
        """An incident under a repair obligation, with its verdict and whether doubt matters to it."""
        by_doubt = {
            doubt: self.tested(obligation, incident, next_detected, asset, doubt)
            for doubt in ("vendor", "customer", "split")
        }
        certain = by_doubt["vendor"]["verdict"] == by_doubt["customer"]["verdict"]
        return incident | by_doubt[self.rules["doubt"]] | {"certain": certain, "asset": asset}

    def tested(self, obligation: dict, incident: dict, next_detected: int, asset: str, doubt: str) -> dict:
        world, check, detected = self.world, incident["check"], incident["detected"]
        restored = NEVER if incident["restored"] is None else incident["restored"]
        begin, as_of, start, unnotified = world.term()[0], world.as_of, detected, False
        if obligation["clock"] == "notified":
            told = self.first("notified", check, detected, restored)
            start, unnotified = (detected, True) if told is None else (told, False)
        start = max(start, begin)
        last = world.readings[check][-1][0]
        done, measured_to = self.done(obligation, incident, next_detected, doubt)
        elapsed = world.work(asset, obligation["calendar"], start, measured_to if done is None else done)
        limit = duration(obligation["limit"])
        deadline = world.reached(asset, obligation["calendar"], start, [limit])[0]
        fresh = as_of - last <= world.gap(check)
        if elapsed > limit:
            verdict, decided = "breached", deadline
        elif done is not None:
            verdict, decided = "met", max(done, start)
        elif deadline is None or as_of <= deadline or fresh:
            verdict, decided = "pending", None
        else:
            verdict, decided = "not_assessable", deadline
        if unnotified and verdict != "met":
            is_open = done is None and fresh
            verdict, decided = ("pending", None) if is_open else ("not_assessable", detected)
        return {
            "start": start,
            "deadline": deadline,
            "done": done,
            "measured_to": None if done is not None else measured_to,
            "elapsed": elapsed,
            "verdict": verdict,
            "decided": decided,
        }

    def first(self, kind: str, check: str, start: int, end: int) -> int | None:
        told = [instant(record["at"]) for record in self.world.kinds[kind] if record["check"] == check]
        return min((at for at in told if start <= at < end), default=None)

    def done(self, obligation: dict, incident: dict, next_detected: int, doubt: str) -> tuple[int | None, int]:
        """(done, what is measured to while it is not)."""
        world, check, restored = self.world, incident["check"], incident["restored"]
        if obligation["stage"] == "restore":
            done = world.end(incident, doubt) if incident["closed"] else None
            if doubt != "customer":
                return done, incident["last_fail"]
            last = world.readings[check][-1][0]
            return done, min(world.as_of, last + world.gap(check)) if restored is None else restored
        kind = {"respond": "acknowledged", "arrive": "arrived"}[obligation["stage"]]
        ends = [self.first(kind, check, incident["detected"], next_detected)]
        ends.append(restored if incident["closed"] else None)
        return min((at for at in ends if at is not None), default=None), world.as_of

    def billed(self, obligation: dict, rule: dict, item: dict, month: str) -> Fraction:
        """What an incident costs in a month under a rule, after cap_each."""
        if item["verdict"] != "breached":
            return NONE
        if "per_breach" in rule:
            return Fraction(str(rule["per_breach"])) if self.world.month_of_term(item["decided"]) == month else NONE
        if "per_started" not in rule:
            return NONE
        unit, limit, so_far, here = duration(rule["per_started"]), duration(obligation["limit"]), NONE, NONE
        owed = range(limit, int(item["elapsed"]), unit)  # elapsed > limit + k × unit
        for at in self.world.reached(item["asset"], obligation["calendar"], item["start"], list(owed)):
            step = bounded(so_far + Fraction(str(rule["amount"])), rule, "cap_each") - so_far
            so_far += step
            here += step if self.world.month_of_term(at) == month else 0
        return here

    def as_listed(self, obligation: dict, item: dict, month: str) -> dict | None:
        """The item as the month's report has it, if it has it."""
        deduction = self.billed(obligation, obligation.get("deduct", {}), item, month)
        if item["verdict"] == "pending":
            here = self.days.month(item["detected"]) <= month <= self.days.month(self.world.as_of)
        else:
            here = self.world.month_of_term(item["decided"]) == month
        carried = not here and item["verdict"] == "breached" and deduction > 0
        if not here and not carried:
            return None
        instants = ("detected", "began_after", "last_fail", "restored", "start", "deadline", "done", "measured_to")
        return {name: shown(item[name]) for name in instants} | {
            "check": item["check"],
            "elapsed_s": seconds(item["elapsed"]),
            "verdict": item["verdict"],
            "certain": item["certain"],
            "carried": carried,
            "deduction": money(cents(deduction)),
        }

    # Section 8

    def periods(self, obligation: dict, month: str):
        """The periods that belong to the month, as (start, end)."""
        day, (term_start, term_end) = dt.date.fromisoformat(f"{month}-01") - dt.timedelta(days=100), self.world.term()
        while f"{day:%Y-%m}" <= month:
            if (after := self.period_from(obligation, day)) is not None:
                start, end = self.days.local(day), self.days.local(after)
                if self.days.month(end - 1) == month and term_start <= start and end <= term_end:
                    yield start, end
            day += dt.timedelta(days=1)

    def period_from(self, obligation: dict, day: dt.date) -> dt.date | None:
        """The day after the period that begins with this day, if one does."""
        every = obligation["every"]
        if every == "day":
            has_time = self.days.windows(obligation["calendar"], day)
            return day + dt.timedelta(days=1) if has_time else None
        if every == "week":
            return day + dt.timedelta(days=7) if day.weekday() == 0 else None
        months = {"month": 1, "quarter": 3}[every]
        if day.day != 1 or (day.month - 1) % months:
            return None
        later = day.month - 1 + months
        return dt.date(day.year + later // 12, later % 12 + 1, 1)

    def inspection(self, obligation: dict, month: str) -> dict:
        required = {asset["id"] for asset in self.world.scope(obligation)}
        records = [record for record in self.world.kinds["inspection"] if record["plan"] == obligation["id"]]
        items, uncovered = [], 0
        for start, end in self.periods(obligation, month) if required else ():
            after = end + duration(obligation["grace"])
            covered, contradicted = {"on_time": set(), "by_grace": set()}, set()
            for record in records:
                at, seen = instant(record["at"]), required & set(record["covers"])
                if not start <= at < after:
                    continue
                wrong = {a for a in seen if record["result"] == "ok" and self.world.asset_state(a).at(at) == "down"}
                contradicted |= wrong
                counted = seen - wrong if obligation["contradicted"] == "void" else seen
                covered["by_grace"] |= counted
                covered["on_time"] |= counted if at < end else set()
            item = self.period_item(obligation, required, covered, pending=after > self.world.as_of)
            uncovered += len(required - covered["by_grace"]) if item["verdict"] == "missed" else 0
            items.append(item | {"period": [shown(start), shown(end)], "contradicted": sorted(contradicted)})
        return self.rounds(items, uncovered)

    @staticmethod
    def period_item(obligation: dict, required: set, covered: dict, *, pending: bool) -> dict:
        wanted = share(obligation["coverage"])
        if ratio(len(covered["on_time"]), len(required)) >= wanted:
            verdict = "done"
        elif ratio(len(covered["by_grace"]), len(required)) >= wanted:
            verdict = "late"
        else:
            verdict = "pending" if pending else "missed"
        kind = "on_time" if verdict == "done" else "by_grace"
        return {"verdict": verdict, "covered": len(covered[kind]), "required": len(required)}

    @staticmethod
    def rounds(items: list[dict], uncovered: int) -> dict:
        """The obligation that the month's periods make together."""
        words = [item["verdict"] for item in items]
        done, late, missed = (words.count(word) for word in ("done", "late", "missed"))
        verdict = "breached" if late + missed else "met" if done else "not_applicable"

        def owed(rule: dict) -> Fraction:
            rates = {key: Fraction(str(rule.get(key, 0))) for key in ("per_missed", "per_late", "per_asset")}
            amount = rates["per_missed"] * missed + rates["per_late"] * late + rates["per_asset"] * uncovered
            return bounded(amount, rule, "cap")

        return {"verdict": verdict, "value": number(ratio(done, done + late + missed)), "items": items, "owed": owed}
