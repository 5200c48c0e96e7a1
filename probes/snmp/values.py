"""What devices write as values, as numbers and as text."""

from __future__ import annotations

_WRAP = 1 << 32
_MOST_APART_TICKS = 2 * 24 * 3600 * 100


def number(value: object) -> int | None:
    """A value as a whole number; None if it is none. Counters that a device sends as text are read too."""
    if isinstance(value, bool) or not isinstance(value, int | str | bytes):
        return None
    if isinstance(value, int):
        return value
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
    plain = text.strip()[:20]
    return int(plain) if plain.removeprefix("-").isdecimal() and plain.isascii() else None


def text(value: object) -> str:
    """A value as text: bytes as UTF-8, or GBK as Chinese devices write it."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return value.decode("gb18030", "replace").strip("\0 ")


def ticks_between(earlier: int, later: int) -> int | None:
    """Hundredths of a second from one sysUpTime to a later one; None if the device restarted between them.

    It wraps after 497 days. So a device that restarted shows as one that was not looked at for more than two days.
    """
    ticks = (later - earlier) % _WRAP
    return ticks if ticks < _MOST_APART_TICKS else None
