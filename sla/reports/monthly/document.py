"""月度运维服务验收报告: the paper that both parties sign, as a `Document`, in the order in which it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.contract.calendars import local_day
from sla.reports.layout.document import Block, Document, Facts, Grid, Heading, PageBreak
from sla.reports.monthly.claims import adjustments, claims
from sla.reports.monthly.conclusion import conclusion, cover, overview
from sla.reports.monthly.context import MonthlyContext
from sla.reports.monthly.item_table import MOST_ROWS
from sla.reports.monthly.notes import coverage, rules, signatures
from sla.reports.monthly.registry import evidence_blocks
from sla.reports.text.contract_words import calendar_words, scope_words
from sla.reports.text.marks import marks_of
from sla.reports.text.promises.registry import deduction_words, promised, reckoned
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.text.i18n import Language
    from sla.incidents.incident import Incident
    from sla.judge.judgement import ListedIncident
    from sla.obligations.result import AnyResult
    from sla.reports.basis import Basis
    from sla.reports.layout.document import Cell
    from sla.reports.text.pen import Pen


def monthly_document(basis: Basis, language: Language) -> Document:
    """The month's report, made once for every form."""
    context = MonthlyContext(basis, language)
    pen, judgement = context.pen, basis.judgement
    contract = harmless(judgement.contract.contract)
    return Document(
        title=pen.say("Monthly acceptance report"),
        subtitle=f"{contract} {harmless(judgement.contract.title)} {judgement.month}",
        language=language,
        marks=marks_of(judgement.notes, pen),
        tone=judgement.verdict,
        blocks=tuple(_blocks(context)),
        foot=tuple(text for text in (contract, judgement.month, context.source.short) if text),
        cover=True,
        wide=True,
        dated=local_day(judgement.as_of, judgement.contract.timezone),
    )


def _blocks(context: MonthlyContext) -> Iterator[Block]:
    yield cover(context)
    yield PageBreak()
    yield from conclusion(context)
    yield from overview(context)
    yield Heading(1, context.pen.say("3. Evidence, obligation by obligation"), "evidence")
    for number, result in enumerate(context.judgement.obligations, 1):
        yield from _evidence(number, result, context)
    yield from _incidents(context)
    yield from claims(context)
    yield from adjustments(context)
    yield from rules(context)
    yield from coverage(context)
    yield from signatures(context)


def _evidence(number: int, result: AnyResult, context: MonthlyContext) -> Iterator[Block]:
    pen, clause = context.pen, result.obligation
    yield Heading(2, harmless(f"3.{number} {clause.id} {clause.title}"), f"obligation-{number}")
    pairs: list[tuple[str, Cell]] = [
        ("Clause", harmless(clause.clause)),
        ("Scope", scope_words(clause.scope, pen)),
        ("Calendar", calendar_words(clause.calendar, pen)),
        ("Promised", promised(clause, pen)),
        ("Reckoned", reckoned(clause, pen)),
        ("Measured", pen.share(result.value)),
        ("Verdict", pen.verdict(result.verdict, is_certain=result.certain)),
        ("Deduction rule", deduction_words(clause, pen)),
        (pen.say("Deduction"), f"{result.deduction:,} {pen.currency}"),
        ("Deduction, whatever happened unseen", _range(result, pen)),
    ]
    if clause.points is not None:
        pairs.append(("Points lost", pen.lost(result)))
    yield Facts(tuple((pen.say(name), cell) for name, cell in pairs))
    yield from evidence_blocks(result, context)


def _range(result: AnyResult, pen: Pen) -> str:
    """What the clause would cost at least and at most; one amount where nothing unseen matters."""
    amounts = dict.fromkeys((result.least.deduction, result.most.deduction))
    return f"{' … '.join(f'{each:,}' for each in amounts)} {pen.currency}"


def _incidents(context: MonthlyContext) -> Iterator[Block]:
    pen, listed = context.pen, context.judgement.incidents
    yield Heading(1, pen.say("4. Incidents"), "incidents")
    left = len(listed) - MOST_ROWS
    yield Grid(
        title=f"{pen.say('Incidents')} ({len(listed)})",
        columns=pen.columns(
            "Check", "Severity", "Began after", "Detected", "Last fail", "Restored", "Closed", "Explains"
        ),
        rows=tuple(_incident(each, context) for each in listed[:MOST_ROWS]),
        right=frozenset({7}),
        widths=(22, 8, 14, 14, 14, 14, 12, 8),
        note=pen.say("{count} more rows are in the JSON form", count=left) if left > 0 else "",
    )


def _incident(listed: ListedIncident, context: MonthlyContext) -> tuple[Cell, ...]:
    pen, incident = context.pen, listed.incident
    ends = (incident.began_after, incident.detected, incident.last_fail, incident.restored)
    return (
        harmless(incident.check),
        pen.say(listed.severity),
        *(pen.at(each) for each in ends),
        _closed(incident, pen),
        pen.count(listed.explains),
    )


def _closed(incident: Incident, pen: Pen) -> str:
    if incident.withdrawn is not None:
        return pen.say("no, out of service at {at}", at=pen.moment(incident.withdrawn))
    return pen.say("blip") if incident.blip else pen.whether(flag=incident.closed)
