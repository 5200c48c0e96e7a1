"""Instants as XML writes them (xs:dateTime, XML Schema part 2 §3.2.7), in milliseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:Z|([+-])(\d\d):(\d\d))?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MIDNIGHT = (24, 0, 0)
_MOST_OFFSET_MIN = 14 * 60
_HOUR = 60


def instant_ms(text: str) -> int:
    """The instant of an xs:dateTime, cut to milliseconds. Without a zone it is read as UTC, which ONVIF prescribes.

    ValueError: it is none, or of a year before 1 or after 9999.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError("no xs:dateTime")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    ends_day = (hour, minute, second) == _MIDNIGHT and not int(match[7] or 0)
    at = datetime(year, month, day, 0 if ends_day else hour, minute, second, tzinfo=UTC)
    whole_ms = (at - _EPOCH) // timedelta(milliseconds=1) + (86_400_000 if ends_day else 0)
    return whole_ms + int((match[7] or "0")[:3].ljust(3, "0")) - _offset_min(match) * 60_000


def _offset_min(match: re.Match[str]) -> int:
    if match[8] is None:
        return 0
    hours, minutes = int(match[9]), int(match[10])
    offset = hours * _HOUR + minutes
    if minutes >= _HOUR or offset > _MOST_OFFSET_MIN:
        raise ValueError("no time zone")
    return -offset if match[8] == "-" else offset


def instant_text(at_ms: int) -> str:
    """An instant as an xs:dateTime in UTC, cut to seconds."""
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return at.replace(tzinfo=None, microsecond=0).isoformat() + "Z"
