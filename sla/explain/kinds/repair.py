"""A repair clause in a month, step by step (SPEC §7); `sla.explain.course` follows a single incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.course import course_section, promised, why_not_tested
from sla.explain.incident import incident_id, incident_section
from sla.explain.kind import KindExplanation
from sla.explain.model import (
    Amount,
    At,
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
from sla.measure.charges import summed
from sla.measure.course import Course, courses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.repair import RepairClause
    from sla.explain.model import Statement, Value
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.obligations.repair import RepairItem
    from sla.obligations.result import ObligationResult

    RepairResult = ObligationResult[RepairClause, RepairItem]

MOST_ROWS = 200
MOST_CHAINS = 5
ORDER = {"breached": 0, "not_assessable": 1, "pending": 2}
"""What matters first; what is met comes last."""


def sections(result: RepairResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """The clause in that month, and the chains of the first few incidents that matter."""
    clause = result.obligation
    items = result.items
    found = [Section(title=_title(result), steps=tuple(_whole(clause, result, items, analysis, month)))]
    mattering = sorted((item for item in items if item.verdict in ORDER), key=lambda item: ORDER[item.verdict])
    for item in mattering[:MOST_CHAINS]:
        found += item_sections(result, item, analysis, month)
    return tuple(found)


def item_sections(result: RepairResult, item: RepairItem, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """The incident itself, then the incident under the clause."""
    course = _course_of(result, item, analysis)
    return incident_section(analysis, course.incident), _course_section(result, course, item, analysis, month)


def billed_sections(result: RepairResult, analysis: Analysis, month: str) -> Iterator[Section]:
    """Each incident that costs money this month under the clause, at most as many as an obligation shows."""
    billed: Sequence[RepairItem] = [item for item in result.items if item.deduction]
    for item in billed[:MOST_CHAINS]:
        yield _course_section(result, _course_of(result, item, analysis), item, analysis, month)


def about_incident(result: RepairResult, analysis: Analysis, month: str, incident: Incident) -> Section | Statement:
    """The incident under the clause, or why the clause is not about it."""
    clause = result.obligation
    course = next((each for each in courses(clause, analysis) if each.incident == incident), None)
    if course is None:
        return why_not_tested(clause, analysis, incident)
    key = (incident.check, incident.detected)
    items = result.items
    item = next((each for each in items if (each.check, each.detected) == key), None)
    return _course_section(result, course, item, analysis, month)


def _course_of(result: RepairResult, item: RepairItem, analysis: Analysis) -> Course:
    clause = result.obligation
    key = (item.check, item.detected)
    return next(each for each in courses(clause, analysis) if (each.incident.check, each.incident.detected) == key)


def _course_section(
    result: RepairResult, course: Course, item: RepairItem | None, analysis: Analysis, month: str
) -> Section:
    clause = result.obligation
    return course_section(clause, analysis, course, month, item)


def _title(result: RepairResult) -> Statement:
    return say("{id} {title}", id=Name(result.obligation.id), title=Name(result.obligation.title))


def _whole(
    clause: RepairClause, result: RepairResult, items: Sequence[RepairItem], analysis: Analysis, month: str
) -> Iterator[Step]:
    yield promised(clause)
    assets = analysis.assets_in(clause.scope, analysis.term_in(month, clause))
    yield step("§5 scope", say("The scope holds {count} assets.", count=Number(len(assets))))
    rows: list[Row] = [
        (
            Name(incident_id(item.check, item.detected, analysis.contract.timezone)),
            verdict_word(item.verdict),
            say("carried") if item.carried else say("tested") if item.verdict != "pending" else say("not tested"),
            Length(item.elapsed),
            At(item.decided),
            Amount(item.deduction),
        )
        for item in _first_what_matters(items)
    ]
    columns = (say("Incident"), say("Verdict"), say("Counts"), say("Used"), say("Decided"), say("Deduction"))
    yield step(
        "§7 §10",
        say("{month} lists {count} incidents.", month=Name(month), count=Number(len(items))),
        rows_of(columns, rows, MOST_ROWS),
    )
    yield _value(clause, result)
    yield from deduction_steps(result, analysis, month)


def _first_what_matters(items: Sequence[RepairItem]) -> Sequence[RepairItem]:
    """In time order, but where the table is cut, what is met is cut first."""
    if len(items) <= MOST_ROWS:
        return items
    return sorted(items, key=lambda item: (ORDER.get(item.verdict, len(ORDER)), item.detected, item.check))


def _value(clause: RepairClause, result: RepairResult) -> Step:
    met, breached = result.tested["met"], result.tested["breached"]
    values: dict[str, Value] = {
        "met": Number(met),
        "tested": Number(met + breached),
        "breached": Number(breached),
        "value": Share(result.value),
        "share": Share(clause.share),
        "verdict": verdict_word(result.verdict),
    }
    if result.value is None:
        return step("§7", say("None was met or breached: {verdict}.", **values))
    if result.verdict == "met":
        statement = say("met / (met + breached) = {met} / {tested} = {value} ≥ {share}: {verdict}.", **values)
    else:
        statement = say("met / (met + breached) = {met} / {tested} = {value} < {share}: {verdict}.", **values)
    return step("§7 share", statement)


def deduction_steps(result: RepairResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """The sum of the incidents' deductions of this month, and the clause's cap."""
    clause = result.obligation
    if clause.deduct is None:
        yield step("§7", say("The clause says no deduction."))
        return
    amounts = [each.amount for each in result.charges]
    if not amounts:
        yield step(
            "§7 deduct",
            say("No incident costs anything this month: deduction {amount}.", amount=Amount(result.deduction)),
        )
        return
    values: dict[str, Value] = {
        "sum": Amount(summed(result.charges)),
        "count": Number(len(amounts)),
        "deduction": Amount(result.deduction),
        "terms": Name(" + ".join(str(each) for each in amounts[:20]) + (" + …" if len(amounts) > 20 else "") or "0"),  # noqa: PLR2004 - a line of text
    }
    if clause.deduct.cap is None:
        statement = say("Deduction: {terms} = {sum}.", **values)
    else:
        values["cap"] = Amount(clause.deduct.cap)
        statement = say("Deduction: {terms} = {sum}, at most {cap} a month: {deduction}.", **values)
    yield step("§7 cap", statement)


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, timezone: incident_id(item.check, item.detected, timezone),
    item_sections=item_sections,
    item_figures=lambda item: {"deduction": Amount(item.deduction)},
    deduction_steps=deduction_steps,
    billed_sections=billed_sections,
    about_incident=about_incident,
)
