"""Writes sentences and figures of `sla.explain.model` in a language: exact, on the contract's clock, harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.text.figures import NONE, exact_duration, exact_percent
from config.text.i18n import in_language
from config.text.reasons import reason_in
from config.text.sentence import Sentence
from sla.contract.calendars import zone
from sla.evidence.instants import local_text
from sla.explain.model import Amount, At, Day, Length, Name, Number, ReasonText, Share, Statement, Word
from sla.reports.json import numbers
from sla.reports.json.numbers import instant, seconds
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.text.i18n import Language
    from sla.explain.model import Value

_SECONDS = 1000


class ValueWriter:
    """One language and one clock."""

    def __init__(self, language: Language, timezone: str) -> None:
        self.language = language
        self._zone = zone(timezone)
        self._written: Mapping[type, Callable[[Any], str]] = {
            Statement: self.sentence,
            At: lambda value: self._instant(value.ms),
            Length: lambda value: exact_duration(value.ms, language),
            Share: lambda value: exact_percent(value.of_one),
            Amount: lambda value: f"{value.value:,f}",
            Number: lambda value: str(value.value),
            Word: lambda value: self.say(value.text),
            Name: lambda value: harmless(value.text),
            ReasonText: lambda value: harmless(reason_in(value.text, self.language)),
            Day: lambda value: value.text,
            Sentence: lambda value: harmless(value.text(self.language)),
        }

    def say(self, text: str) -> str:
        """A text of ours in the language."""
        return in_language(text, self.language)

    def sentence(self, said: Statement) -> str:
        """A template with its figures, in the language."""
        told = in_language(said.template, self.language)
        return told.format(**{name: self.figure(value) for name, value in said.values.items()})

    def figure(self, value: Value | Statement) -> str:
        """A figure as people read it: nothing rounded that would change what it says."""
        return self._written[type(value)](value)

    def _instant(self, at: int | None) -> str:
        if at is None:
            return NONE
        return local_text(at, self._zone) + (f".{at % _SECONDS:03d}" if at % _SECONDS else "")


def json_value(value: Value | Statement, writer: ValueWriter) -> Any:
    """A figure for JSON: seconds, floats, decimal strings and instants as SPEC §0 and §10 write them."""
    if type(value) in _PLAIN:
        return _PLAIN[type(value)](value)
    return writer.figure(value)


_PLAIN: Mapping[type, Callable[[Any], Any]] = {
    At: lambda value: instant(value.ms),
    Length: lambda value: seconds(value.ms),
    Share: lambda value: numbers.share(value.of_one),
    Amount: lambda value: str(value.value),
    Number: lambda value: value.value,
    Name: lambda value: value.text,
    ReasonText: lambda value: value.text,
    Day: lambda value: value.text,
}
