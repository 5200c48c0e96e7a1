"""An online clause step by step (docs/obligations.md §3): each roll call, each day, the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import clock
from sla.explain.clause_steps import by_rule_step, judged_item_sections, titled, whole_step, without_loss
from sla.explain.kind import KindExplanation
from sla.explain.model import (
    At,
    Day,
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
from sla.obligations.online import calls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.online import OnlineClause
    from sla.explain.model import Value
    from sla.measure.analysis import Analysis
    from sla.obligations.online import OnlineItem
    from sla.obligations.result import ObligationResult

    OnlineResult = ObligationResult[OnlineClause, OnlineItem]

MOST_ROWS = 200
ONLINE = "obligations §3"


def sections(result: OnlineResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """The roll calls of the month: how many were up at each."""
    clause = result.obligation
    items = result.items
    own = _clause_steps(clause, result, items, analysis, month)
    return (titled(result, own, deduction_steps(result, analysis, month)),)


def _clause_steps(
    clause: OnlineClause, result: OnlineResult, items: Sequence[OnlineItem], analysis: Analysis, month: str
) -> Iterator[Step]:
    times = ", ".join(clock(minute) for minute in clause.at)
    values: dict[str, Value] = {"clause": Name(clause.clause), "at": Name(times), "target": Share(clause.target)}
    yield step(ONLINE, say("Clause {clause}: at {at} on average at least {target} up.", **values))
    if clause.worst_day is not None:
        yield step(ONLINE, say("Every single day at least {worst}.", worst=Share(clause.worst_day)))
    rows: list[Row] = [
        (
            At(call.at),
            *(Number(each) for each in (call.times.up, call.times.down, call.times.changing, call.times.unknown)),
        )
        for call in calls(clause, analysis, month)
    ]
    columns = (say("Roll call"), say("up"), say("down"), say("changing"), say("unknown"))
    yield step(
        ONLINE, say("The assets at each roll call; excused ones are left out."), rows_of(columns, rows, MOST_ROWS)
    )
    days: list[Row] = [
        (Day(item.day.isoformat()), Number(item.calls), Share(item.value), verdict_word(item.verdict))
        for item in items
    ]
    heads = (say("Day"), say("Roll calls"), say("Value"), say("Verdict"))
    yield step(ONLINE, say("Day by day."), rows_of(heads, days, MOST_ROWS))
    yield whole_step(ONLINE, result, lambda **v: say("The mean over all roll calls is {value}: {verdict}.", **v))


def deduction_steps(result: OnlineResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """From the days below their level and the mean's shortfall to the deduction."""
    words = {"per_day": say("day below its level"), "per": say("step of the mean")}
    yield without_loss(ONLINE, result) or by_rule_step(ONLINE, result, words)


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.day.isoformat(),
    item_sections=judged_item_sections,
    deduction_steps=deduction_steps,
)
