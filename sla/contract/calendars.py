"""Calendars of a contract: which time counts (SPEC §5), and months, weeks and days in its time zone (§0).

A local time that occurs twice is taken the first time; one that does not exist (a clock put
forward) is the instant at which the clock jumped over it, so that hours on the other side of the
jump are neither lost nor made.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sla.contract.holidays_cn import KNOWN_YEARS, official_days
from sla.contract.model import WEEKDAYS, CalendarRule
from sla.evidence.instants import EPOCH, FIRST_YEAR, LAST_YEAR, ms_of, parse_month
from sla.evidence.intervals import ALWAYS, Intervals, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal

DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name."""
    return ZoneInfo(name)


def local_instant(day: date, minute: int, timezone: str) -> int:
    """The instant of a local wall-clock time, given in minutes (0 to 1440) of that day."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    instant = wall.replace(tzinfo=zone(timezone), fold=0).astimezone(UTC)
    shown = instant.astimezone(zone(timezone)).replace(tzinfo=None)
    return ms_of(instant) if shown == wall else _jump_before(instant, shown - wall, timezone)


def _jump_before(instant: datetime, jumped: timedelta, timezone: str) -> int:
    """The instant of the jump of which `instant` is at most its width behind, by bisection to the millisecond."""
    tz = zone(timezone)
    after = instant.astimezone(tz).utcoffset()
    low, high = ms_of(instant - jumped - DAY), ms_of(instant)
    while high - low > 1:
        middle = (low + high) // 2
        if (EPOCH + timedelta(milliseconds=middle)).astimezone(tz).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high


def local_day(at: int, timezone: str) -> date:
    """The local day that holds an instant."""
    return (EPOCH + timedelta(milliseconds=at)).astimezone(zone(timezone)).date()


def day_span(first: date, last: date, timezone: str) -> tuple[int, int]:
    """From local midnight before the first day to local midnight after the last."""
    return local_instant(first, 0, timezone), local_instant(last + DAY, 0, timezone)


def month_days(month: str) -> tuple[date, date]:
    """First and last day of `YYYY-MM`."""
    year, number = parse_month(month)
    first = date(year, number, 1)
    return first, next_month(first) - DAY


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_span(month: str, timezone: str) -> tuple[int, int]:
    """A calendar month as an interval."""
    return day_span(*month_days(month), timezone)


def months_between(first: date, last: date) -> tuple[str, ...]:
    """Every calendar month that [first, last] touches, in order."""
    found, day = [], first.replace(day=1)
    while day <= last:
        found.append(f"{day.year:04d}-{day.month:02d}")
        day = next_month(day)
    return tuple(found)


def periods(
    every: Literal["day", "week", "month", "quarter"], first: date, last: date
) -> Iterator[tuple[date, date]]:
    """The days, ISO weeks, months or quarters wholly inside [first, last], as (first day, last day)."""
    day = _period_start(every, first)
    while day <= last:
        after = _period_start(every, day + timedelta(days={"day": 1, "week": 7, "month": 31, "quarter": 92}[every]))
        if day >= first and after - DAY <= last:
            yield day, after - DAY
        day = after


def _period_start(every: str, day: date) -> date:
    if every == "day":
        return day
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


class Calendar:
    """A calendar clause at work. Pure; it keeps the years that it has worked out."""

    def __init__(self, rule: CalendarRule, timezone: str, public_days: Mapping[date, bool]) -> None:
        """`public_days`: day → is it a working day, from the centre's own files; it beats the shipped table."""
        self._rule = rule
        self._timezone = timezone
        self._public = public_days
        self._years: dict[int, Intervals] = {}

    def has_time(self, day: date) -> bool:
        """Whether the calendar has any time on that day: it counts, and its hours were not all jumped over."""
        return self.counts(day) and any(begin < end for begin, end in self.on(day))

    def counts(self, day: date) -> bool:
        """Whether the day is one of the calendar's, whatever became of its hours.

        The contract's own days first, an added one before one taken away; then the official days; then the weekday.
        """
        rule = self._rule
        if day in rule.extra_workdays:
            return True
        if day in rule.extra_holidays:
            return False
        official = self._official(day)
        if rule.days == "workdays":
            return day.weekday() < _SATURDAY if official is None else official
        return official is not False and (rule.days == "all" or WEEKDAYS[day.weekday()] in rule.days)

    def _official(self, day: date) -> bool | None:
        """Whether the day is worked by the centre's file, or else by the official table; None: neither names it."""
        if self._rule.holidays is None:
            return None
        named = self._public.get(day)
        return official_days(day.year).get(day) if named is None and day.year in KNOWN_YEARS else named

    @property
    def is_always_official(self) -> bool:
        """Whether the calendar asks no official table at all."""
        return self._rule.holidays is None

    def is_official(self, year: int) -> bool:
        """Whether nothing of that year had to be computed for want of an official table.

        A centre's own file speaks for a whole year if it names its 1 January and its 1 October,
        which every notice does; a file that mends single days does not make a year official.
        """
        if self.is_always_official or year in KNOWN_YEARS:
            return True
        return date(year, 1, 1) in self._public and date(year, 10, 1) in self._public

    def spans(self, begin: int, end: int) -> Intervals:
        """The time that counts, for the whole local years that [begin, end) touches (so: at least that much)."""
        if not self._bounded:
            return ALWAYS
        first = max(1, local_day(max(begin, _FIRST_INSTANT), self._timezone).year)
        last = min(LAST_YEAR, local_day(min(end, _LAST_INSTANT), self._timezone).year)
        years = (self._year(year) for year in range(first, last + 1))
        return normal(piece for year in years for piece in year)

    @property
    def _bounded(self) -> bool:
        rule = self._rule
        has_every_day = rule.days == "all" and rule.holidays is None and not rule.extra_holidays
        return not has_every_day or rule.hours != ((0, 1440),)

    def _year(self, year: int) -> Intervals:
        if year not in self._years:
            first = date(year, 1, 1)
            days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
            self._years[year] = normal(piece for day in days if self.counts(day) for piece in self.on(day))
        return self._years[year]

    def on(self, day: date) -> Intervals:
        """The hours of one day, whether it counts or not."""
        zone_name = self._timezone
        return tuple(
            (local_instant(day, begin, zone_name), local_instant(day, end, zone_name))
            for begin, end in self._rule.hours
        )


_FIRST_INSTANT = ms_of(datetime(FIRST_YEAR, 1, 2, tzinfo=UTC))
_LAST_INSTANT = ms_of(datetime(LAST_YEAR, 12, 30, tzinfo=UTC))
ALL_HOURS = CalendarRule()
"""The rule of the calendar `always`, which is built in."""
