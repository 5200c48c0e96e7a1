"""What an indicator of a self-evaluation came to: by people, by cases, by a survey, or by what was measured. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sla.evaluation.figures import RATES
from sla.evaluation.scored import MeasuredFigure, Reached
from sla.evaluation.scoring import FULL, ratio_of, satisfaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.evaluation.figures import CaseRow, EvaluationFigures, Indicator
    from sla.evaluation.scored import State
    from sla.judge.period import ClauseInPeriod


def reached(indicator: Indicator, figures: EvaluationFigures, measured: tuple[MeasuredFigure, ...]) -> Reached:
    """By what was measured where obligations are named, else by people's word, the case export or the survey."""
    if not indicator.is_applicable:
        return _nothing("not_applicable", indicator.actual_text)
    if indicator.obligations:
        return _by_obligations(indicator, measured)
    if indicator.nature == "qualitative":
        return _by_people(indicator)
    value, is_share = _given(indicator, figures)
    if value is None or indicator.target is None:
        return _nothing("missing", indicator.actual_text)
    return _numeric(indicator, value, is_share=is_share, text=indicator.actual_text)


def _nothing(state: State, text: str) -> Reached:
    high = Fraction(0) if state == "not_applicable" else FULL
    return Reached(text=text, value=None, is_share=False, low=Fraction(0), high=high, times=None, state=state)


def _by_people(indicator: Indicator) -> Reached:
    if indicator.degree is None:
        return _nothing("missing", indicator.actual_text)
    degree = indicator.degree
    return Reached(
        text=indicator.actual_text, value=None, is_share=False, low=degree, high=degree, times=None, state="scored"
    )


def _numeric(indicator: Indicator, value: Fraction, *, is_share: bool, text: str) -> Reached:
    target = indicator.target.value if indicator.target is not None else FULL
    ratio = satisfaction(value) if indicator.rule == "satisfaction" else ratio_of(indicator.nature, target, value)
    times = value / target if target else None
    return Reached(text=text, value=value, is_share=is_share, low=ratio, high=ratio, times=times, state="scored")


def _given(indicator: Indicator, figures: EvaluationFigures) -> tuple[Fraction | None, bool]:
    """(value, is it a share) from the file itself, the case export or the survey."""
    if indicator.actual is not None:
        return indicator.actual.value, indicator.actual.is_share
    if indicator.cases is not None:
        return case_value(indicator, figures.cases), indicator.cases.take in RATES
    if indicator.survey is not None:
        group = next((each for each in figures.survey if each.group == indicator.survey), None)
        return (None if group is None else group.rate), True
    return None, False


def case_value(indicator: Indicator, rows: Iterable[CaseRow]) -> Fraction | None:
    """The number of the case export that the indicator asks for; None without rows, or for a rate of nothing."""
    wanted = indicator.cases
    found = [
        row.counts
        for row in rows
        if wanted is not None and wanted.source in (None, row.source) and wanted.department in (None, row.department)
    ]
    if wanted is None or not found:
        return None
    value = getattr(sum(found[1:], found[0]), wanted.take)
    return None if value is None else Fraction(value)


def measured_figure(clause: ClauseInPeriod) -> MeasuredFigure:
    """What a year of the obligation comes to; a kind without a formula over months by the months kept."""
    pooled, verdicts = clause.pooled, clause.verdicts
    met, judged = verdicts.get("met", 0), verdicts.get("met", 0) + verdicts.get("breached", 0)
    by_months = pooled.verdict is None
    if by_months:
        value = Fraction(met, judged) if judged else None
        is_applicable = bool(judged or verdicts.get("not_assessable"))
    else:
        value = pooled.value if pooled.verdict in ("met", "breached") else None
        is_applicable = pooled.verdict != "not_applicable"
    return MeasuredFigure(
        obligation=clause.obligation,
        promised=FULL if pooled.target is None or by_months else pooled.target,
        value=value,
        low=pooled.low,
        high=pooled.high,
        coverage=pooled.coverage,
        months_met=met,
        months_judged=judged,
        by_months=by_months,
        is_applicable=is_applicable,
    )


def _by_obligations(indicator: Indicator, measured: tuple[MeasuredFigure, ...]) -> Reached:
    """One obligation against the indicator's own number; or the mean over obligations against what each promised."""
    if len(measured) < len(indicator.obligations):
        return _nothing("missing", "")
    asked = [each for each in measured if each.is_applicable]
    if not asked:
        return _nothing("not_applicable", "")
    if indicator.target is not None:
        value = asked[0].value
        return _nothing("missing", "") if value is None else _numeric(indicator, value, is_share=True, text="")
    known = [ratio_of(">=", each.promised, each.value) for each in asked if each.value is not None]
    low = sum(known, Fraction(0)) / len(asked)
    high = low + Fraction(len(asked) - len(known), len(asked))
    only = asked[0].value if len(asked) == 1 else None
    state: State = "scored" if len(known) == len(asked) else "missing"
    return Reached(text="", value=only, is_share=True, low=low, high=high, times=None, state=state)
