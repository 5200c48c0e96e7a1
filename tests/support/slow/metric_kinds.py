"""docs/obligations.md once more, written for nothing but being obvious: instant by instant, over plain JSON records.

It knows no code of `sla`. Everything happens on whole hours (UTC+8 without clock changes), so a state is worked out
at each hour and at each millisecond after it is of no interest: `step` is the grain of the world.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

HOUR = 3_600_000


class Slow:
    """One world: readings as (check, at, outcome, value or None), checks as id → (asset, counts), excused as (asset, from, to)."""

    def __init__(self, readings, checks, excused, *, gap, begin, end, doubt, min_coverage):
        self.checks, self.excused = checks, excused
        self.gap, self.begin, self.end, self.doubt, self.min_coverage = gap, begin, end, doubt, min_coverage
        self.seen = {check: self._seen(readings, check) for check in checks}

    def _seen(self, readings, check):
        """(at, ok, values) an instant, `none` dropped, fail winning with its own values only."""
        by_instant = {}
        for name, at, outcome, value in readings:
            if name == check and outcome != "none":
                by_instant.setdefault(at, []).append((outcome == "ok", value))
        found = []
        for at in sorted(by_instant):
            ok = all(one for one, _ in by_instant[at])
            found.append((at, ok, [value for one, value in by_instant[at] if one == ok and value is not None]))
        return found

    def is_excused(self, asset, at):
        return any(name == asset and begin <= at < end for name, begin, end in self.excused)

    def state_of_check(self, check, at):
        before = [each for each in self.seen[check] if each[0] <= at]
        after = [each for each in self.seen[check] if each[0] > at]
        if not before or not after or after[0][0] - before[-1][0] > self.gap:
            return "unknown"
        return {(True, True): "up", (False, False): "down"}.get((before[-1][1], after[0][1]), "changing")

    def state(self, asset, at):
        states = {
            self.state_of_check(check, at)
            for check, (name, counts) in self.checks.items()
            if name == asset and counts
        }
        return next((one for one in ("down", "unknown", "changing", "up") if one in states), "unknown")

    # -- online ------------------------------------------------------------------------------------

    def online(self, assets, calls, target, worst_day):
        """(verdict, value, low, high, coverage, bad days): `calls` are (day, instant)."""
        rows = {}
        for day, at in calls:
            states = [self.state(asset, at) for asset in assets if not self.is_excused(asset, at)]
            if states:
                rows.setdefault(day, []).append(
                    {one: states.count(one) for one in ("up", "down", "changing", "unknown")}
                )
        every = [row for day in rows.values() for row in day]
        if not every:
            return "not_applicable", None, None, None, None, 0
        whole = self._mean(every)
        days = [self._mean(day) for day in rows.values()]
        bad = sum(mean[4] and mean[0] < worst_day for mean in days)
        verdict = "not_assessable"
        if whole[4]:
            verdict = "met" if whole[0] >= target else "breached"
        return ("breached" if bad else verdict), *whole[:4], bad

    def _mean(self, rows):
        up_of_changing = {"vendor": 1, "customer": 0, "split": Fraction(1, 2)}[self.doubt]
        shares = [
            (row["up"] + up_of_changing * row["changing"]) / Fraction(row["up"] + row["changing"] + row["down"])
            for row in rows
            if row["up"] + row["changing"] + row["down"]
        ]
        totals = [sum(row.values()) for row in rows]
        low = sum(Fraction(row["up"], total) for row, total in zip(rows, totals, strict=True)) / len(rows)
        high = sum(Fraction(total - row["down"], total) for row, total in zip(rows, totals, strict=True)) / len(rows)
        coverage = 1 - Fraction(sum(row["unknown"] for row in rows), sum(totals))
        value = sum(shares) / Fraction(len(shares)) if shares else None
        return value, low, high, coverage, value is not None and coverage >= self.min_coverage

    # -- quality -----------------------------------------------------------------------------------

    def quality(self, asset, at_most, share):
        """(verdict, n, g, coverage, measured): A and A ∩ M are measured at every half hour of the month, fails apart."""
        runs = [
            run
            for check, (name, counts) in self.checks.items()
            if name == asset and counts
            for run in self._fails(check)
        ]
        checks = [check for check, (name, _) in self.checks.items() if name == asset]

        def available(at):
            in_run = any(first <= at <= last for first, last in runs)
            return not in_run and not self.is_excused(asset, at)

        values = [
            max(value)
            for check in checks
            for at, _, value in self.seen[check]
            if value and self.begin <= at < self.end and available(at)
        ]
        halves = [at for at in range(self.begin + HOUR // 2, self.end, HOUR) if available(at)]
        if not halves:
            return None
        known = sum(any(self._is_covered(check, at) for check in checks) for at in halves)
        coverage, good = Fraction(known, len(halves)), sum(value <= at_most for value in values)
        measured = sorted(values)[ceil(share * len(values)) - 1] if values else None
        verdict = "not_assessable"
        if values and coverage >= self.min_coverage:
            verdict = "met" if Fraction(good, len(values)) >= share else "breached"
        return verdict, len(values), good, coverage, measured

    def _fails(self, check):
        """(first, last) of successive fails no more than G apart."""
        runs = []
        before = None
        for at, ok, _ in self.seen[check]:
            if not ok:
                if before is not None and at - before <= self.gap:
                    runs[-1] = (runs[-1][0], at)
                else:
                    runs.append((at, at))
            before = None if ok else at
        return runs

    def _is_covered(self, check, at):
        for (first, _, one), (last, _, other) in zip(self.seen[check], self.seen[check][1:], strict=False):
            if first <= at < last:
                return last - first <= self.gap and bool(one or other)
        return False

    # -- repeat ------------------------------------------------------------------------------------

    def repeat(self, check, within, repeats, stable_for):
        """(verdict, repeat number of each counted incident of the month), for `ignore_shorter` = 0 and nobody upstream."""
        asset = self.checks[check][0]
        detected = []
        fails = [at for at, ok, _ in self.seen[check] if not ok]
        for n, at in enumerate(fails):
            if n == 0 or self._stable_between(check, fails[n - 1], at, stable_for):
                detected.append(at)
        counted = [at for at in detected if self.begin <= at < self.end and not self.is_excused(asset, at)]
        numbers = [sum(at - within <= other < at for other in counted) for at in counted]
        halves = [at for at in range(self.begin + HOUR // 2, self.end, HOUR) if not self.is_excused(asset, at)]
        if not halves:
            return "not_applicable", numbers
        known = sum(self.state_of_check(check, at) != "unknown" for at in halves)
        if any(number > repeats for number in numbers):
            return "breached", numbers
        return ("met" if Fraction(known, len(halves)) >= self.min_coverage else "not_assessable"), numbers

    def _stable_between(self, check, first, last, stable_for):
        oks = [at for at, ok, _ in self.seen[check] if ok and first < at < last]
        start = None
        for n, at in enumerate(oks):
            start = at if n == 0 or at - oks[n - 1] > self.gap else start
            if at - start >= stable_for:
                return True
        return False
