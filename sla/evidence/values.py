"""Values of records in JSON: read strictly, each with what was wanted where it is wrong (SPEC §1). Pure.

Every reader takes what `json` made of a value and gives what the record keeps; a value of the wrong
type, an empty name or an unknown word is a MalformedError that says what was found and what was wanted.
"""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.text.sentence import Sentence
from sla.evidence.instants import parse_instant, parse_month
from sla.evidence.refusals import wrong

if TYPE_CHECKING:
    from collections.abc import Callable

_MONEY = re.compile(r"-?\d{1,15}\.\d\d", re.ASCII)
_SCORE = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def text(value: Any) -> str:
    """A string; it may be empty."""
    if not isinstance(value, str):
        raise wrong(value, "a string")
    return value


def name(value: Any) -> str:
    """A string that is not empty."""
    if not isinstance(value, str) or not value:
        raise wrong(value, "a string that is not empty")
    return value


def flag(value: Any) -> bool:
    """`true` or `false`; no number stands for either."""
    if not isinstance(value, bool):
        raise wrong(value, "true or false")
    return value


def instant(value: Any) -> int:
    """An instant as RFC 3339 with an offset, as milliseconds since the epoch."""
    return parse_instant(text(value))


def day(value: Any) -> date:
    """A calendar day as `YYYY-MM-DD`."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise wrong(value, "a day as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong(value, "a day as YYYY-MM-DD") from None


def month(value: Any) -> str:
    """A calendar month as `YYYY-MM`, kept as that string."""
    parse_month(text(value))
    return str(value)


def names(value: Any) -> tuple[str, ...]:
    """A list of strings that are not empty, in its order; one that is there twice counts once."""
    if not isinstance(value, list):
        raise wrong(value, "a list of strings")
    return tuple(dict.fromkeys(name(each) for each in value))


def one_or_more(value: Any) -> tuple[str, ...]:
    """One string that is not empty, or a list of such."""
    return (name(value),) if isinstance(value, str) else names(value)


def word(*words: str) -> Callable[[Any], str]:
    """A reader that takes one of these words and nothing else."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise wrong(value, Sentence("one of {names}", names=words))
        return value

    return read


def interval(value: Any) -> int:
    """Seconds, more than 0 and a whole number of milliseconds, as milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not 0 < value < 10**9:
        raise wrong(value, "a number of seconds above 0")
    milliseconds = Decimal(str(value)) * 1000
    if milliseconds != int(milliseconds):
        raise wrong(value, "a whole number of milliseconds")
    return int(milliseconds)


def seconds(milliseconds: int) -> int | float:
    """Milliseconds as seconds: a whole number where it is one. What `interval` reads."""
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000


def metrics(value: Any) -> dict[str, float]:
    """An object of finite numbers: whole ones stay whole, all else is a float."""
    if not isinstance(value, dict):
        raise wrong(value, "an object of numbers")
    for key, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
            raise wrong({key: number}, "numbers only")
        if not math.isfinite(number):
            raise wrong({key: number}, "finite numbers only")
    return {key: number if isinstance(number, int) else float(number) for key, number in value.items()}


def money(value: Any) -> Decimal:
    """An amount as a string with two digits behind the point; it may be negative."""
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise wrong(value, 'money as a string with 2 digits, like "1200.00"')
    return Decimal(value)


def score(value: Any) -> Decimal:
    """A score as a string of digits with at most six behind the point; never negative."""
    if not isinstance(value, str) or not _SCORE.fullmatch(value):
        raise wrong(value, 'a score as a string, like "92.5"')
    return Decimal(value)


def sha256(value: Any) -> str:
    """A SHA-256 as 64 lower-case hexadecimal digits."""
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise wrong(value, "64 lower-case hexadecimal digits")
    return value


def sha256_if_any(value: Any) -> str:
    """A SHA-256 as 64 lower-case hexadecimal digits, or an empty string where there is none."""
    return "" if value == "" else sha256(value)
