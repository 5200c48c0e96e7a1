"""Writes figures and words of one report: its language, its clock, its money."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from config.text.figures import NONE, duration, hundredths, percent, plain
from config.text.i18n import in_language
from sla.contract.calendars import zone
from sla.evidence.instants import EPOCH, MS
from sla.judge.payment import is_scored
from sla.reports.layout.document import Cell, Figure
from sla.reports.text.value_writer import ValueWriter
from sla.reports.text.words import harmless, local_time, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from config.text.i18n import Language
    from sla.contract.model import Contract
    from sla.evidence.records import Asset
    from sla.explain.model import Statement
    from sla.obligations.result import AnyResult


class Pen:
    """Every text of a report comes from here, already harmless and in its language."""

    def __init__(self, contract: Contract, language: Language) -> None:
        self.contract = contract
        self.language = language
        self.currency = harmless(contract.fee.currency)
        self._time = local_time(contract.timezone)
        self._zone = zone(contract.timezone)

    def say(self, text: str, **values: object) -> str:
        """The text in the report's language, with values filled in."""
        told = in_language(text, self.language)
        return told.format(**values) if values else told

    def statement(self, statement: Statement) -> str:
        """A sentence of an explanation, with its figures."""
        return ValueWriter(self.language, self.contract.timezone).sentence(statement)

    def columns(self, *names: str) -> tuple[str, ...]:
        """Heads of columns, in the report's language."""
        return tuple(self.say(name) for name in names)

    def at(self, instant: int | None) -> Cell:
        """An instant on the contract's clock, to the second; a dash for none."""
        if instant is None:
            return NONE
        return Figure(text=self._time(instant), value=(EPOCH + instant * MS).astimezone(self._zone), form="instant")

    def moment(self, instant: int | None) -> str:
        """An instant on the contract's clock, as words in a sentence; a dash for none."""
        return self._time(instant)

    def day(self, day: date) -> Figure:
        """A day."""
        return Figure(text=day.isoformat(), value=day, form="date")

    def share(self, share: Fraction | None, *, up: bool = False) -> Cell:
        """A share in percent, rounded down (an upper bound up), in every form alike."""
        if share is None:
            return NONE
        return Figure(text=percent(share, up=up), value=Fraction(hundredths(share, up=up), 10_000), form="share")

    def money(self, amount: Decimal, name: str = "", formula: str = "") -> Figure:
        """An amount without its currency, which the column names."""
        return Figure(text=f"{amount:,}", value=amount, form="money", name=name, formula=formula)

    def span(self, milliseconds: int) -> Figure:
        """A length of time."""
        return Figure(text=duration(milliseconds, self.language), value=milliseconds, form="span")

    def lost(self, result: AnyResult) -> str:
        """Points lost of those that the clause has; a clause that could not be judged drops out of the score."""
        points = result.obligation.points
        if points is None:
            return NONE
        if not is_scored(self.contract, result):
            return self.say("not counted")
        return f"{self.points(result.lost).text}/{self.points(points).text}"

    def count(self, number: int) -> Figure:
        """A number of things."""
        return Figure(text=str(number), value=number)

    def whether(self, *, flag: bool) -> str:
        """Yes or no."""
        return self.say("yes") if flag else self.say("no")

    def points(self, points: Decimal) -> Figure:
        """Points, without zeros that say nothing."""
        return Figure(text=plain(points), value=points)

    def verdict(self, word: str, *, is_certain: bool | None = None) -> str:
        """合格, 不合格, 无法判定; with a word where the other party's doubt would turn it."""
        is_doubtful = is_certain is False and word in ("met", "breached")
        return verdict(word, self.language) + (self.aside(self.say("not certain")) if is_doubtful else "")

    def asset(self, asset: Asset) -> str:
        """Its id, and its name where it has another one."""
        return harmless(asset.id if asset.name in ("", asset.id) else f"{asset.id} {asset.name}")

    def aside(self, text: str) -> str:
        """A word in brackets behind another."""
        return f"（{text}）" if self.language == "zh" else f" ({text})"

    def joined(self, parts: Iterable[str]) -> str:
        """Parts of one sentence."""
        return ("；" if self.language == "zh" else "; ").join(parts)

    def several(self, names: list[str] | tuple[str, ...], most: int = 5) -> str:
        """The first few of many names, and how many more there are; a dash for none."""
        if not names:
            return NONE
        shown = harmless(", ".join(names[:most]))
        left = len(names) - most
        return shown if left <= 0 else self.say("{names} and {count} more", names=shown, count=left)
