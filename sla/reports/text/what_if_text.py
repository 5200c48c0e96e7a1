"""Two contracts over the same evidence, side by side: as a paper and as JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from config.text.figures import NONE, exact_percent
from sla.evidence.instants import format_instant
from sla.explain.model import Amount, Length, Share, say
from sla.reports.json.month import to_json as judgement_json
from sla.reports.layout.document import Block, Document, Facts, Grid, Heading, Paragraph
from sla.reports.text.pen import Pen
from sla.reports.text.promises.registry import deduction_words, promised
from sla.reports.text.value_writer import ValueWriter
from sla.reports.text.words import harmless, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.text.i18n import Language
    from sla.judge.judgement import Judgement
    from sla.judge.what_if import Compared, Comparison
    from sla.obligations.result import AnyResult

CHANGES = {
    "same": say("unchanged"),
    "changed": say("changed"),
    "added": say("only in the other"),
    "removed": say("not in the other"),
}
PAYMENT = {
    "fee": say("Monthly fee"),
    "earned": say("Earned"),
    "deductions": say("Deductions"),
    "payable": say("Payable"),
}
_LENGTHS = frozenset({"stable_for", "settle", "ignore_shorter", "min_countable", "notice", "allowance"})
_SHARES = frozenset({"min_coverage", "deduction_cap"})


def document_of(comparison: Comparison, language: Language) -> Document:
    """The comparison as a paper; a difference is the other contract's figure less this one's."""
    return _WhatIfWriter(comparison, language).document()


class _WhatIfWriter:
    def __init__(self, comparison: Comparison, language: Language) -> None:
        self.comparison = comparison
        self.language = language
        self.before, self.after = comparison.before, comparison.after
        self.pens = (Pen(self.before.contract, language), Pen(self.after.contract, language))
        self.writer = ValueWriter(language, self.before.contract.timezone)

    def say(self, text: str) -> str:
        return self.writer.say(text)

    def document(self) -> Document:
        before, after = self.before.contract, self.after.contract
        names = tuple(harmless(f"{each.contract} {each.title}") for each in (before, after))
        blocks: list[Block] = [
            Facts(
                (
                    (self.say("Month"), self.before.month),
                    (self.say("This contract"), names[0]),
                    (self.say("The other contract"), names[1]),
                )
            ),
            *self._remarks(),
            Heading(2, self.say("Obligations")),
            self._obligations(),
            Heading(2, self.say("Payment")),
            self._payment(),
        ]
        if self.comparison.rules:
            blocks += [Heading(2, self.say("Rules that differ")), self._rules()]
        return Document(
            title=self.say("The same evidence under another contract"),
            subtitle=f"{names[0]} → {names[1]}",
            language=self.language,
            blocks=tuple(blocks),
        )

    def _remarks(self) -> Iterator[Block]:
        if self.comparison.term_moved:
            text = self.say(
                "The month lies outside the other contract's term: it is judged with this contract's term."
            )
            yield Paragraph(text, "mark")
        yield Paragraph(self.say("Both are judged before settlement of earlier months."), "note")

    def _obligations(self) -> Grid:
        columns = (
            self.say("Obligation"),
            self.say("Contract"),
            self.say("Promised"),
            self.say("Measured"),
            self.say("Verdict"),
            self.say("Deduction rule"),
            self.say("Deduction"),
        )
        rows: list[tuple[str, ...]] = []
        tones: list[str] = []
        for each in self.comparison.obligations:
            for side, result in enumerate((each.before, each.after)):
                rows.append((self._name(each), self._side(side), *self._cells(result, side)))
                tones.append("" if result is None else result.verdict)
        return Grid(
            columns=columns, rows=tuple(rows), tones=tuple(tones), right=frozenset({3, 6}), merged=frozenset({0})
        )

    def _name(self, each: Compared) -> str:
        result = each.before or each.after
        title = "" if result is None else result.obligation.title
        return harmless(f"{each.id} {title}") + f" ({self.writer.sentence(CHANGES[each.change])})"

    def _side(self, side: int) -> str:
        return self.say("the other") if side else self.say("this one")

    def _cells(self, result: AnyResult | None, side: int) -> tuple[str, ...]:
        if result is None:
            return (NONE,) * 5
        clause, pen = result.obligation, self.pens[side]
        return (
            promised(clause, pen),
            exact_percent(result.value),
            verdict(result.verdict, self.language),
            deduction_words(clause, pen),
            f"{result.deduction:,}",
        )

    def _payment(self) -> Grid:
        rows = [
            (self.writer.sentence(PAYMENT[name]), f"{old:,}", f"{new:,}", f"{self.comparison.difference(name):+,}")
            for name in PAYMENT
            for old, new in [(getattr(self.before.payment, name), getattr(self.after.payment, name))]
        ]
        score = (self.say("Score"), *(_score(each) for each in (self.before, self.after)), "")
        columns = ("", self.say("This contract"), self.say("The other contract"), self.say("Difference"))
        return Grid(columns=columns, rows=(score, *rows), right=frozenset({1, 2, 3}))

    def _rules(self) -> Grid:
        rows = tuple(
            (harmless(each.key), self._rule(each.key, each.before), self._rule(each.key, each.after))
            for each in self.comparison.rules
        )
        columns = (self.say("Rule"), self.say("This contract"), self.say("The other contract"))
        return Grid(columns=columns, rows=rows)

    def _rule(self, key: str, value: Any) -> str:
        name = key.rpartition(".")[2]
        if value is None:
            return NONE
        if name in _LENGTHS and not isinstance(value, Fraction):
            return self.writer.figure(Length(value))
        if name in _SHARES:
            return self.writer.figure(Share(value))
        if isinstance(value, Decimal):
            return self.writer.figure(Amount(value))
        return harmless(_shown(value))


def _score(judgement: Judgement) -> str:
    return NONE if judgement.score is None else f"{judgement.score.points} {judgement.score.grade or ''}".rstrip()


def _shown(value: Any) -> str:
    """A rule's value in a line, as near to the file's spelling as it needs to be."""
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(f"{key.name}={_shown(getattr(value, key.name))}" for key in fields(value))
    if isinstance(value, Fraction):
        return str(value) if value > 1 else exact_percent(value)
    if isinstance(value, dict):
        return ", ".join(f"{_shown(key)}={_shown(each)}" for key, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value) or NONE
    return value.isoformat() if isinstance(value, date) else str(value)


def to_json(comparison: Comparison) -> dict[str, Any]:
    """Both judgements' objects of SPEC §10, obligation by obligation, and what they differ in."""
    sides = {name: judgement_json(getattr(comparison, name)) for name in ("before", "after")}
    found = {name: {each["id"]: each for each in side["obligations"]} for name, side in sides.items()}
    return {
        "month": comparison.before.month,
        "as_of": format_instant(comparison.before.as_of),
        "before": comparison.before.contract.contract,
        "after": comparison.after.contract.contract,
        "term_moved": comparison.term_moved,
        "verdict": {name: side["verdict"] for name, side in sides.items()},
        "obligations": [
            {
                "id": each.id,
                "change": each.change,
                "before": found["before"].get(each.id),
                "after": found["after"].get(each.id),
            }
            for each in comparison.obligations
        ],
        "score": {name: side["score"] for name, side in sides.items()},
        "payment": {
            **{name: side["payment"] for name, side in sides.items()},
            "difference": {name: str(comparison.difference(name)) for name in PAYMENT},
        },
        "rules": [
            {"key": each.key, "before": _plain(each.before), "after": _plain(each.after)} for each in comparison.rules
        ],
    }


def _plain(value: Any) -> Any:
    return None if value is None else _shown(value)
