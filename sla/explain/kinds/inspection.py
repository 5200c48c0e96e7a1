"""An inspection clause step by step (SPEC §8): which rounds were due, which were made, what contradicts them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from sla.contract.calendars import local_day
from sla.evidence.intervals import contains
from sla.evidence.records.registry import type_of
from sla.explain.clause_steps import by_rule_step, item_word
from sla.explain.incident import READING_COLUMNS, reading_row
from sla.explain.kind import KindExplanation
from sla.explain.model import (
    At,
    Name,
    Number,
    Row,
    Section,
    Share,
    Step,
    Word,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.incidents.states import check_states
from sla.obligations.inspection import required_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.inspection import InspectionClause
    from sla.explain.model import Statement, Value
    from sla.measure.analysis import Analysis
    from sla.obligations.inspection import InspectionItem, RoundCoverage
    from sla.obligations.result import ObligationResult

    InspectionResult = ObligationResult[InspectionClause, InspectionItem]

MOST_ROWS = 100
MOST_NAMES = 20
MOST_CHAINS = 8
EVERY = {
    "day": say("every day"),
    "week": say("every week"),
    "month": say("every month"),
    "quarter": say("every quarter"),
}
RESULTS = {"ok": say("ok"), "fault": say("fault found")}


def sections(result: InspectionResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """The clause in that month, and the periods that were not done."""
    clause = result.obligation
    items = result.items
    title = say("{id} {title}", id=Name(clause.id), title=Name(clause.title))
    steps = (
        *_promised(clause, analysis, items),
        _listed(items, month),
        _value(result, items),
        *deduction_steps(result, analysis, month),
    )
    mattering = [item for item in items if item.verdict in ("missed", "late") or item.contradicted]
    return (
        Section(title=title, steps=steps),
        *(each for item in mattering[:MOST_CHAINS] for each in item_sections(result, item, analysis, month)),
    )


def _promised(clause: InspectionClause, analysis: Analysis, items: Sequence[InspectionItem]) -> Iterator[Step]:
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "every": Word(EVERY[clause.every].template),
        "coverage": Share(clause.coverage),
        "calendar": Name(clause.calendar),
    }
    yield step(
        "§5 §8", say("Clause {clause}: a round {every} of the calendar {calendar}, covering {coverage}.", **values)
    )
    required = {required_of(clause, analysis, (item.begin, item.end)) for item in items}
    if len(required) == 1:
        yield _required(required.pop())
    elif required:
        yield step("§8 required", say("Which assets are required changes within the month: see each period."))


def _required(names: frozenset[str]) -> Step:
    statement = say(
        "Required are the {count} assets in scope and in service throughout the period: {names}.",
        count=Number(len(names)),
        names=_names(sorted(names)),
    )
    return step("§8 required", statement)


def _names(names: Sequence[str]) -> Name:
    return Name((", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")) or "–")


def _listed(items: Sequence[InspectionItem], month: str) -> Step:
    rows: list[Row] = [
        (
            At(item.begin),
            At(item.end),
            Number(item.covered),
            Number(item.required),
            item_word(item.verdict),
            _names(item.uncovered),
            _names(item.contradicted),
        )
        for item in items
    ]
    columns = (
        say("Period from"),
        say("to"),
        say("Covered"),
        say("Required"),
        say("Verdict"),
        say("Uncovered"),
        say("Contradicted"),
    )
    statement = say("{month} holds the end of {count} periods.", month=Name(month), count=Number(len(items)))
    return step("§8", statement, rows_of(columns, rows, MOST_ROWS))


def _value(result: InspectionResult, items: Sequence[InspectionItem]) -> Step:
    done = result.tested["done"]
    decided = len(items) - result.tested["pending"]
    values: dict[str, Value] = {
        "done": Number(done),
        "decided": Number(decided),
        "value": Share(result.value),
        "verdict": verdict_word(result.verdict),
    }
    if result.value is None:
        return step("§8", say("Nothing was required or decided: {verdict}.", **values))
    return step("§8", say("done / (done + late + missed) = {done} / {decided} = {value}: {verdict}.", **values))


def deduction_steps(result: InspectionResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """From missed and late periods to the deduction."""
    if result.obligation.deduct is None:
        yield step("§8", say("The clause says no deduction."))
        return
    words = {
        "per_missed": say("missed period"),
        "per_late": say("late period"),
        "per_asset": say("asset not covered by a missed one"),
    }
    yield by_rule_step("§8", result, words)


def item_sections(
    result: InspectionResult, item: InspectionItem, analysis: Analysis, _month: str
) -> tuple[Section, ...]:
    """One period: the records that were made in it, what the checks say against them, and the verdict."""
    clause = result.obligation
    steps = (
        _required(required_of(clause, analysis, (item.begin, item.end))),
        *_records(clause, item),
        *(
            step
            for each in item.rounds
            for name in sorted(each.denied)
            for step in _denied(clause, each, name, analysis)
        ),
        _verdict(clause, item, analysis),
    )
    title = say(
        "{id} {title}: period from {begin} to {end}",
        id=Name(clause.id),
        title=Name(clause.title),
        begin=At(item.begin),
        end=At(item.end),
    )
    return (Section(title=title, steps=steps),)


def _records(clause: InspectionClause, item: InspectionItem) -> Iterator[Step]:
    values: dict[str, Value] = {"begin": At(item.begin), "end": At(item.end), "until": At(item.end + clause.grace)}
    if not item.rounds:
        yield step(
            "§1 §8", say("No round of this plan was recorded from {begin} to {until}, grace included.", **values)
        )
        return
    rows: list[Row] = [
        (
            Name(each.record.id),
            At(each.record.at),
            At(type_of(each.record).recorded(each.record)),
            Name(each.record.by or "–"),
            Word(RESULTS[each.record.result].template),
            _when(item, each),
            Number(len(each.covered)),
            _names(sorted(each.denied)),
        )
        for each in item.rounds
    ]
    columns = (
        say("Round"),
        say("At"),
        say("Recorded"),
        say("By"),
        say("Result"),
        say("When"),
        say("Covered"),
        say("Contradicted"),
    )
    yield step(
        "§1 §8", say("The rounds recorded from {begin} to {until}.", **values), rows_of(columns, rows, MOST_ROWS)
    )


def _when(item: InspectionItem, each: RoundCoverage) -> Statement:
    """In time or in the grace; of a round that was recorded too late, from when on it counts."""
    if each.counts_at != each.record.at:
        return say("recorded too late, counts from {at}", at=At(each.counts_at))
    return say("on time") if each.counts_at < item.end else say("in the grace")


def _denied(clause: InspectionClause, each: RoundCoverage, asset: str, analysis: Analysis) -> Iterator[Step]:
    """The readings that contradict a round: the last fail before it and the first after."""
    at = each.record.at
    values: dict[str, Value] = {"round": Name(each.record.id), "asset": Name(asset), "at": At(at)}
    rows: list[Row] = []
    for check in analysis.detection.checks_of(asset):
        is_down = contains(check_states(analysis.detection.runs(check)).down, at)
        if is_down and analysis.check(check).serves(at) and analysis.check(check).at(at).counts:
            fails = analysis.detection.fails(check)
            place = bisect_right(fails, at)
            rows.append(reading_row(analysis, check, say("fail before"), fails[place - 1]))
            rows.append(reading_row(analysis, check, say("fail after"), fails[place]))
    if clause.contradicted == "void":
        statement = say(
            "{round} calls {asset} ok at {at}, when it was down: it is not covered by that round.", **values
        )
    else:
        statement = say(
            "{round} calls {asset} ok at {at}, when it was down: flagged, and covered all the same.", **values
        )
    yield step("§2 §8 contradicted", statement, rows_of(READING_COLUMNS, rows, MOST_ROWS))


def _verdict(clause: InspectionClause, item: InspectionItem, analysis: Analysis) -> Step:
    values: dict[str, Value] = {
        "covered": Number(item.covered),
        "required": Number(item.required),
        "coverage": Share(clause.coverage),
        "end": At(item.end),
        "until": At(item.end + clause.grace),
        "as_of": At(analysis.as_of),
        "uncovered": _names(item.uncovered),
    }
    sentences = {
        "done": say("{covered} / {required} covered before {end}, at least {coverage}: done.", **values),
        "late": say(
            "{covered} / {required} covered only in the grace until {until}, at least {coverage}: late.", **values
        ),
        "missed": say(
            "{covered} / {required} covered by {until}, less than {coverage}: missed. Not covered: {uncovered}.",
            **values,
        ),
        "pending": say(
            "{covered} / {required} covered, and the grace lasts until {until}, after {as_of}: pending.", **values
        ),
    }
    return step("§8 verdict", sentences[item.verdict])


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, timezone: local_day(item.begin, timezone).isoformat(),
    item_sections=item_sections,
    deduction_steps=deduction_steps,
)
