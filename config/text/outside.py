r"""Text from outside, made fit to be shown: the one place that decides what a terminal, a page or paper gets to see.

Names of assets, words of devices, values in files: others wrote them. A character that steers a terminal, turns the
writing round, shows nothing, or shows as another one does is written as its code (`\x1b`, `\u202e`, `\U000e0001`),
so that nothing is hidden and no two texts that differ are shown alike. Letters of different scripts that merely look
alike (a Latin and a Cyrillic a) stay as they are: which of them is meant, no program can tell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, is_normalized

_KEPT_SPACES = " \u3000"
"""The space, and the wide one of Chinese typesetting; every other one looks like the first of them."""
_SILENT = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""What shows nothing, whatever its category: Unicode's Default_Ignorable_Code_Point, and the blank of Braille."""
_IDEOGRAPHS = (0x20000, 0x3FFFD)
"""Planes of ideographs alone: one that this Python's tables do not know yet is still a character to be shown."""
_CODE = re.compile(r"\\(?=x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""A backslash that would be read as the beginning of a code."""
_HIDDEN_SPACE = re.compile(r"\A | \Z|(?<= ) ")
"""A space at an edge or after another one, where pages and paper show nothing or one for many."""


def visible(text: str, longest: int | None = None) -> str:
    r"""The text with a code for each character that would not show as itself; cut to `longest` characters with an ….

    Before the cut, different texts give different results, under Unicode's canonical equivalence too (é in one
    character or in two). So it is done once, where the text is shown: a second time would show the codes of codes.

    >>> visible("cam-7\u202e"), visible("中兴路　枪机"), visible("two  blanks ")
    ('cam-7\\u202e', '中兴路　枪机', 'two \\x20blanks\\x20')
    """
    return cut(_visible(text), longest)


def one_line(text: str, longest: int) -> str:
    """Words of a device as one line: all that is blank or would not show as itself is one space; at most `longest`.

    A second time changes nothing. No more than four times `longest` characters are read, as a device may send a
    megabyte.
    """
    words = "".join(each if _is_shown(each) else " " for each in text[: 4 * longest])
    return cut(" ".join(words.split()), longest)


def for_terminal(text: str) -> str:
    """Lines of ours with names from outside in them: as they are, but a code for whatever does not show.

    A second time changes nothing, and what already stands as a code stays one. It is the last guard of a terminal;
    that no two names are shown alike is `visible`'s to see to.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(each if each == "\n" or _is_shown(each) else code(each) for each in text)


def cut(text: str, longest: int | None) -> str:
    """At most that many characters, the last an … where some are missing; None: all of them."""
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def code(character: str) -> str:
    """How a character is written that is not shown itself, in the shortest form that holds it."""
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"  # noqa: PLR2004 - two, four, eight digits


@lru_cache(maxsize=8_192)
def _visible(text: str) -> str:
    """Names come again on each line of a paper, so that remembering them saves most of the work."""
    text = _CODE.sub(lambda _: code("\\"), text)
    if not text.isascii() or not text.isprintable():
        text = "".join(each if _is_shown(each) else code(each) for each in text)
    if not is_normalized("NFC", text):
        text = _composed(text)
    return _HIDDEN_SPACE.sub(lambda _: code(" "), text)


def _is_shown(character: str) -> bool:
    number = ord(character)
    if character in _KEPT_SPACES:
        return True
    kind = category(character)
    if kind == "Cn" and _IDEOGRAPHS[0] <= number <= _IDEOGRAPHS[1] and number & 0xFFFF < 0xFFFE:  # noqa: PLR2004 - a plane's last two are no characters
        return True
    return kind[0] not in "CZ" and not _SILENT.match(character)


def _composed(text: str) -> str:
    """With a code for each character that canonical composition (NFC) would change or move, like é in two parts."""
    found: list[str] = []
    tail = ""
    for each in text:
        if is_normalized("NFC", tail + each):
            found.append(each)
            tail = (tail + each)[-_REACH:] if category(each)[0] == "M" else each
        else:
            found.append(code(each))
            tail = found[-1][-1]
    return "".join(found)


_REACH = 64
"""Marks on one letter that are looked back over; a text with more of them in a row is no name."""
