"""Sentences about mistakes in the person's language.

A mistake is found long before anybody knows who will read it, and its English text is what programs and
tests compare. So it is translated where it is told: whole if the catalogue has it, else by the phrase that
it was made from.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from config.i18n import in_language

if TYPE_CHECKING:
    from config.i18n import Language

PHRASES = (
    "one of the calendars {names}",
    "one of {names}",
    "a number at least {bound}",
    "a number at most {bound}",
    "a number above {bound}",
    "a name from [probes.NAME] or a probe kind: {kinds}",
    "a probe kind: {kinds}",
    'an IANA time zone, like "Asia/Shanghai"; did you mean {name}?',
    '"workdays", "all", or a list of {days}',
    "an id of its own; line {line} has it",
    "an id of its own; {place} has it",
    "a file that can be read ({why})",
    "a file that only its owner may read: chmod 600 {name}",
    "{count}, as in the first line",
    "{count} cells",
    "{check} twice",
    "{file} with mode {mode}",
    "no TOML: {why}",
    "no CSV: {why}",
    "severity: one of {names}",
)
"""Phrases with something inside; their Chinese is in the catalogue, as it is for those without."""


def phrase_in(text: str, language: Language) -> str:
    """The text in that language; as it is where there is no translation."""
    whole = in_language(text, language)
    if whole != text or language == "en":
        return whole
    for phrase in PHRASES:
        found = _pattern(phrase).fullmatch(text)
        if found:
            return in_language(phrase, language).format(**found.groupdict())
    return text


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(phrase)), re.DOTALL)
