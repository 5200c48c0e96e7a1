"""The reason of a reading: how its text is put together, and how that text is shown in a language.

Evidence keeps English text, and nothing but it: `unexpected status: 503`. So that a stored reason can be shown in
Chinese without recognising sentences, its text has a form of its own:

- segments stand apart by `: `; the first is the phrase, the others are the detail;
- words of ours are a segment, or an item of a segment whose items stand apart by `, `;
- a value is a segment of its own behind the words that belong to it. Only what has a digit in it (a figure, an
  address) may stand among words: there the catalogue has `{0}`, `{1}` and so on;
- a device's own words stand in quotation marks where they would be taken for ours (`as_seen`): behind a quotation
  mark nothing is looked up any more.

What is not in the catalogue of reasons, word for word, is a value, and is shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from config.text.i18n import Language, in_language

DOMAIN: Final = "reasons"
"""The catalogue of the phrases, and of the words in details."""
SEGMENTS: Final = ": "
ITEMS: Final = ", "
QUOTE: Final = '"'
_APART = re.compile(r"(?<!:): ")
"""Between segments; the colons of the address `::` are no end of one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was seen as it was: `phrase` is what decisions compare, `detail` what was seen beside it.

    `str()` gives the text that a reading keeps: the phrase, and behind a colon the detail if there is one.
    """

    phrase: str
    detail: str = ""

    def __str__(self) -> str:
        """Empty where there is no reason at all."""
        return f"{self.phrase}{SEGMENTS}{self.detail}" if self.detail else self.phrase


NO_REASON: Final = Reason("")
"""That of what is as it should be."""


def detail_of(*segments: object) -> str:
    """The text of a detail with these segments; empty ones are left out."""
    return SEGMENTS.join(text for each in segments if (text := str(each)))


def as_seen(words: str) -> str:
    """A device's own words, already on one line, for a detail: quoted where a part of them could be taken for ours.

    So a device that says `our own network was down` is shown to have said that, in every language.
    """
    return f"{QUOTE}{words}{QUOTE}" if words.startswith(QUOTE) or reason_in(words, "zh") != words else words


def reason_in(text: str, language: Language) -> str:
    """The text of a reason in that language: what is ours translated, values as they were seen.

    Behind the first segment that holds nothing of ours, or begins with a quotation mark, all are values: a
    stranger's words are not translated.
    """
    if language == "en":
        return text
    shown, rest = [], _APART.split(text)
    while rest:
        found = None if rest[0].startswith(QUOTE) else _segment_in(rest[0], language)
        if found is None:
            break
        shown.append(found)
        del rest[0]
    return SEGMENTS.join((*shown, *rest))


def _segment_in(segment: str, language: Language) -> str | None:
    """A segment in that language; None where no word of it is ours."""
    whole = _words_in(segment, language)
    if whole is not None:
        return whole
    items = segment.split(ITEMS)
    found = [_words_in(each, language) for each in items]
    if not any(each is not None for each in found):
        return None
    return ITEMS.join(each if seen is None else seen for each, seen in zip(items, found, strict=True))


def _words_in(words: str, language: Language) -> str | None:
    """Words of ours in that language, with the values that stand among them; None where they are not ours."""
    values: list[str] = []
    places = []
    for token in words.split(" "):
        if _is_value(token):
            places.append(f"{{{len(values)}}}")
            values.append(token)
        else:
            places.append(token)
    known = " ".join(places)
    found = in_language(known, language, DOMAIN)
    return None if found == known else found.format(*values)


def _is_value(token: str) -> bool:
    """Whether it is a figure or an address (`::` is one too)."""
    return "::" in token or any(each.isdigit() for each in token)
