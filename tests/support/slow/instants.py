"""Time, calendars, shares and money for the slow model of SPEC's second edition (see tests/support/slow/model.py).

Nothing here is from `sla/`. Instants are whole milliseconds since 1970, shares and money are fractions.
"""

from __future__ import annotations

import calendar as month_lengths
import datetime as dt
from bisect import bisect_right
from contextlib import suppress
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEVER = 10**18
"""Later than anything; `-NEVER` is the beginning of time."""


class Refused(Exception):  # noqa: N818 - a word of SPEC, as the result is
    """Contract or evidence that SPEC refuses; the message is a word or two for why."""


def ms(moment: dt.datetime) -> int:
    """An aware moment as milliseconds since 1970."""
    return round((moment - EPOCH) / dt.timedelta(milliseconds=1))


def instant(text: str) -> int:
    """RFC 3339 to milliseconds."""
    text = text.upper()
    leap = 1000 if text[17:19] == "60" else 0  # a leap second is the instant after :59
    return ms(dt.datetime.fromisoformat(f"{text[:17]}59{text[19:]}" if leap else text)) + leap


def shown(at: int | None) -> str | None:
    """Milliseconds as RFC 3339, in UTC."""
    if at is None:
        return None
    return (EPOCH + dt.timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def duration(text: str) -> int:
    """A duration as the files write it, in milliseconds."""
    unit = text.lstrip("0123456789.")
    return int(Fraction(text.removesuffix(unit)) * UNITS_MS[unit])


def share(text: str) -> Fraction:
    """`"98%"` as 49/50."""
    return Fraction(text.rstrip("%")) / 100


def cents(amount: Fraction) -> Fraction:
    """Half-up to the cent."""
    return Fraction(int(amount * 100 + Fraction(1, 2)), 100)


def money(amount: Fraction) -> str:
    """Two digits, as SPEC section 0 writes money; the amount has no more than whole cents."""
    whole = abs(amount) * 100
    assert whole.denominator == 1
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole.numerator // 100}.{whole.numerator % 100:02d}"


def number(value: Fraction | None) -> float | None:
    """A share as JSON has it."""
    return None if value is None else float(value)


def seconds(duration_ms: int | Fraction) -> float:
    """A duration as JSON has it."""
    return float(Fraction(duration_ms) / 1000)


def ratio(part, whole) -> Fraction | None:
    """part / whole, or null."""
    return None if whole == 0 else Fraction(part) / Fraction(whole)


def listed(value) -> list:
    """One value or a list of them, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


class Signal:
    """What holds when: constant from each of some instants to the next."""

    def __init__(self, cuts: list[int], values: list) -> None:
        self.cuts, self.values = cuts, values

    @classmethod
    def of(cls, cuts, question) -> Signal:
        """The answers to a question about an instant, which can change only at the cuts."""
        ordered = sorted({-NEVER, *cuts})
        return cls(ordered, [question(cut) for cut in ordered])

    def at(self, moment: int):
        """The answer at an instant."""
        return self.values[bisect_right(self.cuts, moment) - 1]

    def stretches(self, start: int, end: int):
        """(from, to, answer) over [start, end), in order."""
        place = bisect_right(self.cuts, start) - 1
        while start < end:
            stop = min(end, self.cuts[place + 1]) if place + 1 < len(self.cuts) else end
            yield start, stop, self.values[place]
            start, place = stop, place + 1

    def runs(self, start: int = -NEVER, end: int = NEVER) -> list[tuple]:
        """The stretches of [start, end), the neighbours of one answer as one."""
        found: list[list] = []
        for a, b, answer in self.stretches(start, end):
            if found and found[-1][2] == answer:
                found[-1][1] = b
            else:
                found.append([a, b, answer])
        return [tuple(run) for run in found]


def within(windows: list[tuple[int, int]]) -> Signal:
    """Whether an instant lies in any of the windows."""
    return Signal.of([edge for window in windows for edge in window], lambda t: any(a <= t < b for a, b in windows))


class Days:
    """The contract's days, months and calendars in its time zone."""

    def __init__(self, contract: dict) -> None:
        self.zone = ZoneInfo(contract["timezone"])
        self.calendars = contract.get("calendars", {})
        self.windows, self.local = cache(self.windows_of_day), cache(self.local_time)

    def local_time(self, day: dt.date, minutes: int = 0) -> int:
        """A local time of a day: one that occurs twice, the first time; one that does not, the instant of the jump."""
        wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes)
        at = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
        if at.astimezone(self.zone).replace(tzinfo=None) == wall:
            return ms(at)
        minute = dt.timedelta(minutes=1)
        while (at - minute).astimezone(self.zone).replace(tzinfo=None) >= wall:
            at -= minute
        return ms(at)

    def day(self, moment: int) -> dt.date:
        return (EPOCH + dt.timedelta(milliseconds=moment)).astimezone(self.zone).date()

    def month(self, moment: int) -> str:
        return f"{self.day(moment):%Y-%m}"

    def month_bounds(self, month: str) -> tuple[int, int]:
        year, number_ = map(int, month.split("-"))
        first = dt.date(year, number_, 1)
        last = dt.date(year, number_, month_lengths.monthrange(year, number_)[1])
        return self.local(first), self.local(last + dt.timedelta(days=1))

    def term(self, days: dict) -> tuple[int, int]:
        """From the first day's midnight to the one after the last day."""
        return self.local(days["from"]), self.local(days["to"] + dt.timedelta(days=1))

    def counts(self, plan: dict, day: dt.date) -> bool:
        """Whether a calendar has the day."""
        if day in plan.get("extra_workdays", []):
            return True
        if day in plan.get("extra_holidays", []):
            return False
        days, country = plan.get("days", "all"), plan.get("holidays")
        usual = day.weekday() < 5 if days == "workdays" else days == "all" or DAY_NAMES[day.weekday()] in days
        if country != "CN":
            return usual
        with suppress(NotImplementedError):  # a year without an official calendar: computed from the weekday
            if days == "workdays":
                return chinese_calendar.is_workday(day)
            off, name = chinese_calendar.get_holiday_detail(day)
            return usual and not (off and name is not None)
        return usual

    def windows_of_day(self, name: str, day: dt.date) -> list[tuple[int, int]]:
        """A calendar's time on one local day, in order, without overlaps."""
        if name == "always":
            return [(self.local(day), self.local(day + dt.timedelta(days=1)))]
        plan = self.calendars[name]
        if not self.counts(plan, day):
            return []
        pairs = []
        for text in plan.get("hours", ["00:00-24:00"]):
            start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
            pairs.append((self.local(day, start), self.local(day, end)))
        open_hours = within([(a, b) for a, b in pairs if a < b])
        edges = self.local(day), self.local(day + dt.timedelta(days=2))
        return [(a, b) for a, b, is_open in open_hours.stretches(*edges) if is_open]

    def time(self, name: str, start: int, end: int):
        """A calendar's windows, cut to [start, end), day by day."""
        if start >= end:
            return
        day = self.day(start)
        while self.local(day) < end:
            for a, b in self.windows(name, day):
                if max(a, start) < min(b, end):
                    yield max(a, start), min(b, end)
            day += dt.timedelta(days=1)
