"""Figures and words as people read them; nothing here decides anything.

A share is rounded down (an upper bound up), so that no report shows a target as reached that was not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from config.text.i18n import Language, in_language
from config.text.outside import visible
from sla.contract.calendars import zone
from sla.evidence.instants import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

VERDICTS = {
    "met": "met",
    "breached": "breached",
    "not_assessable": "not assessable",
    "not_applicable": "not applicable",
    "pending": "pending",
    "done": "done",
    "late": "late",
    "missed": "missed",
}
STAGES = {"respond": "answered", "arrive": "attended", "restore": "restored"}
NONE = "–"
"""What stands where there is no figure."""
_LONGEST = 120


def verdict(word: str, language: Language) -> str:
    """A verdict's word for clauses, like 合格, 不合格, 无法判定."""
    return in_language(VERDICTS[word], language)


def percent(share: Fraction | None, *, up: bool = False) -> str:
    """With two digits, rounded down, or up for an upper bound; a dash for none."""
    if share is None:
        return NONE
    shown = hundredths(share, up=up)
    return f"{shown // 100}.{shown % 100:02d}%"


def hundredths(share: Fraction, *, up: bool = False) -> int:
    """Hundredths of a percent, rounded down, or up."""
    exact = share * 10_000
    return -((-exact).__floor__()) if up else exact.__floor__()


def local_time(timezone: str) -> Callable[[int | None], str]:
    """How instants are shown: local wall clock of the contract, to the second; a dash for none."""
    tz = zone(timezone)

    def show(at: int | None) -> str:
        if at is None:
            return NONE
        return (EPOCH + timedelta(milliseconds=at)).astimezone(tz).strftime("%Y-%m-%d %H:%M:%S")

    return show


def duration(milliseconds: int, language: Language) -> str:
    """Days, hours, minutes, seconds, from the largest that there is."""
    units = ("天", "时", "分", "秒") if language == "zh" else ("d", "h", "m", "s")
    seconds = milliseconds // 1000
    parts = (seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60, seconds % 60)
    found = [f"{part}{unit}" for part, unit in zip(parts, units, strict=True) if part]
    return " ".join(found) or f"0{units[-1]}"


def harmless(text: str) -> str:
    """A name from outside as papers show it: `config.text.outside.visible`, at most 120 characters."""
    return visible(text, _LONGEST)
