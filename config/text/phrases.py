"""Sentences about mistakes in the person's language.

A mistake is found long before anybody knows who will read it, and its English text is what programs and
tests compare. So it is translated where it is told: whole if the catalogue has it, else by the phrase that
it was made from.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from config.text.i18n import in_language

if TYPE_CHECKING:
    from config.text.i18n import Language

PHRASES = (
    "one of {names}",
    "{key}: got {got}, wanted {wanted}",
    "got {got}, wanted {wanted}",
    "{key}: missing in this {kind}",
    "{key}: no {kind} {name} in this evidence",
    "{key}: this key is there twice",
    "no JSON: {why}",
    "{what} contradicts the one on line {line}; both are refused",
    "reach: asset {asset} has the reach checks {one} and {other}; at most one",
    "behind: a circle, {circle}",
    "{text} is no instant; wanted RFC 3339 with an offset, like 2026-10-01T08:00:00+08:00",
    "{text} is finer than a millisecond; an instant is a whole number of milliseconds",
    "{text} is no instant: {why}",
    "{text} is no month; wanted YYYY-MM, like 2026-10",
    "a scope key: {names}",
    "an object of {names}",
    "{period}: the term has no month in it that had begun",
    "{file}:{line}: {reason}",
)
"""Phrases with something inside; their Chinese is in the catalogue, as it is for those without."""


def told_in(text: str, language: Language) -> str:
    """Every line of the text in that language."""
    return "\n".join(phrase_in(line, language) for line in text.split("\n"))


def phrase_in(text: str, language: Language) -> str:
    """The text in that language; as it is where there is no translation."""
    whole = in_language(text, language)
    if whole != text or language == "en" or not text:
        return whole
    for phrase in PHRASES:
        found = _pattern(phrase).fullmatch(text)
        if found:
            parts = {name: phrase_in(part, language) for name, part in found.groupdict().items()}
            return in_language(phrase, language).format(**parts)
    return text


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """`{line}` is a number, `{file}`, `{key}` and `{option}` have no colon and space, the rest is anything."""
    shapes = {"line": r"\d+", "key": r"[\w.\[\] ]+", "option": r"--[\w-]+", "file": r".+?"}
    made = re.sub(r"\\{(\w+)\\}", lambda found: f"(?P<{found[1]}>{shapes.get(found[1], '.+')})", re.escape(phrase))
    return re.compile(made)
