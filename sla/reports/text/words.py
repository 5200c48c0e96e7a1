"""Words of reports: verdicts, stages, instants on the contract's clock, names from outside. Nothing here decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from config.text.i18n import Language, in_language
from config.text.outside import visible
from sla.contract.calendars import zone
from sla.evidence.instants import local_text

if TYPE_CHECKING:
    from collections.abc import Callable

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
_LONGEST = 120


def verdict(word: str, language: Language) -> str:
    """A verdict's word for clauses, like 合格, 不合格, 无法判定."""
    return in_language(VERDICTS[word], language)


def local_time(timezone: str) -> Callable[[int | None], str]:
    """How instants are shown: local wall clock of the contract, to the second; a dash for none."""
    tz = zone(timezone)

    def show(at: int | None) -> str:
        if at is None:
            return NONE
        return local_text(at, tz)

    return show


def harmless(text: str) -> str:
    """A name from outside as papers show it: `config.text.outside.visible`, at most 120 characters."""
    return visible(text, _LONGEST)
