"""项目支出绩效自评表 as a paper: the form of the finance bureau, what was measured, and where figures come from."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from config.text.figures import NONE, plain
from config.text.i18n import in_language
from sla.reports.basis import Source
from sla.reports.evaluation.rows import EvaluationRows, rate
from sla.reports.layout.document import Boxes, Bullets, Document, Facts, Grid, Heading, Paragraph
from sla.reports.text.marks import PRACTICE
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.text.i18n import Language
    from sla.evaluation.scored import SelfEvaluation
    from sla.reports.layout.document import Block, Cell

_NOWHERE = Source()


def self_evaluation_document(found: SelfEvaluation, language: Language, source: Source = _NOWHERE) -> Document:
    """The paper; `source` is where the evidence was read that measured indicators rest on."""
    figures = found.figures
    titles = {
        "self": "Self-evaluation of project spending ({year})",
        "evaluation": "Evaluation of project spending ({year})",
    }
    return Document(
        title=in_language(titles[figures.form], language).format(year=figures.year),
        subtitle=harmless(figures.project),
        language=language,
        marks=_marks(found, language),
        blocks=tuple(_blocks(found, EvaluationRows(found, language))),
        foot=tuple(text for text in (harmless(figures.project), str(figures.year), source.short) if text),
        wide=True,
        dated=date(figures.year, 12, 31),
    )


def _marks(found: SelfEvaluation, language: Language) -> tuple[str, ...]:
    marks = []
    notes = [] if found.period is None else [note["note"] for note in found.period.notes]
    if "practice" in notes:
        marks.append(in_language(PRACTICE, language))
    missing = sum(each.state == "missing" for each in found.scored)
    if missing:
        text = "{count} indicators have no actual value; nothing was filled in for them."
        marks.append(in_language(text, language).format(count=missing))
    return tuple(marks)


def _blocks(found: SelfEvaluation, rows: EvaluationRows) -> Iterator[Block]:
    say = rows.say
    yield Facts(tuple((say(name), text) for name, text in _facts(found, rows)))
    yield from _budget(found, rows)
    if found.figures.expected or found.figures.achieved:
        yield Grid(
            title=say("Goal of the year"),
            columns=(say("Expected"), say("Achieved")),
            rows=((harmless(found.figures.expected) or NONE, harmless(found.figures.achieved) or NONE),),
        )
    yield _table(found, rows)
    if found.scaled is not None:
        text = "{points} points applied; the total is scaled to 100"
        yield Paragraph(say(text, points=plain(found.scaled)), "note")
    yield from _mapping(found, rows)
    yield from _cases(found, rows)
    yield from _survey(found, rows)
    yield Heading(1, say("How was scored"))
    yield Bullets(_rules(rows))
    yield Boxes((say("Unit (seal, signature, date)"), say("Department in charge (seal, signature, date)")))


def _facts(found: SelfEvaluation, rows: EvaluationRows) -> list[tuple[str, str]]:
    figures = found.figures
    told = [
        ("Project", figures.project),
        ("Department in charge", figures.department),
        ("Implementing unit", figures.unit),
        ("Vendor", figures.vendor),
    ]
    facts = [(name, harmless(text)) for name, text in told if text]
    facts.append(("Total", rows.total()))
    facts.append(("Grade", found.grade or rows.say("open, since values are missing")))
    return facts


def _budget(found: SelfEvaluation, rows: EvaluationRows) -> Iterator[Grid]:
    budget, score = found.figures.budget, found.budget
    if budget is None or score is None or found.execution is None:
        return
    say = rows.say
    names = ("Funds", "Initial budget", "Annual budget", "Executed", "Points", "Execution", "Score")
    first: tuple[Cell, ...] = (
        say("Total of the year"),
        NONE if budget.initial is None else rows.number(budget.initial),
        rows.number(budget.annual),
        rows.number(budget.executed),
        rows.points(score.points),
        rate(found.execution),
        NONE if score.points is None else rows.points(score.score),
    )
    others = tuple(
        (harmless(each.name), "", rows.number(each.annual), rows.number(each.executed), "", "", "")
        for each in budget.sources
    )
    yield Grid(
        title=f"{say('Funds of the project')} ({harmless(budget.unit)})",
        columns=tuple(say(name) for name in names),
        rows=(first, *others),
        right=frozenset({1, 2, 3, 4, 5, 6}),
    )


def _table(found: SelfEvaluation, rows: EvaluationRows) -> Grid:
    """The three levels; blocks without indicators are a row of their own."""
    say = rows.say
    names = (
        "Level 1",
        "Level 2",
        "Level 3",
        "Target of the year",
        "Actual value",
        "Points",
        "Score",
        "Reasons and remedies",
    )
    told: list[tuple[Cell, ...]] = []
    tones: list[str] = []
    for block in found.blocks:
        inside = [each for each in found.scored if each.indicator.block == block.name]
        for each in inside:
            told.append(rows.indicator(each, block))
            tones.append({"missing": "not_assessable", "not_applicable": "not_applicable"}.get(each.state, ""))
        if block.is_given or not inside:
            given = say("as the evaluator gave it") if block.is_given else ""
            told.append(
                (
                    harmless(block.name),
                    say("Together"),
                    "",
                    "",
                    "",
                    rows.points(block.points),
                    rows.points(block.score),
                    given,
                )
            )
            tones.append("")
    told.append((say("Total"), "", "", "", "", rows.all_points(), rows.total(), found.grade or ""))
    return Grid(
        title=say("Performance indicators"),
        columns=tuple(say(name) for name in names),
        rows=tuple(told),
        tones=(*tones, ""),
        right=frozenset({5, 6}),
        merged=frozenset({0, 1}),
        total=True,
        widths=(9, 10, 20, 16, 16, 6, 7, 22),
        wide=True,
    )


def _mapping(found: SelfEvaluation, rows: EvaluationRows) -> Iterator[Block]:
    """原指标 → 量化指标."""
    told = tuple(row for each in found.scored for row in rows.mapping(each))
    if not told:
        return
    say = rows.say
    names = (
        "Indicator",
        "Target as worded",
        "Measured by",
        "Promised",
        "Measured",
        "Bounds",
        "Coverage",
        "Months kept",
    )
    yield Heading(1, say("From the indicator's words to what was measured"))
    yield Grid(
        columns=tuple(say(name) for name in names),
        rows=told,
        right=frozenset({3, 4, 5, 6, 7}),
        merged=frozenset({0, 1}),
        widths=(16, 14, 22, 9, 9, 16, 9, 9),
        wide=True,
        note=say("Measured: the clause's formula over all months of the year; see the yearly report."),
    )


def _cases(found: SelfEvaluation, rows: EvaluationRows) -> Iterator[Block]:
    """Cases by department, the least in time first; both rates, never mixed."""
    whole = found.figures.all_cases
    if whole is None:
        return
    say = rows.say
    names = (
        "Department",
        "Source",
        "Taken in",
        "Due cases",
        "Disposed",
        "In time",
        "Late",
        "Disposal rate",
        "In-time rate",
    )
    ranked = sorted(
        found.figures.cases,
        key=lambda row: (Fraction(2) if row.counts.in_time_rate is None else row.counts.in_time_rate, row.department),
    )
    told = [
        rows.cases(harmless(row.department) or say("not told"), harmless(row.source) or NONE, row.counts)
        for row in ranked
    ]
    yield Heading(1, say("Cases of the city platform"))
    yield Grid(
        columns=tuple(say(name) for name in names),
        rows=(*told, rows.cases(say("Together"), "", whole)),
        right=frozenset(range(2, 9)),
        total=True,
        wide=True,
    )


def _survey(found: SelfEvaluation, rows: EvaluationRows) -> Iterator[Block]:
    if not found.figures.survey:
        return
    say = rows.say
    names = ("Group", "Asked", "Valid answers", "Satisfied", "Satisfaction")
    yield Heading(1, say("Survey"))
    yield Grid(
        columns=tuple(say(name) for name in names),
        rows=tuple(rows.survey(each) for each in found.figures.survey),
        right=frozenset({1, 2, 3, 4}),
        note=say("Satisfaction = satisfied ÷ valid answers; groups are kept apart."),
    )


def _rules(rows: EvaluationRows) -> tuple[str, ...]:
    say = rows.say
    return (
        say("Budget: points × executed ÷ annual budget, at most all points."),
        say(
            "A target that is met gives all points. ≥ missed: points × actual ÷ target; ≤ exceeded:"
            " points × target ÷ actual."
        ),
        say("Satisfaction, where so agreed: from 90% on all points, below 60% none, in between (rate − 60%) ÷ 30%."),
        say("Qualitative: achieved 100–80%, partly 80–60%, not achieved 60–0% of the points; people decide."),
        say("Measured by several clauses: the mean of what each reached of its promise, at most 1 each."),
        say("What is not applicable drops out, and the rest is scaled to 100. What is missing is not filled in."),
        say("A value far above its target is remarked on and nothing is deducted for it."),
        say("Each score is rounded half-up to 2 decimals. Grades: 优 from 90, 良 from 80, 中 from 60, 差 below."),
    )
