"""Quantities as people write them in files (SPEC §0). Each function's WantedError says what was wanted."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from config.input.mistakes import WantedError

_MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,9})?)%", re.ASCII)
_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,2})?", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_HIGHEST_PORT = 65_535
_DAY_MINUTES = 1440
_HOUR = 60


def duration(value: object) -> int:
    """`500ms`, `90s`, `15m`, `4h` or `2d` (24 h each) as whole milliseconds."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise WantedError('a duration like "90s", "15m", "4h" or "2d"')
    exact = Fraction(match.group(1)) * _MILLISECONDS[match.group(2)]
    if exact.denominator != 1:
        raise WantedError("a whole number of milliseconds")
    return int(exact)


def share(value: object) -> Fraction:
    """`98%` as 49/50; from 0% to 100%."""
    match = _SHARE.fullmatch(value) if isinstance(value, str) else None
    exact = Fraction(match.group(1)) / 100 if match else None
    if exact is None or exact > 1:
        raise WantedError('a share from "0%" to "100%"')
    return exact


def money(value: object) -> Decimal:
    """`"1200.00"` (or a whole number) as an exact amount, not negative, at most 2 digits behind the point."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise WantedError('an amount in quotes, like "1200.00"')
    return Decimal(text)


def hours(value: object) -> tuple[int, int]:
    """`08:00-18:00` as minutes of the day, (480, 1080); may end at 24:00."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is not None:
        begin, end = (int(match.group(i)) * _HOUR + int(match.group(i + 1)) for i in (1, 3))
        minutes_fit = int(match.group(2)) < _HOUR and int(match.group(4)) < _HOUR
        if minutes_fit and begin < end <= _DAY_MINUTES:
            return begin, end
    raise WantedError('hours like "08:00-18:00", the end after the beginning and at most "24:00"')


def port(value: object) -> int:
    """A TCP or UDP port."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _HIGHEST_PORT:
        raise WantedError("a port from 1 to 65535")
    return value
