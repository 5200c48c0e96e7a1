"""Parts of a contract in words that lose nothing: shares, spans, money, scopes, calendars as they were agreed.

Other than in `sla.reports.text.words`, no figure is rounded here: a standard says what was promised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text import figures
from config.text.i18n import in_language
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from config.text.i18n import Language
    from sla.contract.model import CalendarRule, Contract
    from sla.evidence.records import Scope

_DAYS = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}
_CHINESE_DIGITS = "零一二三四五六七八九十"
_TEN = 10


class Phrases:
    """Speaks of one contract in one language."""

    def __init__(self, contract: Contract, language: Language) -> None:
        self.contract = contract
        self.language = language

    def say(self, text: str, **values: object) -> str:
        """The text in the language of the paper, with these values in its braces."""
        said = in_language(text, self.language)
        return said.format(**values) if values else said

    def share(self, exact: Fraction) -> str:
        """`98%`, with as many digits as it has."""
        return figures.share(exact)

    def span(self, milliseconds: int) -> str:
        """A duration to the millisecond, from the largest unit that there is: `1天`, `1小时30分钟`, `4 h 30 min`."""
        return figures.span(milliseconds, self.language)

    def money(self, amount: Decimal) -> str:
        """With thousands parted, in the contract's currency."""
        space = "" if self.language == "zh" else " "
        return f"{amount:,}{space}{self.say(self.contract.fee.currency)}"

    def joined(self, words: list[str]) -> str:
        """A list in one line."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def clauses(self, words: list[str]) -> str:
        """Parts of one sentence."""
        return ("，" if self.language == "zh" else ", ").join(words)

    def sentences(self, *texts: str) -> str:
        """Texts that end in their own full stop, in one paragraph; empty ones left out."""
        return ("" if self.language == "zh" else " ").join(text for text in texts if text)

    def scope(self, scope: Scope) -> str:
        """Which assets (and severities) a clause is about."""
        said = {
            "kind": self.say("kind: {words}", words=self._named(scope.kind)) if scope.kind else "",
            "tags": self.say("tag: {words}", words=self._named(scope.tags)) if scope.tags else "",
            "ids": self.say("assets: {words}", words=self._named(scope.ids)) if scope.ids else "",
            "severity": self.say("severity: {words}", words=self._named(scope.severity)) if scope.severity else "",
        }
        found = [text for text in said.values() if text]
        return ("；" if self.language == "zh" else "; ").join(found) or self.say("all assets of the contract")

    def _named(self, words: tuple[str, ...]) -> str:
        return self.joined([harmless(self.say(word)) for word in words])

    def calendar(self, name: str) -> str:
        """A calendar with its days and hours."""
        rule = self.contract.calendars.get(name)
        if rule is None:
            return self.say("at all times (24 hours, every day)")
        return self.say("calendar {name} ({rule})", name=harmless(name), rule=self.calendar_rule(rule))

    def calendar_rule(self, rule: CalendarRule) -> str:
        """Days and hours."""
        comma = "，" if self.language == "zh" else ", "
        hours = self.joined([f"{figures.clock(begin)}–{figures.clock(end)}" for begin, end in rule.hours])
        return f"{self._days(rule)}{comma}{hours}"

    def _days(self, rule: CalendarRule) -> str:
        if rule.days == "all":
            return self.say("every day")
        if rule.days != "workdays":
            return self.joined([self.say(_DAYS[day]) for day in rule.days])
        if rule.holidays is None:
            return self.say("Monday to Friday")
        return self.say("working days (Monday to Friday, less public holidays, plus make-up working days)")

    def number(self, place: int, level: int = 1) -> str:
        """The number of a part of the paper: 一、 and （一） in Chinese, 1. and 1) in English."""
        if self.language != "zh":
            return f"{place}. " if level == 1 else f"{place}) "
        return f"{chinese_number(place)}、" if level == 1 else f"（{chinese_number(place)}）"


def chinese_number(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十二, 二十, 二十三."""
    tens, ones = divmod(number, _TEN)
    front = "" if tens == 0 else "十" if tens == 1 else _CHINESE_DIGITS[tens] + "十"
    return front + (_CHINESE_DIGITS[ones] if ones or not tens else "")
