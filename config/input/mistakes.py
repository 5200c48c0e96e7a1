"""Mistakes in files that people write: all of them at once, each with place, finding and mend."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from config.text.i18n import Language, in_language
from config.text.outside import cut, visible
from config.text.sentence import Sentence, text_of, verbatim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from config.text.sentence import Value

NOTHING = Sentence("nothing")
"""What was found where something is missing."""
_LONGEST = 80
MistakeCode = Literal["wrong", "missing", "unknown", "limitless"]
"""`missing`: a key that must be there is not. `unknown`: no such key. `limitless`: a clause without a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong in a file. `code` says of which sort it is to those that decide by it.

    `key` is spelled as in `obligations[0].deduct.per`; for a table it is the column. `got` is what was found: a
    sentence, or data as it stands in the file (never a secret's). `wanted` is what was wanted instead. `hint` is the
    right name that is nearest, quoted; empty if none is near. `line` 0: the file as a whole.
    """

    file: str
    line: int
    key: str
    got: Sentence | str = ""
    wanted: Sentence | str = ""
    hint: str = ""
    code: MistakeCode = "wrong"

    def text(self, language: Language = "en") -> str:
        """One line: file:line: key: what was found, what was wanted, the nearest right name."""
        say = {word: in_language(word, language) for word in ("got", "wanted", "did you mean")}
        parts = [
            f"{say['got']} {text_of(self.got, language)}" if self.got else "",
            f"{say['wanted']} {text_of(self.wanted, language)}" if self.wanted else "",
        ]
        text = ", ".join(part for part in parts if part)
        mend = f"; {say['did you mean']} {self.hint}?" if self.hint else ""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {text}{mend}" if self.key else f"{place}: {text}{mend}"

    def place(self) -> tuple[str, int, str, str, str, str]:
        """What mistakes are put in order by: file, line, key, and the English of what was found and wanted."""
        return self.file, self.line, self.key, str(self.got), str(self.wanted), self.hint


class RefusalError(Exception):
    """Something is refused, and a sentence tells a person why and what to do; `str()` of it is English.

    `RefusalError("no file {path}", path=path)`, or one that holds a `Sentence` made before.
    """

    def __init__(self, sentence: Sentence | str, /, **values: Value) -> None:
        self.sentence = sentence if isinstance(sentence, Sentence) else Sentence(sentence, **values)
        super().__init__(self.sentence.text())

    def text(self, language: Language = "en") -> str:
        """Why it is refused, in that language."""
        return self.sentence.text(language)


class MalformedError(RefusalError, ValueError):
    """A value is not what it should be; the sentence says what is wrong with it."""


class WantedError(RefusalError, ValueError):
    """A value is not what is wanted here; the sentence says what is, as in "a whole number"."""


class ConfigError(RefusalError, ValueError):
    """A file cannot be used; `mistakes` are in the order of file and line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes), key=Mistake.place))
        super().__init__(verbatim(self.text()))

    def text(self, language: Language = "en") -> str:
        """All mistakes in that language, one a line."""
        return "\n".join(mistake.text(language) for mistake in self.mistakes)


def reason_of(error: Exception) -> Sentence:
    """The sentence of an error of ours; what any other error says, as it is."""
    return error.sentence if isinstance(error, RefusalError) else verbatim(str(error))


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
