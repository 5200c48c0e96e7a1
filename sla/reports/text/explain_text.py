"""An explanation as a paper, and as JSON: the same steps, the same figures, each with the rule it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.explain.model import Amount, At, Length, Number, Share, say
from sla.reports.json.month import to_json as judgement_json
from sla.reports.layout.document import Block, Document, Facts, Grid, Heading, Paragraph
from sla.reports.text.marks import marks_of
from sla.reports.text.pen import Pen
from sla.reports.text.value_writer import ValueWriter, json_value
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.text.i18n import Language
    from sla.explain.model import Explanation, ReadingRows, Statement, Step
    from sla.judge.judgement import Judgement

_FIGURES = (Length, Share, Amount, Number)


def document_of(explanation: Explanation, judgement: Judgement, language: Language) -> Document:
    """The explanation as a paper."""
    writer = ValueWriter(language, explanation.timezone)
    contract, names = judgement.contract, {**FIGURE_NAMES, **explanation.figure_names}
    facts = (
        (writer.say("Month"), explanation.month),
        (
            writer.say("Judged with what was known at"),
            f"{writer.figure(At(explanation.as_of))} {explanation.timezone}",
        ),
        *((writer.sentence(names[name]), writer.figure(value)) for name, value in explanation.figures.items()),
    )
    blocks: list[Block] = [Facts(facts)]
    for section in explanation.sections:
        blocks.append(Heading(2, writer.sentence(section.title)))
        for number, step in enumerate(section.steps, 1):
            blocks += _blocks(number, step, writer)
    return Document(
        title=writer.say("How it comes about: {id}").format(id=harmless(explanation.id)),
        subtitle=harmless(f"{contract.contract} {contract.title}"),
        language=language,
        marks=marks_of(judgement.notes, Pen(contract, language)),
        blocks=tuple(blocks),
    )


FIGURE_NAMES: Mapping[str, Statement] = {
    "verdict": say("Verdict"),
    "value": say("Value"),
    "deduction": say("Deduction"),
    "detected": say("Detected"),
    "at": say("At"),
    "fee": say("Monthly fee"),
    "earned": say("Earned"),
    "deductions": say("Deductions"),
    "payable": say("Payable"),
    "low": say("Payable at least"),
    "high": say("Payable at most"),
    "adjustment": say("Adjustment of earlier months"),
    "due": say("Due"),
}
"""What figures are called that more than one kind, or the month, has; a kind names its own (`KindExplanation`)."""


def _blocks(number: int, step: Step, writer: ValueWriter) -> Iterator[Block]:
    yield Paragraph(f"{number}. {writer.sentence(step.statement)}  〔{step.rule}〕")
    if step.rows is not None and step.rows.rows:
        yield _grid(step.rows, writer)


def _grid(rows: ReadingRows, writer: ValueWriter) -> Grid:
    left_out = writer.say("{count} more rows are not shown").format(count=rows.left_out)
    return Grid(
        columns=tuple(writer.say(name) for name in rows.columns),
        rows=tuple(tuple(writer.figure(cell) for cell in row) for row in rows.rows),
        right=frozenset(n for n, cell in enumerate(rows.rows[0]) if isinstance(cell, _FIGURES)),
        note=left_out if rows.left_out else "",
    )


def to_json(explanation: Explanation, judgement: Judgement, language: Language) -> dict[str, Any]:
    """The explanation as an object; `result` is the fragment of SPEC §10's object that it explains."""
    writer = ValueWriter(language, explanation.timezone)
    return {
        "explained": {"kind": explanation.kind, "id": explanation.id},
        "contract": explanation.contract,
        "month": explanation.month,
        "as_of": format_instant(explanation.as_of),
        "figures": {name: json_value(value, writer) for name, value in explanation.figures.items()},
        "sections": [
            {
                "title": writer.sentence(section.title),
                "steps": [_step(step, writer) for step in section.steps],
            }
            for section in explanation.sections
        ],
        "result": _result(explanation, judgement),
    }


def _step(step: Step, writer: ValueWriter) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rule": step.rule,
        "text": writer.sentence(step.statement),
        "values": {name: json_value(value, writer) for name, value in step.statement.values.items()},
    }
    if step.rows is not None:
        found["rows"] = {
            "columns": [writer.say(name) for name in step.rows.columns],
            "rows": [[json_value(cell, writer) for cell in row] for row in step.rows.rows],
            "left_out": step.rows.left_out,
        }
    return found


def _result(explanation: Explanation, judgement: Judgement) -> Any:
    """What SPEC §10's object says of it: the obligation (for an item too), the incident, or the payment."""
    written = judgement_json(judgement)
    if explanation.kind == "payment":
        return written["payment"]
    if explanation.kind == "incident":
        subject = explanation.subject
        return next(
            (
                each
                for each in written["incidents"]
                if subject is not None
                and each["check"] == subject.check
                and each["detected"] == format_instant(subject.detected)
            ),
            None,
        )
    place = next(n for n, each in enumerate(written["obligations"]) if each["id"] == explanation.obligation)
    found = written["obligations"][place]
    if explanation.kind != "item":
        return found
    items = judgement.obligations[place].items
    return found["items"][next(n for n, item in enumerate(items) if item == explanation.subject)]
