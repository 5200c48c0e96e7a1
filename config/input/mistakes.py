"""Mistakes in files that people write: all of them at once, each with place, finding and mend."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from config.text.i18n import Language, in_language
from config.text.outside import cut, visible
from config.text.phrases import phrase_in
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from config.text.sentence import Value

_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mistake:
    """One thing wrong. `got` is shown as found, never for secrets; `hint` says how to mend it, if we know.

    `key` is spelled as in `obligations[0].deduct.per`; for CSV it is the column.
    """

    file: str
    line: int
    key: str
    got: str = ""
    wanted: str = ""
    hint: str = ""

    def told(self, language: Language = "en") -> str:
        """One line: file:line: key: what was found, what was wanted, the nearest right name."""
        say = {word: in_language(word, language) for word in ("got", "wanted", "did you mean")}
        parts = [
            f"{say['got']} {phrase_in(self.got, language)}" if self.got else "",
            f"{say['wanted']} {phrase_in(self.wanted, language)}" if self.wanted else "",
        ]
        text = ", ".join(part for part in parts if part)
        mend = f"; {say['did you mean']} {self.hint}?" if self.hint else ""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {text}{mend}" if self.key else f"{place}: {text}{mend}"


class RefusalError(Exception):
    """Something is refused, and a sentence tells a person why and what to do; `str()` of it is English.

    `RefusalError("no file {path}", path=path)`, or one that holds a `Sentence` made before.
    """

    def __init__(self, sentence: Sentence | str, /, **values: Value) -> None:
        self.sentence = sentence if isinstance(sentence, Sentence) else Sentence(sentence, **values)
        super().__init__(self.sentence.text())

    def text(self, language: Language = "en") -> str:
        """The sentence in that language."""
        return self.sentence.text(language)


class WantedError(RefusalError, ValueError):
    """A value is not what is wanted here; the sentence says what is, as in "a whole number"."""


class ConfigError(ValueError):
    """A file cannot be used; `mistakes` are in the order of file and line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__(self.told())

    def told(self, language: Language = "en") -> str:
        """All mistakes, one a line."""
        return "\n".join(mistake.told(language) for mistake in self.mistakes)


def shown(value: object) -> str:
    """A value as it is quoted in a message: on one line, and short."""
    return cut(_spelled(value), _LONGEST)


def _spelled(value: object) -> str:
    """As the file spells it: TOML's words, not Python's."""
    if isinstance(value, str):
        return visible(f'"{value}"')
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_spelled(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{visible(str(key))} = {_spelled(each)}" for key, each in value.items()) + " }"
    return visible(str(value))


def nearest(name: str, known: Collection[str]) -> str:
    """The known name that a misspelt one probably means, quoted; empty if none is near."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f'"{close[0]}"' if close else ""
