"""A quality clause step by step (docs/obligations.md §1): readings within the limit, and the worst of the others."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from sla.evidence.intervals import contains, intersection
from sla.explain.clause_steps import deduction_step, titled, whole_step, without_loss
from sla.explain.incident import READING_COLUMNS, reading_row
from sla.explain.kind import KindExplanation
from sla.explain.model import (
    Amount,
    Length,
    Name,
    Number,
    Row,
    Section,
    Share,
    Step,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.obligations.quality import asked_checks, available_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.quality import QualityClause
    from sla.explain.model import Value
    from sla.measure.analysis import Analysis
    from sla.obligations.quality import QualityItem
    from sla.obligations.result import ObligationResult

    QualityResult = ObligationResult[QualityClause, QualityItem]

MOST_ROWS = 200
MOST_CHAINS = 5
WORST_READINGS = 5
QUALITY = "obligations §1"


def sections(result: QualityResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """A metric against its limit: how many readings of available time kept it, and the worst of the others."""
    clause = result.obligation
    items = result.items
    chains = [item for item in items if item.verdict == "breached"][:MOST_CHAINS]
    return (
        titled(result, _clause_steps(clause, result, items), deduction_steps(result, analysis, month)),
        *(section for item in chains for section in item_sections(result, item, analysis, month)),
    )


def _clause_steps(clause: QualityClause, result: QualityResult, items: Sequence[QualityItem]) -> Iterator[Step]:
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "metric": Name(clause.metric),
        "limit": Amount(clause.limit),
        "share": Share(clause.share),
        "calendar": Name(clause.calendar),
    }
    if clause.side == "at_most":
        yield step(
            QUALITY,
            say("Clause {clause}: {metric} at most {limit} in {share} of all readings.", **values),
        )
    else:
        yield step(
            QUALITY,
            say("Clause {clause}: {metric} at least {limit} in {share} of all readings.", **values),
        )
    rows: list[Row] = [
        (
            Name(item.asset),
            Length(item.available),
            Number(item.readings),
            Number(item.within),
            Share(item.value),
            Share(item.coverage),
            Name("–" if item.worst is None else f"{item.worst:f}"),
            verdict_word(item.verdict),
        )
        for item in items
    ]
    columns = (
        say("Asset"),
        say("Available time"),
        say("Readings n"),
        say("Within g"),
        say("Value"),
        say("Coverage"),
        say("Worst"),
        say("Verdict"),
    )
    statement = say("Available is service time less excused time less runs of fails; value = g / n there.")
    yield step(QUALITY, statement, rows_of(columns, rows, MOST_ROWS))
    yield whole_step(QUALITY, result, lambda **v: say("The clause's value is {value}: {verdict}.", **v))
    if result.measured is not None:
        yield step(QUALITY, say("The percentile asked for is {measured}.", measured=Amount(result.measured)))


def deduction_steps(result: QualityResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """From the assets that breached, or the whole fleet, to the deduction."""
    values = {item.asset: item.value for item in result.items} | {"*": result.value}
    rows: list[Row] = [
        (Name(each.what), Share(values[each.what]), Number(each.number), Amount(each.amount))
        for each in result.charges
    ]
    columns = (say("Asset"), say("Value"), say("Steps"), say("Amount"))
    yield without_loss(QUALITY, result) or deduction_step(QUALITY, result, rows, columns)


def item_sections(result: QualityResult, item: QualityItem, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """One asset: the worst readings of its available time."""
    clause = result.obligation
    from sla.evidence.metrics import worst_at_each_instant  # noqa: PLC0415 - numpy only where a clause asks for it

    service = intersection(analysis.service_time(month, clause), analysis.in_scope(clause.scope, item.asset))
    available = available_time(item.asset, service, analysis)
    sign = 1 if clause.side == "at_most" else -1
    end = available[-1][1] if available else 0
    begin = available[0][0] if available else 0
    seen = [
        (sign * look.value, look.at, check)
        for check in asked_checks(clause, analysis, item.asset)
        for look in worst_at_each_instant(
            analysis.metric(check, clause.metric, begin, end), sign, absolute=clause.absolute
        ).each()
        if look.value is not None and contains(available, look.at)
    ]
    worst = heapq.nsmallest(WORST_READINGS, seen, key=lambda each: (-each[0], each[1], each[2]))
    rows = [reading_row(analysis, check, say("among the worst"), at) for _, at, check in worst]
    values: dict[str, Value] = {
        "within": Number(item.within),
        "readings": Number(item.readings),
        "value": Share(item.value),
        "share": Share(clause.share),
        "verdict": verdict_word(item.verdict),
        "coverage": Share(item.coverage),
    }
    steps = (
        step(
            QUALITY, say("The worst readings of its available time."), rows_of(READING_COLUMNS, rows, WORST_READINGS)
        ),
        step(
            QUALITY,
            say(
                "value = g / n = {within} / {readings} = {value}, asked {share}, coverage {coverage}: {verdict}.",
                **values,
            ),
        ),
    )
    title = say("{id} {title}: asset {asset}", id=Name(clause.id), title=Name(clause.title), asset=Name(item.asset))
    return (Section(title=title, steps=steps),)


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.asset,
    item_sections=item_sections,
    item_figures=lambda item: {"value": Share(item.value)},
    deduction_steps=deduction_steps,
)
