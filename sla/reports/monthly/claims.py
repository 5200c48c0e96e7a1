"""What the parties said: claims with their rulings, maintenance, and what changed of months already signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.explain.causes import cause_text
from sla.measure.events import JudgedMaintenance, judged_maintenance, ruled_claims
from sla.measure.excuses import is_approved
from sla.obligations.result import AnyResult, Item, ObligationResult
from sla.reports.layout.document import Block, Cell, Grid, Heading, Paragraph
from sla.reports.monthly.registry import EVIDENCE
from sla.reports.text.contract_words import scope_words
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.evidence.records import Claim, Ruling
    from sla.judge.judgement import Adjustment, ChangedItem
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen


def claims(context: MonthlyContext) -> Iterator[Block]:
    """Claims and maintenance that touch the month."""
    pen, analysis = context.pen, context.analysis
    span = analysis.month_span(context.judgement.month)
    ruled = ruled_claims(analysis, span)
    waiting = [each.claim.id for each in ruled if each.ruling is None]
    yield Heading(1, pen.say("5. Claims, rulings and maintenance"), "claims")
    if waiting:
        text = pen.say("Not ruled yet, and therefore not excused: {names}.", names=pen.several(waiting, 50))
        yield Paragraph(text, "mark")
    yield Grid(
        title=pen.say("Claims and rulings"),
        columns=pen.columns(
            "Claim", "Asset", "From", "to", "Cause", "Claimed by", "Claimed at", "Ruling", "Ruled by", "Ruled at"
        ),
        rows=tuple(_claim(each.claim, each.ruling, context) for each in ruled),
        tones=tuple(_tone(each.ruling) for each in ruled),
        widths=(9, 12, 11, 11, 9, 10, 11, 8, 10, 11),
        wide=True,
    )
    yield Grid(
        title=pen.say("Maintenance"),
        columns=pen.columns("Maintenance", "Scope", "From", "to", "Announced at", "Approved", "Excuses"),
        rows=tuple(_maintenance(each, context) for each in judged_maintenance(analysis, span)),
        widths=(12, 26, 13, 13, 13, 8, 15),
        wide=True,
    )


def _tone(ruling: Ruling | None) -> str:
    return "pending" if ruling is None else "met" if ruling.accepted else "breached"


CAUSES = {
    "power": "power cut",
    "third_party": "third party",
    "force_majeure": "force majeure",
    "customer": "customer's doing",
    "planned": "planned work",
}
_MOST_CAUSES = 5


def _claim(claim: Claim, ruling: Ruling | None, context: MonthlyContext) -> tuple[Cell, ...]:
    pen = context.pen
    word = "not ruled yet" if ruling is None else "accepted" if ruling.accepted else "rejected"
    return (
        harmless(claim.id),
        harmless(claim.asset),
        pen.at(claim.begin),
        pen.at(claim.end),
        pen.say(CAUSES[claim.cause]),
        harmless(claim.by) or NONE,
        pen.at(claim.at),
        pen.say(word),
        NONE if ruling is None else harmless(ruling.by) or NONE,
        pen.at(None if ruling is None else ruling.at),
    )


_EXCUSES = {
    "yes": "yes",
    "late": "no, announced too late",
    "unapproved": "no, not approved",
    "too_late": "no, approved too late",
    "over": "no, over the allowance",
}


def _maintenance(judged: JudgedMaintenance, context: MonthlyContext) -> tuple[Cell, ...]:
    pen, work, approved = context.pen, judged.work, context.analysis.excuses.approved
    excuses = "too_late" if work.id in approved.late and not work.approved else judged.excuses
    return (
        harmless(work.id),
        scope_words(work.scope, pen),
        pen.at(work.begin),
        pen.at(work.end),
        pen.at(work.announced_at),
        pen.whether(flag=is_approved(work, approved)),
        pen.say(_EXCUSES[excuses]),
    )


def adjustments(context: MonthlyContext) -> Iterator[Block]:
    """Months already signed, computed again, and each item that changed since."""
    pen = context.pen
    yield Heading(1, pen.say("6. Adjustment of earlier months"), "adjustments")
    found = context.judgement.adjustments
    if not found:
        yield Paragraph(pen.say("No earlier month was settled."), "note")
        return
    rows: list[tuple[Cell, ...]] = [_settled(each, context) for each in found]
    total = context.judgement.payment.adjustment
    rows.append((pen.say("Together"), "", "", pen.money(total, formula="SUM")))
    yield Grid(
        title=pen.say("Settled months, computed again"),
        columns=pen.columns("Month", "As settled", "Payable now", "Difference"),
        rows=tuple(rows),
        right=frozenset({1, 2, 3}),
        total=True,
    )
    for each in found:
        if each.items:
            yield _changes(each, context)
        if each.unexplained is not None:
            text = pen.say(
                "Of {month} no item explains a part of the difference: {cause}.",
                month=each.month,
                cause=pen.statement(cause_text(each.unexplained)),
            )
            yield Paragraph(text, "mark")


def _settled(each: Adjustment, context: MonthlyContext) -> tuple[Cell, ...]:
    pen = context.pen
    return (each.month, pen.money(each.settled), pen.money(each.payable), pen.money(each.difference))


def _changes(each: Adjustment, context: MonthlyContext) -> Grid:
    pen = context.pen
    kinds = {result.obligation.id: result.obligation.kind for result in context.judgement.obligations}
    return Grid(
        title=pen.say("What changed of {month}", month=each.month),
        columns=pen.columns("Obligation", "Item", "Then", "Now", "What changed it"),
        rows=tuple(
            (
                harmless(item.obligation),
                harmless(item.item) or pen.say("as a whole"),
                *(_state(one, kinds[item.obligation], pen) for one in (item.then, item.now)),
                _changed_by(item, pen),
            )
            for item in each.items
        ),
        widths=(10, 25, 22, 22, 21),
        wide=True,
    )


def _state(one: AnyResult | Item | None, kind: str, pen: Pen) -> str:
    """What the item, or the obligation as a whole, came to then or comes to now; a dash where it is not listed."""
    if one is None:
        return NONE
    if isinstance(one, ObligationResult):
        return f"{pen.verdict(one.verdict)} {one.deduction}"
    return harmless(EVIDENCE[kind].summary(one, pen))


def _changed_by(item: ChangedItem, pen: Pen) -> str:
    """The first of what changed it, and how much more there was."""
    told = [pen.statement(cause_text(each)) for each in item.causes[:_MOST_CAUSES]]
    left = len(item.causes) - len(told)
    return pen.joined([*told, pen.say("and {count} more", count=left)] if left else told)
