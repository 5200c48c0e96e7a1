"""SPEC section 8, second edition, read from the text alone (see tests/support/slow/model.py)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.support.slow.availability import NONE, bounded
from tests.support.slow.evidence import day_of
from tests.support.slow.instants import duration, number, ratio, share, shown

if TYPE_CHECKING:
    from tests.support.slow.world import World


class Inspection:
    """One obligation, over all its months. `owed(rule, how)` of a month: what a rule takes, now, at least or at most."""

    def __init__(self, world: World, obligation: dict, term: tuple[int, int]) -> None:
        self.world, self.obligation, self.term, self.days = world, obligation, term, world.days
        self.periods = list(self.all_periods())
        self.records = [
            (record, period)
            for record in world.known.of("inspection")
            if record["plan"] == obligation["id"] and (period := self.period_of(record)) is not None
        ]

    # Periods

    def all_periods(self):
        """(start, end) of each period wholly inside the term, in order."""
        day, last = self.days.day(self.term[0]), self.days.day(self.term[1])
        while day < last:
            if (after := self.period_from(day)) is not None:
                start, end = self.days.local(day), self.days.local(after)
                if self.term[0] <= start and end <= self.term[1]:
                    yield start, end
            day += dt.timedelta(days=1)

    def period_from(self, day: dt.date) -> dt.date | None:
        """The day after the period that begins with this day, if one does."""
        every = self.obligation["every"]
        if every == "day":
            has_time = self.days.windows(self.obligation["calendar"], day)
            return day + dt.timedelta(days=1) if has_time else None
        if every == "week":
            return day + dt.timedelta(days=7) if day.weekday() == 0 else None
        months = {"month": 1, "quarter": 3}[every]
        if day.day != 1 or (day.month - 1) % months:
            return None
        later = day.month - 1 + months
        return dt.date(day.year + later // 12, later % 12 + 1, 1)

    def period_of(self, record: dict) -> tuple[int, int] | None:
        """The one that holds its day or its `at`, or the last one before that."""
        at = self.days.local(day_of(record["period"])) if "period" in record else record["at"]
        return max((period for period in self.periods if period[0] <= at), default=None)

    def required(self, start: int, end: int) -> set[str]:
        """The assets in scope and in service throughout."""
        are, scope = self.world.are, self.obligation["scope"]

        def throughout(asset: str) -> bool:
            service, definition = are.asset_lines.service[asset], are.asset_lines.definition[asset]
            instants = [start, *[cut for cut in (*service.cuts, *definition.cuts) if start <= cut < end]]
            return all(service.at(at) and are.fits(scope, asset, at) for at in instants)

        return {asset for asset in self.world.assets if throughout(asset)}

    # Items

    def item(self, period: tuple[int, int]) -> dict | None:
        (start, end), grace = period, duration(self.obligation["grace"])
        required = self.required(start, end)
        if not required:
            return None
        covered, contradicted = {"on_time": set(), "by_grace": set()}, set()
        for record, its_period in self.records:
            at = self.world.counted(record)
            if its_period != period or not start <= at < end + grace:
                continue
            seen = required & {self.world.are.asset_lines.called(name) for name in record["covers"]}
            wrong = {a for a in seen if record["result"] == "ok" and self.is_down(a, record["at"])}
            contradicted |= wrong
            counted = seen - wrong if self.obligation["contradicted"] == "void" else seen
            covered["by_grace"] |= counted
            covered["on_time"] |= counted if at < end else set()
        verdict = self.verdict(required, covered, is_over=end + grace <= self.world.as_of)
        return {
            "period": [shown(start), shown(end)],
            "verdict": verdict,
            "covered": len(covered["on_time" if verdict == "done" else "by_grace"]),
            "required": len(required),
            "contradicted": sorted(contradicted),
            "uncovered": len(required - covered["by_grace"]),
            "begun": start <= self.world.as_of,
        }

    def is_down(self, asset: str, at: int) -> bool:
        return self.world.asset_state(asset).at(at) == "down"

    def verdict(self, required: set, covered: dict, *, is_over: bool) -> str:
        wanted = share(self.obligation["coverage"])
        if ratio(len(covered["on_time"]), len(required)) >= wanted:
            return "done"
        if ratio(len(covered["by_grace"]), len(required)) >= wanted:
            return "late"
        return "missed" if is_over else "pending"

    def result(self, month: str) -> dict:
        mine = [period for period in self.periods if self.days.month(period[1] - 1) == month]
        items = [found for period in mine if (found := self.item(period)) is not None]
        words = [item["verdict"] for item in items]
        done, late, missed = (words.count(word) for word in ("done", "late", "missed"))
        verdict = "breached" if late + missed else "met" if done else "not_applicable"
        shown_items = [{k: v for k, v in item.items() if k not in ("uncovered", "begun")} for item in items]
        return {
            "verdict": verdict,
            "value": number(ratio(done, done + late + missed)),
            "items": shown_items,
            "owed": lambda rule, how: self.owed(items, rule, how),
        }

    def owed(self, items: list[dict], rule: dict, how: str) -> Fraction:
        rates = {key: Fraction(str(rule.get(key, 0))) for key in ("per_missed", "per_late", "per_asset")}
        total = NONE
        for item in items:
            word = item["verdict"]
            if word == "pending" and how == "most" and item["begun"]:
                word = "missed"
            if word == "missed":
                total += rates["per_missed"] + rates["per_asset"] * item["uncovered"]
            elif word == "late":
                total += rates["per_late"]
        return bounded(total, rule, "cap")
