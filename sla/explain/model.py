"""An explanation as values: sections of steps, each with the rule it rests on and its figures.

Nothing here is a sentence in a language: a step holds an English template and typed figures, so
that one explanation is told in Chinese and in English and written as JSON with the same numbers.
`say` only marks a template for the catalogue; `sla.reports.text.explain_text` tells it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from config.text.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction


class At(NamedTuple):
    """An instant in milliseconds, or None where there is none."""

    ms: int | None


class Length(NamedTuple):
    """A duration in milliseconds; half of one can be over where a doubt is split."""

    ms: int | Fraction


class Share(NamedTuple):
    """An exact share, or None where there is none."""

    of_one: Fraction | None


class Amount(NamedTuple):
    """Money or points, exact."""

    value: Decimal


class Number(NamedTuple):
    """A count."""

    value: int


class Name(NamedTuple):
    """A name from outside: an id, a person, a reason; told harmlessly, never translated."""

    text: str


class ReasonText(NamedTuple):
    """Why a reading says what it says: a word of a probe's, told in the language where it is known."""

    text: str


class Word(NamedTuple):
    """A word of ours, translated; must itself be known to the catalogue."""

    text: str


class Day(NamedTuple):
    """A local day as `2026-10-03`."""

    text: str


Value = At | Length | Share | Amount | Number | Name | ReasonText | Word | Day | Sentence


class Statement(NamedTuple):
    """An English template with `{named}` places, and what stands in them."""

    template: str
    values: Mapping[str, Value]


def say(template: str, **values: Value) -> Statement:
    """A sentence to be told later; its template is a message of the catalogue."""
    return Statement(template, values)


Row = tuple[Value | Statement, ...]
"""A line of a table."""


class ReadingRows(NamedTuple):
    """A table: column names are messages; `left_out` says how many rows are not listed."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the reasoning; `rule` is the section of SPEC that it applies, like `§7`."""

    rule: str
    statement: Statement
    rows: ReadingRows | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Steps that belong together."""

    title: Statement
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole chain. `figures` are the final numbers, to be compared with the judgement's.

    `subject` is what was explained, as the judgement has it (an obligation's result, an item, an
    incident, the month's payment); reports write it down beside the steps. `obligation`: whose it is, or "".
    `figure_names`: what those of `figures` are called that only one kind has.
    """

    kind: Literal["obligation", "item", "incident", "deduction", "payment"]
    id: str
    month: str
    as_of: int
    timezone: str
    contract: str
    sections: tuple[Section, ...]
    subject: Any
    obligation: str = ""
    figures: Mapping[str, Value] = field(default_factory=dict)
    figure_names: Mapping[str, Statement] = field(default_factory=dict)


def step(rule: str, statement: Statement, rows: ReadingRows | None = None) -> Step:
    """A step in one line."""
    return Step(rule=rule, statement=statement, rows=rows)


def rows_of(columns: tuple[Statement, ...], rows: list[Row], most: int) -> ReadingRows:
    """At most so many rows of a table; `columns` are `say("…")` without figures."""
    return ReadingRows(tuple(each.template for each in columns), tuple(rows[:most]), max(0, len(rows) - most))


VERDICTS = {
    "met": say("met"),
    "breached": say("breached"),
    "not_assessable": say("not assessable"),
    "not_applicable": say("not applicable"),
    "pending": say("pending"),
}


def verdict_word(verdict: str) -> Word:
    """A verdict as people read it."""
    return Word(VERDICTS[verdict].template)
