"""What keeps clauses from being tested, line by line: for a terminal, as a paper, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.explain.model import say
from sla.reports.layout.document import Block, Document, Grid, Paragraph
from sla.reports.text.value_writer import ValueWriter
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from config.text.i18n import Language
    from sla.lint.files import Linted
    from sla.lint.subject import Finding

CODES = {
    "no_measure": say("no measure"),
    "no_number": say("no number"),
    "no_unit": say("no unit"),
    "no_source": say("no source"),
    "no_period": say("no period"),
    "no_consequence": say("no consequence"),
    "too_slow": say("looked at too seldom"),
    "conflict": say("in conflict"),
    "cap_too_small": say("cap too small"),
    "no_cap": say("no cap"),
    "no_reach": say("no reach check"),
    "hidden": say("reach check less severe"),
    "late_clock": say("clock waits"),
    "never_met": say("cannot be met"),
    "always_met": say("always met"),
    "bands": say("score bands"),
    "points": say("Points"),
    "not_official": say("calendar not official"),
}


def to_text(linted: Linted, language: Language, *, looked_around: bool) -> str:
    """One line a finding, like a compiler's, and the mend below it."""
    writer = ValueWriter(language, "UTC")
    lines = [text for each in linted.findings for text in _finding_lines(each, linted, writer)]
    lines += [_summary(linted, writer)]
    if not looked_around:
        lines += [writer.say(_NOT_LOOKED.template)]
    return "\n".join(lines) + "\n"


_NOT_LOOKED = say("Sources and intervals were not looked at; say --site SITE.toml or --evidence E.jsonl.")


def _clause(each: Finding, writer: ValueWriter) -> str:
    return harmless(each.clause) or writer.say("the contract")


def _finding_lines(each: Finding, linted: Linted, writer: ValueWriter) -> tuple[str, str]:
    kind = writer.sentence(CODES[each.code])
    place = f"{harmless(linted.name)}:{each.line}"
    return (
        f"{place}: {_clause(each, writer)}: [{kind}] {writer.sentence(each.statement)}",
        f"    → {writer.sentence(each.mend)}",
    )


def _summary(linted: Linted, writer: ValueWriter) -> str:
    if not linted.findings:
        return writer.say("Every clause can be tested.")
    clauses = len({each.clause for each in linted.findings if each.clause})
    told = writer.say("{count} findings, in {clauses} clauses.")
    return told.format(count=len(linted.findings), clauses=clauses)


def document_of(linted: Linted, language: Language, *, looked_around: bool) -> Document:
    """The findings as a paper."""
    writer = ValueWriter(language, "UTC")
    blocks: list[Block] = [Paragraph(_summary(linted, writer))]
    if linted.findings:
        columns = (
            writer.say("Line"),
            writer.say("Clause"),
            writer.say("What"),
            writer.say("What is wrong"),
            writer.say("How to mend it"),
        )
        rows = tuple(
            (
                str(each.line),
                _clause(each, writer),
                writer.sentence(CODES[each.code]),
                writer.sentence(each.statement),
                writer.sentence(each.mend),
            )
            for each in linted.findings
        )
        blocks.append(Grid(columns=columns, rows=rows, right=frozenset({0})))
    if not looked_around:
        blocks.append(Paragraph(writer.say(_NOT_LOOKED.template), "note"))
    title = writer.say("Can every clause be tested?")
    return Document(
        title=title, subtitle=harmless(f"{linted.contract} {linted.name}"), language=language, blocks=tuple(blocks)
    )


def to_json(linted: Linted, language: Language, *, looked_around: bool) -> dict[str, Any]:
    """The findings as an object."""
    writer = ValueWriter(language, "UTC")
    return {
        "file": linted.name,
        "contract": linted.contract,
        "looked_around": looked_around,
        "findings": [
            {
                "line": each.line,
                "clause": each.clause or None,
                "code": each.code,
                "wrong": writer.sentence(each.statement),
                "mend": writer.sentence(each.mend),
            }
            for each in linted.findings
        ],
    }
