"""Quality, repeat and online clauses step by step (docs/obligations.md §1 to §3)."""

from __future__ import annotations

import heapq
from decimal import Decimal
from typing import TYPE_CHECKING

from sla.evidence.intervals import contains
from sla.explain.incident import READING_COLUMNS, incident_id, reading_row
from sla.explain.model import (
    Amount,
    At,
    Day,
    Length,
    Name,
    Number,
    Section,
    Share,
    Step,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.measure.overtime import at_most
from sla.measure.ratios import started_steps
from sla.obligations.online import calls, mean_of
from sla.obligations.quality import asked_checks, available_time, steps_beyond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sla.contract.clauses.online import OnlineClause
    from sla.contract.clauses.quality import QualityClause
    from sla.contract.clauses.repeat import RepeatClause
    from sla.explain.model import Said, Value
    from sla.measure.analysis import Analysis
    from sla.obligations.online import OnlineItem
    from sla.obligations.quality import QualityItem
    from sla.obligations.repeat import RepeatItem
    from sla.obligations.result import AnyResult

Row = tuple["Value | Said", ...]
MOST_ROWS = 200
MOST_CHAINS = 5
WORST_READINGS = 5


def titled(result: AnyResult, steps: Iterator[Step]) -> Section:
    """The section of the clause itself."""
    title = say("{id} {title}", id=Name(result.obligation.id), title=Name(result.obligation.title))
    return Section(title=title, steps=tuple(steps))


def whole_step(rule: str, result: AnyResult, how: Callable[..., Said]) -> Step:
    """The clause's value and verdict; `how` is the sentence that says the arithmetic."""
    values: dict[str, Value] = {"value": Share(result.value), "verdict": verdict_word(result.verdict)}
    return step(rule, how(**values))


def deduction_step(rule: str, result: AnyResult, amount: Decimal, rows: list[Row], columns: tuple[Said, ...]) -> Step:
    """The sum of the rows, the clause's cap, the deduction."""
    cap = getattr(getattr(result.obligation, "deduct", None), "cap", None)
    values: dict[str, Value] = {"sum": Amount(amount), "deduction": Amount(result.deduction)}
    table = rows_of(columns, rows, MOST_ROWS)
    if cap is None:
        return step(f"{rule} deduct", say("Together {sum}, to the cent: deduction {deduction}.", **values), table)
    said = say("Together {sum}, at most {cap}: deduction {deduction}.", cap=Amount(cap), **values)
    return step(f"{rule} deduct", said, table)


def without_loss(rule: str, result: AnyResult) -> Step | None:
    """What is said where nothing can be deducted; None where something can."""
    if getattr(result.obligation, "deduct", None) is None:
        return step(rule, say("The clause says no deduction."))
    if result.deduction == 0:
        return step(f"{rule} deduct", say("Nothing to deduct: deduction {amount}.", amount=Amount(result.deduction)))
    return None


QUALITY = "obligations §1"


def quality(result: AnyResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """A metric against its limit: how many readings of available time kept it, and the worst of the others."""
    clause: QualityClause = result.obligation  # type: ignore[assignment]
    items: list[QualityItem] = list(result.items)  # type: ignore[arg-type]
    chains = [item for item in items if item.verdict == "breached"][:MOST_CHAINS]
    return (
        titled(result, _quality_steps(clause, result, items)),
        *(quality_item(clause, item, analysis, month) for item in chains),
    )


def _quality_steps(clause: QualityClause, result: AnyResult, items: Sequence[QualityItem]) -> Iterator[Step]:
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
    said = say("Available is service time less excused time less runs of fails; value = g / n there.")
    yield step(QUALITY, said, rows_of(columns, rows, MOST_ROWS))
    yield whole_step(QUALITY, result, lambda **v: say("The clause's value is {value}: {verdict}.", **v))
    if result.measured is not None:
        yield step(QUALITY, say("The percentile asked for is {measured}.", measured=Amount(result.measured)))
    yield _quality_loss(clause, result, items)


def _quality_loss(clause: QualityClause, result: AnyResult, items: Sequence[QualityItem]) -> Step:
    none, rule = without_loss(QUALITY, result), clause.deduct
    if none is not None or rule is None:
        return none or step(QUALITY, say("The clause says no deduction."))
    tested = [(item.asset, item.value, item.measured) for item in items if item.verdict == "breached"]
    if clause.measure == "fleet":
        tested = [("*", result.value, result.measured)]
    rows: list[Row] = []
    amount = Decimal(0)
    for name, value, measured in tested:
        each = rule.amount_each or Decimal(0)
        steps = 1 if rule.amount is None else steps_beyond(clause, rule, value, measured)
        each = each if rule.amount is None else steps * rule.amount
        amount += each
        rows.append((Name(name), Share(value), Number(steps), Amount(each)))
    return deduction_step(QUALITY, result, amount, rows, (say("Asset"), say("Value"), say("Steps"), say("Amount")))


def quality_item(clause: QualityClause, item: QualityItem, analysis: Analysis, month: str) -> Section:
    """One asset: the worst readings of its available time."""
    from sla.evidence.metrics import looks  # noqa: PLC0415 - numpy only where a clause asks for it

    service = analysis.service_time(month, clause.calendar)
    available = available_time(item.asset, service, analysis)
    sign = 1 if clause.side == "at_most" else -1
    end = available[-1][1] if available else 0
    begin = available[0][0] if available else 0
    seen = [
        (sign * look.value, look.at, check.id)
        for check in asked_checks(clause, analysis, item.asset)
        for look in looks(
            analysis.evidence.readings.metric(check.id, clause.metric, begin, end), sign, absolute=clause.absolute
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
    return Section(title=title, steps=steps)


REPEAT = "obligations §2"


def repeat(result: AnyResult, analysis: Analysis, _month: str) -> tuple[Section, ...]:
    """The same fault again: every counted incident of the month with what went before it in the window."""
    clause: RepeatClause = result.obligation  # type: ignore[assignment]
    items: list[RepeatItem] = list(result.items)  # type: ignore[arg-type]
    return (titled(result, _repeat_steps(clause, result, items, analysis)),)


def _repeat_steps(
    clause: RepeatClause, result: AnyResult, items: Sequence[RepeatItem], analysis: Analysis
) -> Iterator[Step]:
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "within": Length(clause.within),
        "repeats": Number(clause.repeats),
        "count": Number(len(items)),
    }
    yield step(
        REPEAT, say("Clause {clause}: a check may fail again at most {repeats} times within {within}.", **values)
    )
    rows: list[Row] = [
        (
            Name(incident_id(item.check, each.detected, analysis.contract.timezone)),
            Number(each.repeat),
            say("one too many") if each.repeat > clause.repeats else say("allowed"),
        )
        for item in items
        for each in item.incidents
    ]
    columns = (say("Incident"), say("Before it in the window"), say("Verdict"))
    said = say("The scope holds {count} checks; their incidents of this month that count:", **values)
    yield step(REPEAT, said, rows_of(columns, rows, MOST_ROWS))
    yield whole_step(REPEAT, result, lambda **v: say("checks met / (met + breached) = {value}: {verdict}.", **v))
    none, rule = without_loss(REPEAT, result), clause.deduct
    if none is not None or rule is None:
        yield none or step(REPEAT, say("The clause says no deduction."))
        return
    charged: list[Row] = []
    amount = Decimal(0)
    for item in items:
        if item.verdict == "breached":
            each = at_most(rule.cap_each, item.too_many * rule.per_breach)
            amount += each
            charged.append((Name(item.check), Number(item.too_many), Amount(rule.per_breach), Amount(each)))
    columns = (say("Check"), say("Too many"), say("Amount"), say("Together"))  # type: ignore[assignment]
    yield deduction_step(REPEAT, result, amount, charged, columns)


ONLINE = "obligations §3"


def online(result: AnyResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """The roll calls of the month: how many were up at each."""
    clause: OnlineClause = result.obligation  # type: ignore[assignment]
    items: list[OnlineItem] = list(result.items)  # type: ignore[arg-type]
    return (titled(result, _online_steps(clause, result, items, analysis, month)),)


def _online_steps(
    clause: OnlineClause, result: AnyResult, items: Sequence[OnlineItem], analysis: Analysis, month: str
) -> Iterator[Step]:
    times = ", ".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in clause.at)
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
    none, rule = without_loss(ONLINE, result), clause.deduct
    if none is not None or rule is None:
        yield none or step(ONLINE, say("The clause says no deduction."))
        return
    failed = sum(item.verdict == "breached" for item in items)
    mean = mean_of([call.times for call in calls(clause, analysis, month)], analysis.contract.measurement)
    steps = 0
    if rule.per is not None and mean.is_assessable and mean.value is not None:
        steps = max(0, started_steps(clause.target, mean.value, rule.per))
    charged: list[Row] = [
        (say("day below its level"), Number(failed), Amount(rule.per_day), Amount(failed * rule.per_day)),
        (say("step of the mean"), Number(steps), Amount(rule.amount), Amount(steps * rule.amount)),
    ]
    amount = failed * rule.per_day + steps * rule.amount
    names = (say("For each"), say("Count"), say("Amount"), say("Together"))
    yield deduction_step(ONLINE, result, amount, charged, names)
