"""What the parties said: claims with their rulings, maintenance, and what changed of months already signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.evidence.records import Claim, Maintenance, Ruling, Settled
from sla.measure.excuses import counts_as_maintenance, standing_rulings
from sla.reports.layout.document import Block, Cell, Grid, Heading, Paragraph
from sla.reports.text.contract_words import scope_words
from sla.reports.text.words import NONE, VERDICTS, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.judge.judgement import Adjustment
    from sla.reports.monthly.story import Story


def claims(story: Story) -> Iterator[Block]:
    """Claims and maintenance that touch the month."""
    pen, evidence = story.pen, story.analysis.evidence
    begin, end = story.analysis.month_span(story.judgement.month)
    touching = sorted(
        (each for each in evidence.of(Claim) if each.begin < end and each.end > begin),
        key=lambda each: (each.begin, each.id),
    )
    standing = standing_rulings(evidence.of(Ruling))
    waiting = [each.id for each in touching if each.id not in standing]
    yield Heading(1, pen.say("5. Claims, rulings and maintenance"), "claims")
    if waiting:
        text = pen.say("Not ruled yet, and therefore not excused: {names}.", names=pen.several(waiting, 50))
        yield Paragraph(text, "mark")
    yield Grid(
        title=pen.say("Claims and rulings"),
        columns=pen.columns(
            "Claim", "Asset", "From", "to", "Cause", "Claimed by", "Claimed at", "Ruling", "Ruled by", "Ruled at"
        ),
        rows=tuple(_claim(each, standing.get(each.id), story) for each in touching),
        tones=tuple(_tone(standing.get(each.id)) for each in touching),
        widths=(9, 12, 11, 11, 9, 10, 11, 8, 10, 11),
        wide=True,
    )
    works = sorted(
        (each for each in evidence.of(Maintenance) if each.begin < end and each.end > begin),
        key=lambda m: (m.begin, m.id),
    )
    yield Grid(
        title=pen.say("Maintenance"),
        columns=pen.columns("Maintenance", "Scope", "From", "to", "Announced at", "Approved", "Excuses"),
        rows=tuple(_maintenance(each, story) for each in works),
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


def _claim(claim: Claim, ruling: Ruling | None, story: Story) -> tuple[Cell, ...]:
    pen = story.pen
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


def _maintenance(work: Maintenance, story: Story) -> tuple[Cell, ...]:
    pen = story.pen
    excuses = counts_as_maintenance(work, pen.contract.maintenance)
    word = "yes" if excuses else "no, announced too late" if work.approved else "no, not approved"
    return (
        harmless(work.id),
        scope_words(work.scope, pen),
        pen.at(work.begin),
        pen.at(work.end),
        pen.at(work.announced_at),
        pen.whether(flag=work.approved),
        pen.say(word),
    )


def adjustments(story: Story) -> Iterator[Block]:
    """Months already signed, computed again, and each item that changed since."""
    pen = story.pen
    yield Heading(1, pen.say("6. Adjustment of earlier months"), "adjustments")
    found = story.judgement.adjustments
    if not found:
        yield Paragraph(pen.say("No earlier month was settled."), "note")
        return
    rows: list[tuple[Cell, ...]] = [_settled(each, story) for each in found]
    total = story.judgement.payment.adjustment
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
            yield _changes(each, story)


def _settled(each: Adjustment, story: Story) -> tuple[Cell, ...]:
    pen = story.pen
    return (each.month, pen.money(each.settled), pen.money(each.payable), pen.money(each.payable - each.settled))


def _changes(each: Adjustment, story: Story) -> Grid:
    pen = story.pen
    return Grid(
        title=pen.say("What changed of {month}", month=each.month),
        columns=pen.columns("Obligation", "Item", "Then", "Now", "What changed it"),
        rows=tuple(
            (
                harmless(item.obligation),
                harmless(item.item) or pen.say("as a whole"),
                said(item.before, story),
                said(item.after, story),
                changed_by(each.month, item.item, story),
            )
            for item in each.items
        ),
        widths=(10, 25, 22, 22, 21),
        wide=True,
    )


def said(summary: str | None, story: Story) -> str:
    """A summary of an item, its verdict in the report's language."""
    pen = story.pen
    if summary is None:
        return NONE
    words = {
        "carried": "carried",
        "up": "Up",
        "down": "Down",
        "changing": "Changing",
        "unknown": "Unknown",
    } | VERDICTS
    parts, names = [], False
    for word in summary.split():
        if names and word.isdecimal():
            parts.append(pen.span(int(word)).text)
        else:
            parts.append(pen.say(words[word]) if word in words else word)
        names = word in ("up", "down", "changing", "unknown")
    return harmless(" ".join(parts))


def changed_by(month: str, item: str, story: Story) -> str:
    """What was said about the item after the month was signed: rulings, else records that came later."""
    pen, evidence = story.pen, story.analysis.evidence
    signed = max((each.at for each in evidence.of(Settled) if each.month == month), default=0)
    begin, end = story.analysis.month_span(month)
    name = item.partition(" ")[0]
    asset = evidence.checks[name].asset if name in evidence.checks else name
    by_id = {each.id: each for each in evidence.of(Claim)}
    later = [
        pen.say(
            "ruling on claim {id} by {who} at {at}",
            id=harmless(each.claim),
            who=harmless(each.by) or NONE,
            at=pen.moment(each.at),
        )
        for each in sorted(evidence.of(Ruling), key=lambda ruling: ruling.at)
        if each.at > signed and by_id[each.claim].begin < end and by_id[each.claim].end > begin
        and (not item or by_id[each.claim].asset == asset)
    ]  # fmt: skip
    return pen.joined(later[:5]) or pen.say("evidence that came after the settlement")
