"""How was reckoned and what nobody saw: rules in plain words, coverage, gaps, clock steps, and the boxes to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import duration, percent
from sla.evidence.records import AgentEvent
from sla.judge.unobserved import unobserved
from sla.reports.layout.document import Block, Boxes, Bullets, Grid, Heading, Paragraph
from sla.reports.text.marks import notes_text
from sla.reports.text.promises.registry import deduction_words, points_words, reckoned
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.reports.monthly.context import MonthlyContext

_MOST_GAPS = 100
_MOST_EVENTS = 100


def rules(context: MonthlyContext) -> Iterator[Block]:
    """How was reckoned, in plain words; both parties should know before they look at a figure."""
    pen, contract = context.pen, context.pen.contract
    rule = contract.measurement
    benefit = {"vendor": "the vendor", "customer": "the customer", "split": "both, by halves"}[rule.doubt]
    unknown = {"exclude": "left out", "up": "counted as up", "down": "counted as down"}[rule.unknown]
    excused = {"remove": "taken out of the service time", "up": "counted as up"}[rule.excused]
    told = [
        pen.say("Time between an ok and a fail reading is to the benefit of: {who}.", who=pen.say(benefit)),
        pen.say("Time that nobody observed is {how}; the bounds say what it could have been.", how=pen.say(unknown)),
        pen.say("Excused time (approved maintenance, accepted claims) is {how}.", how=pen.say(excused)),
        pen.say("Observation is unknown after a gap of more than {gap} intervals.", gap=f"{float(rule.max_gap):g}"),
        pen.say(
            "A fault is over when all has been well for {length}.", length=duration(rule.stable_for, pen.language)
        ),
        pen.say(
            "Faults shorter than {length} are listed and not tested.",
            length=duration(rule.ignore_shorter, pen.language),
        ),
        pen.say(
            "Outages shorter than {length} do not lower availability.",
            length=duration(rule.min_countable, pen.language),
        ),
        pen.say("Below a coverage of {share} a clause is not assessable.", share=percent(rule.min_coverage)),
        pen.say("A fault of a device that others hang on is one fault; theirs are explained by it and not tested."),
        *_maintenance_rules(context),
        pen.say(
            "Percentages are rounded down, upper bounds up; money half-up to the cent, once for each obligation."
        ),
        *_fee_rules(context),
    ]
    yield Heading(1, pen.say("7. How was reckoned"), "rules")
    yield Bullets(tuple(told), numbered=True)
    yield Grid(
        title=pen.say("Clause by clause"),
        columns=pen.columns("Clause", "Obligation", "Reckoned", "Deduction rule", "Points rule"),
        rows=tuple(
            (
                harmless(each.clause),
                harmless(f"{each.id} {each.title}"),
                reckoned(each, pen),
                deduction_words(each, pen),
                points_words(each, pen),
            )
            for each in contract.obligations
        ),
        widths=(8, 20, 26, 26, 20),
        wide=True,
    )


def _maintenance_rules(context: MonthlyContext) -> Iterator[str]:
    pen, rule = context.pen, context.pen.contract.maintenance
    if rule.notice is not None:
        length = duration(rule.notice, pen.language)
        yield pen.say("Maintenance excuses only if it was announced at least {length} before.", length=length)
    if rule.allowance is not None:
        length = duration(rule.allowance, pen.language)
        yield pen.say("Maintenance excuses at most {length} of each asset in a calendar month.", length=length)


def _fee_rules(context: MonthlyContext) -> Iterator[str]:
    pen, contract = context.pen, context.pen.contract
    yield pen.say(
        "A month's fee is the total by the months of the term, cut to the cent; the last one takes the rest."
    )
    if contract.fee.deduction_cap is not None:
        share = percent(contract.fee.deduction_cap)
        yield pen.say("Deductions of a month are at most {share} of its fee.", share=share)
    bands = sorted(contract.bands, key=lambda band: -band.at_least)
    told = [
        pen.say(
            "from {score}: {grade}, {share} of the fee",
            score=band.at_least,
            grade=harmless(band.grade),
            share=percent(band.pay),
        )
        for band in bands
    ]
    if told:
        yield pen.say(
            "Score = 100 × points kept ÷ points of the clauses that could be judged. Bands: {bands}.",
            bands=pen.joined(told),
        )
    yield pen.say(
        "Months already signed are computed again with what is known now; the difference is the adjustment."
    )


def coverage(context: MonthlyContext) -> Iterator[Block]:
    """What nobody saw, and what happened to the agent."""
    pen = context.pen
    yield Heading(1, pen.say("8. Coverage and notes"), "notes")
    told = notes_text(context.judgement.notes, pen)
    yield Bullets(told) if told else Paragraph(pen.say("Nothing has to be noted."), "note")
    gaps = unobserved(context.analysis, context.judgement.month)
    left = len(gaps) - _MOST_GAPS
    yield Grid(
        title=pen.say("Time that nobody observed, by asset"),
        columns=pen.columns("Asset", "Coverage", "Unobserved", "Gaps", "Longest from", "to"),
        rows=tuple(
            (
                pen.asset(context.analysis.asset(gap.asset).latest),
                pen.share(gap.coverage),
                pen.span(gap.length),
                pen.count(len(gap.spans)),
                *(pen.at(each) for each in gap.longest),
            )
            for gap in gaps[:_MOST_GAPS]
        ),
        right=frozenset({1, 2, 3}),
        note=pen.say("{count} more rows are in the JSON form", count=left) if left > 0 else "",
    )
    yield _events(context)


_EVENTS = {
    "start": "the agent started",
    "stop": "the agent stopped",
    "clock_step": "the clock was set",
}


def _events(context: MonthlyContext) -> Grid:
    pen = context.pen
    begin, end = context.analysis.month_span(context.judgement.month)
    found = sorted(
        (each for each in context.analysis.known.of(AgentEvent) if begin <= each.at < end), key=lambda e: e.at
    )
    shown = found[:_MOST_EVENTS]
    left = len(found) - len(shown)
    return Grid(
        title=pen.say("What happened to the measuring itself"),
        columns=pen.columns("At", "Event", "Details"),
        rows=tuple(
            (
                pen.at(each.at),
                pen.say(_EVENTS[each.event]) if each.event in _EVENTS else harmless(each.event),
                harmless(pen.joined(f"{key}: {value}" for key, value in sorted(each.details.items()))),
            )
            for each in shown
        ),
        widths=(20, 25, 55),
        note=pen.say("{count} more rows are in the JSON form", count=left) if left else "",
    )


def signatures(context: MonthlyContext) -> Iterator[Block]:
    """Boxes that nobody fills but hands."""
    pen = context.pen
    yield Heading(1, pen.say("9. Signatures"), "signatures")
    yield Paragraph(
        pen.say("Who signs signs the figures above, and the mark of the evidence that stands on every page.")
    )
    yield Boxes(pen.columns("Customer", "Vendor", "Supervisor", "Acceptance group"))
