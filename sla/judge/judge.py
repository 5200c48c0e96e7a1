"""The whole of SPEC from evidence to payment: `judge(contract, evidence, month, as_of)`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from sla.judge.adjustments import adjustment_of
from sla.judge.judgement import Judgement, ListedIncident, MonthResult, Payment
from sla.judge.notes import notes_of
from sla.judge.payment import month_result
from sla.measure.analysis import Analysis
from sla.obligations.registry import judge_obligation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.incidents.incident import Incident
    from sla.judge.judgement import Adjustment
    from sla.measure.verdicts import Verdict


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
    signed = [found for month in analysis.months if month < latest and (found := analysis.known.settled(month))]
    adjusted = {each.month: adjustment_of(each, once(each.month), analysis, judge_month) for each in signed}
    return tuple(
        judgement_of(analysis, once(month), tuple(adjusted[each] for each in sorted(adjusted) if each < month))
        for month in months
    )


def judgement_of(analysis: Analysis, result: MonthResult, adjustments: tuple[Adjustment, ...]) -> Judgement:
    """A month's result with everything beside it; `adjustments`: of the earlier months that are settled."""
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
        notes=notes_of(analysis, result),
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
    """The incidents whose [detected, restored) or [detected, withdrawn) touches the month, by detection."""
    begin, end = analysis.month_span(month)
    found = [
        incident
        for check in analysis.known.checks
        for incident in analysis.detection.incidents(check)
        if incident.detected < end and (incident.over_at is None or incident.over_at > begin)
    ]
    found.sort(key=lambda incident: (incident.detected, incident.check))
    return tuple(_listed(each, analysis) for each in found)


def _listed(incident: Incident, analysis: Analysis) -> ListedIncident:
    detection = analysis.detection
    return ListedIncident(incident, detection.severity(incident), len(detection.explains(incident)))


def _payment(result: MonthResult, adjustments: tuple[Adjustment, ...]) -> Payment:
    adjustment = sum((each.difference for each in adjustments), Decimal("0.00"))
    return Payment(
        fee=result.fee,
        earned=result.earned,
        summed=result.summed,
        cap=result.cap,
        deductions=result.deductions,
        payable=result.payable,
        low=result.low,
        high=result.high,
        adjustment=adjustment,
        due=result.payable + adjustment,
    )
