"""A sentence for people as a value: an English template and what stands in it, until the language is known.

What finds a mistake does not know who reads it. It makes a `Sentence`; whoever shows it asks for the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, total_ordering
from string import Formatter
from typing import TYPE_CHECKING, Any, TypeAlias

from config.text.i18n import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal
    from fractions import Fraction

    from config.text.i18n import Language

    Value: TypeAlias = "str | int | float | Decimal | Fraction | date | Sentence | Iterable[Value]"
    """What a place of a template may be filled with; a list is shown with commas between."""

_FORMATTER = Formatter()
_VERBATIM = "{text}"
_LISTED = "{sentence}{lines}"
_TEMPLATE, _VALUES = "template", "values"


@total_ordering
@dataclass(frozen=True, slots=True, init=False)
class Sentence:
    """An English message of the catalogue with `{named}` places, and the value of each place.

    A text among the values is data: it is shown as it is and never translated. A nested sentence is translated;
    the parts of a list are shown with commas between them. Sentences are ordered by their English text.
    """

    template: str
    values: tuple[tuple[str, Any], ...]
    """Name of a place and its value, by name; lists as tuples."""

    def __init__(self, template: str, /, **values: Value) -> None:
        """`Sentence("one of {names}", names=["a", "b"])`; TypeError where places and values are not the same."""
        if _places(template) != values.keys():
            given = ", ".join(sorted(values)) or "nothing"
            raise TypeError(f"{template!r} was given {given}")  # noqa: EM102 - for programmers only
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", tuple((name, _kept(values[name])) for name in sorted(values)))

    def text(self, language: Language = "en") -> str:
        """The sentence in that language; English where the catalogue does not have it."""
        template = in_language(self.template, language)
        return template.format(**{name: _filled(value, language) for name, value in self.values})

    def __str__(self) -> str:
        """The English text."""
        return self.text("en")

    def __lt__(self, other: object) -> bool:
        """Whether the English text comes first; of equal texts, the template and the values."""
        if not isinstance(other, Sentence):
            return NotImplemented
        mine, theirs = self.text("en"), other.text("en")
        return (mine, self.template, repr(self.values)) < (theirs, other.template, repr(other.values))

    def as_json(self) -> dict[str, Any]:
        """Template and values as JSON holds them: texts, whole numbers, sentences, lists; all else as text."""
        return {_TEMPLATE: self.template, _VALUES: {name: _packed(value) for name, value in self.values}}


def sentence_from_json(found: Any) -> Sentence:
    """The sentence that `as_json` wrote; TypeError where it is none."""
    if not isinstance(found, dict) or found.keys() != {_TEMPLATE, _VALUES} or not isinstance(found[_TEMPLATE], str):
        raise TypeError("no sentence")
    values: Any = found[_VALUES]
    if not isinstance(values, dict):
        raise TypeError("no values of a sentence")
    return Sentence(found[_TEMPLATE], **{name: _unpacked(value) for name, value in values.items()})


def verbatim(text: str) -> Sentence:
    """What somebody else's program said, as a sentence: the same in every language."""
    return Sentence(_VERBATIM, text=text)


def listed(sentence: Sentence, lines: Iterable[str]) -> Sentence:
    """A sentence and lines of data below it, each set in by two blanks."""
    return Sentence(_LISTED, sentence=sentence, lines="".join(f"\n  {line}" for line in lines))


def text_of(shown: Sentence | str, language: Language = "en") -> str:
    """A sentence in that language; data as it is."""
    return shown.text(language) if isinstance(shown, Sentence) else shown


@lru_cache(maxsize=4096)
def _places(template: str) -> frozenset[str]:
    """The names in braces; TypeError for a place without a plain name, which could reach into a value."""
    try:
        names = frozenset(name for _, name, _, _ in _FORMATTER.parse(template) if name is not None)
    except ValueError as error:
        raise TypeError(f"{template!r}: {error}") from None  # noqa: EM102 - for programmers only
    if not all(name.isidentifier() for name in names):
        raise TypeError(f"{template!r} has a place without a name")  # noqa: EM102 - for programmers only
    return names


def _kept(value: Any) -> Any:
    """The value so that it cannot change any more: a list, set or generator becomes a tuple."""
    if isinstance(value, str | Sentence) or not hasattr(value, "__iter__"):
        return value
    return tuple(_kept(each) for each in value)


def _filled(value: Any, language: Language) -> Any:
    if isinstance(value, Sentence):
        return value.text(language)
    if isinstance(value, tuple):
        return ", ".join(str(_filled(each, language)) for each in value)
    return value


def _packed(value: Any) -> Any:
    if isinstance(value, Sentence):
        return value.as_json()
    if isinstance(value, tuple):
        return [_packed(each) for each in value]
    return value if isinstance(value, str | int) else str(value)


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return sentence_from_json(value)
    return [_unpacked(each) for each in value] if isinstance(value, list) else value
