"""The whole of SPEC from evidence to payment: `judge(contract, evidence, month, as_of)`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from sla.evidence.records import AgentEvent, Settled
from sla.judge.adjustments import adjustment_of
from sla.judge.judgement import Judgement, ListedIncident, MonthResult, Payment
from sla.judge.payment import month_result, standing_settlements
from sla.measure.analysis import Analysis
from sla.obligations.registry import judge_obligation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.judge.judgement import Adjustment
    from sla.measure.verdicts import Verdict
    from sla.obligations.result import AnyResult


def judge(contract: Contract, evidence: Evidence, month: str, as_of: int) -> Judgement:
    """What that month comes to, judged with what was known at `as_of`. Pure.

    `month` is `YYYY-MM`, `as_of` milliseconds. The order of records is of no matter.
    """
    return judge_analysis(Analysis(contract, evidence, as_of), month)


def judge_analysis(analysis: Analysis, month: str) -> Judgement:
    """What that month comes to, from an analysis that a report or other months go on asking."""
    return judge_months(analysis, (month,))[0]


def judge_months(analysis: Analysis, months: Sequence[str]) -> tuple[Judgement, ...]:
    """Several months, each as if it were asked for alone; what they share is worked out once."""
    once = cache(partial(judge_month, analysis))
    latest = max(months, default="")
    adjusted = {
        settled.month: adjustment_of(settled, once(settled.month), analysis.contract, analysis.evidence, judge_month)
        for settled in standing_settlements(analysis.evidence.of(Settled), latest)
    }
    return tuple(
        _judgement(analysis, once(month), tuple(adjusted[each] for each in sorted(adjusted) if each < month))
        for month in months
    )


def _judgement(analysis: Analysis, result: MonthResult, adjustments: tuple[Adjustment, ...]) -> Judgement:
    return Judgement(
        contract=analysis.contract,
        month=result.month,
        as_of=analysis.as_of,
        is_over=analysis.month_span(result.month)[1] <= analysis.as_of,
        verdict=overall(each.verdict for each in result.obligations),
        obligations=result.obligations,
        incidents=listed_incidents(analysis, result.month),
        score=result.score,
        payment=_payment(result, adjustments),
        adjustments=adjustments,
        notes=_notes(analysis, result.obligations),
    )


def judge_month(analysis: Analysis, month: str) -> MonthResult:
    """What one month comes to, before earlier ones are settled."""
    results = tuple(judge_obligation(each, analysis, month) for each in analysis.contract.obligations)
    return month_result(analysis.contract, month, results)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a whole month or period: breached, else not assessable, else met (SPEC §10)."""
    found = set(verdicts)
    order: tuple[Verdict, ...] = ("breached", "not_assessable")
    return next((one for one in order if one in found), "met")


def listed_incidents(analysis: Analysis, month: str) -> tuple[ListedIncident, ...]:
    """The incidents whose [detected, restored) touches the month, by detection; without `restored` they go on."""
    begin, end = analysis.month_span(month)
    found = [
        incident
        for check in analysis.evidence.checks
        for incident in analysis.detection.incidents(check)
        if incident.detected < end and (incident.restored is None or incident.restored > begin)
    ]
    found.sort(key=lambda incident: (incident.detected, incident.check))
    return tuple(ListedIncident(incident=each, explains=len(analysis.detection.explains(each))) for each in found)


def _payment(result: MonthResult, adjustments: tuple[Adjustment, ...]) -> Payment:
    adjustment = sum((each.difference for each in adjustments), Decimal("0.00"))
    return Payment(
        fee=result.fee,
        earned=result.earned,
        summed=result.summed,
        cap=result.cap,
        deductions=result.deductions,
        payable=result.payable,
        adjustment=adjustment,
        due=result.payable + adjustment,
    )


def _notes(analysis: Analysis, results: tuple[AnyResult, ...]) -> tuple[Mapping[str, object], ...]:
    """What every report has to say beside the figures: practice data, years without an official calendar."""
    is_practice = any(event.details.get("practice") is True for event in analysis.evidence.of(AgentEvent))
    practice: tuple[Mapping[str, object], ...] = ({"note": "practice"},) if is_practice else ()
    leaning: dict[int, list[str]] = {}
    for result in results:
        for year in result.years:
            leaning.setdefault(year, []).append(result.obligation.id)
    return practice + tuple(
        {"note": "calendar_not_official", "year": year, "obligations": leaning[year]} for year in sorted(leaning)
    )
