"""Instants as SPEC §0 has them: whole milliseconds UTC, RFC 3339 with an offset as text."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from config.input.mistakes import MalformedError
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from datetime import tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)
_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_LEAP_SECOND = 60
FIRST_YEAR, LAST_YEAR = 2, 9998
"""The years of months that begin and end in every time zone; instants lie between them."""


def local_text(at: int, zone: tzinfo) -> str:
    """An instant on the clock of a place, to the second: `2026-10-12 09:00:00`, without its offset."""
    return (EPOCH + at * MS).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def parse_instant(text: str) -> int:
    """Milliseconds since the epoch of an RFC 3339 text with an offset.

    A leap second (`:60`) is the instant after `:59`. Raises MalformedError with a reason for anything
    else, for a missing offset, and for digits finer than a millisecond: none are guessed away.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise MalformedError(
            "{text} is no instant; wanted RFC 3339 with an offset, like 2026-10-01T08:00:00+08:00", text=repr(text)
        )
    year, month, day, hour, minute, second = (int(part) for part in match.group(1, 2, 3, 4, 5, 6))
    fraction = (match.group(7) or "").rstrip("0")
    if len(fraction) > len("123"):
        raise MalformedError(
            "{text} is finer than a millisecond; an instant is a whole number of milliseconds", text=repr(text)
        )
    if not FIRST_YEAR < year < LAST_YEAR:
        wanted = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise MalformedError(
            "{text} is beyond reckoning; wanted a year after {first} and before {last}", text=repr(text), **wanted
        )
    why = _no_day(year, month, day) or _no_time(hour, minute, second)
    if why is not None:
        raise MalformedError("{text} is no instant: {why}", text=repr(text), why=why)
    whole = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    milliseconds = int(fraction.ljust(3, "0")) if fraction else 0
    return (whole - EPOCH) // MS + (1000 if second == _LEAP_SECOND else 0) + milliseconds - _offset(match.group(8))


def _no_day(year: int, month: int, day: int) -> Sentence | None:
    """Why no calendar has that day; None where it has."""
    if not 1 <= month <= 12:  # noqa: PLR2004 - a year's months
        return Sentence("month must be in 1..12")
    if not 1 <= day <= monthrange(year, month)[1]:
        return Sentence("day is out of range for month")
    return None


def _no_time(hour: int, minute: int, second: int) -> Sentence | None:
    """Why no clock shows that time, of which a leap second is one; None where one does."""
    if hour > 23:  # noqa: PLR2004 - a clock's own numbers
        return Sentence("hour must be in 0..23")
    if minute > 59:  # noqa: PLR2004 - a clock's own numbers
        return Sentence("minute must be in 0..59")
    return Sentence("second must be in 0..60") if second > _LEAP_SECOND else None


def _offset(text: str) -> int:
    """`Z` or `+08:00` as milliseconds."""
    if text in "Zz":
        return 0
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - a clock's own numbers
        raise MalformedError("{text} is no offset from UTC", text=repr(text))
    sign = -1 if text[0] == "-" else 1
    return sign * (hours * 60 + minutes) * 60_000


def format_instant(at: int) -> str:
    """The one text form that we write: UTC with `Z`; a fraction only where there is one."""
    return _minute_text(at // 60_000) + _second_text(at % 60_000)


# A report may write half a million instants, and a month has 44,640 minutes: kept, they are twice as fast.


@lru_cache(maxsize=1 << 16)
def _minute_text(minutes: int) -> str:
    days, minute = divmod(minutes, 1440)
    return f"{_day_text(days)}T{minute // 60:02d}:{minute % 60:02d}:"


@lru_cache(maxsize=1 << 16)
def _second_text(within: int) -> str:
    second, milliseconds = divmod(within, 1000)
    return f"{second:02d}.{milliseconds:03d}Z" if milliseconds else f"{second:02d}Z"


@lru_cache(maxsize=4096)
def _day_text(days: int) -> str:
    return (EPOCH + timedelta(days=days)).date().isoformat()


def ms_of(moment: datetime) -> int:
    """Milliseconds since the epoch of an aware datetime, rounded down."""
    return (moment - EPOCH) // MS


def parse_month(text: str) -> tuple[int, int]:
    """`2026-10` as (2026, 10); MalformedError for anything else."""
    match = re.fullmatch(r"(\d{4})-(\d\d)", text, re.ASCII)
    year, month = (int(part) for part in match.groups()) if match else (0, 0)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):  # noqa: PLR2004 - a year's months
        raise MalformedError("{text} is no month; wanted YYYY-MM, like 2026-10", text=repr(text))
    return year, month


def month_of(day: date) -> str:
    """The calendar month of a day, as `2026-10`."""
    return f"{day.year:04d}-{day.month:02d}"
