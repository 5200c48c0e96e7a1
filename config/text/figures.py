"""How numbers, shares, times of day and lengths of time are spelled, in one place. Nothing here decides anything.

Papers that state a result round: a share down, an upper bound up, so that no report shows a target as reached that
was not. Papers that state what was agreed, or why a number is what it is, lose nothing.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from config.text.i18n import in_language

if TYPE_CHECKING:
    from config.text.i18n import Language

NONE = "–"
"""What stands where there is no figure."""
_EXACT_DIGITS = 6
_MS = 1000
_SHORT = {"zh": ("天", "时", "分", "秒"), "en": ("d", "h", "m", "s")}
_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms"))
_LONGEST_DECIMALS = 12
_HALF = Fraction(1, 2)


def plain(exact: Fraction | Decimal) -> str:
    """A number without needless zeros; one that has no end in decimals with 6 digits."""
    value = exact if isinstance(exact, Decimal) else Decimal(exact.numerator) / Decimal(exact.denominator)
    text = f"{value:f}" if -value.normalize().as_tuple().exponent < _LONGEST_DECIMALS else f"{value:.6f}"  # type: ignore[operator]
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(exact: Fraction) -> str:
    """A share as it was agreed, with as many digits as it has.

    >>> share(Fraction(98, 100)), share(Fraction(995, 1000))
    ('98%', '99.5%')
    """
    return f"{plain(exact * 100)}%"


def percent(exact: Fraction | None, *, up: bool = False) -> str:
    """A share that was reached, with two digits, rounded down, or up for an upper bound; a dash for none."""
    return NONE if exact is None else hundredths_text(hundredths(exact, up=up))


def hundredths(exact: Fraction, *, up: bool = False) -> int:
    """Hundredths of a percent, rounded down, or up."""
    scaled = exact * 10_000
    return -((-scaled).__floor__()) if up else scaled.__floor__()


def nearest_hundredths(exact: Fraction) -> int:
    """Hundredths of a percent, a half up, as offices write rates that no clause is judged by."""
    return (exact * 10_000 + _HALF).__floor__()


def hundredths_text(number: int) -> str:
    """Hundredths of a percent, not negative, as a percentage with two digits."""
    return f"{number // 100}.{number % 100:02d}%"


def exact_percent(exact: Fraction | None) -> str:
    """A share in full where six digits say it, else four digits rounded down and an …; a dash for none."""
    if exact is None:
        return NONE
    scaled = exact * 100 * 10**_EXACT_DIGITS
    if scaled.denominator == 1:
        text = f"{scaled.numerator // 10**_EXACT_DIGITS}.{scaled.numerator % 10**_EXACT_DIGITS:0{_EXACT_DIGITS}d}"
        return text.rstrip("0").rstrip(".") + "%"
    cut = (exact * 1_000_000).__floor__()
    return f"{cut // 10_000}.{cut % 10_000:04d}…%"


def duration(milliseconds: int, language: Language) -> str:
    """Days, hours, minutes and whole seconds, from the largest that there is; what is left of a second is dropped."""
    return _parts(milliseconds // _MS, "", language)


def exact_duration(amount: int | Fraction, language: Language) -> str:
    """Milliseconds as days, hours, minutes, and seconds to a tenth of a millisecond."""
    seconds, rest = divmod(amount, _MS)
    exact = f"{float(seconds % 60 + Fraction(rest) / _MS):.4f}".rstrip("0") if rest else ""
    return _parts(int(seconds), exact, language)


def _parts(seconds: int, exact: str, language: Language) -> str:
    """`exact`: the seconds below a minute, where they are not whole."""
    *units, second = _SHORT[language]
    parts = (seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60)
    found = [f"{part}{unit}" for part, unit in zip(parts, units, strict=True) if part]
    last = exact or str(seconds % 60)
    return " ".join(found if last == "0" and found else [*found, f"{last}{second}"])


def span(milliseconds: int, language: Language) -> str:
    """A length that was agreed, to the millisecond: `1天`, `1小时30分钟`, `4 h 30 min`."""
    parts: list[tuple[int, str]] = []
    for size, unit in _UNITS:
        count, milliseconds = divmod(milliseconds, size)
        if count:
            parts.append((count, in_language(unit, language)))
    if language == "zh":
        return "".join(f"{count}{unit}" for count, unit in parts) or f"0{in_language('s', language)}"
    return " ".join(f"{count} {unit}" for count, unit in parts) or "0 s"


def clock(minute: int) -> str:
    """A minute of the day as `08:30`; the day's end is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
