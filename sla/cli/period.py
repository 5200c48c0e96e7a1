"""Quarters and years for `sla-check`: the months of a period, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.mistakes import reason_of
from config.input.usage import UsageError
from config.text.sentence import Sentence
from sla.cli.answer import EXIT_OF, Answer
from sla.judge.period import NoMonthError, judge_period, parse_period
from sla.reports.layout.forms import written
from sla.reports.period.document import period_document
from sla.reports.period.json_format import period_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.cli.request import Request
    from sla.judge.period import PeriodResult

_MONTHS = {"quarter": 3, "year": 12}
_NOT_SO: Mapping[str, Callable[[str], Sentence]] = {
    "quarter": lambda text: Sentence("{text} is no quarter; wanted 2026-Q3", text=text),
    "year": lambda text: Sentence("{text} is no year; wanted 2026", text=text),
}


def period_answer(request: Request, option: str) -> Answer:
    """The period that the option (`quarter` or `year`) names, in the form that was asked for."""
    result = judged_period(request, option)
    paper = written(
        request.options.format,
        lambda: period_document(result, request.language, request.source),
        lambda: period_json(result),
    )
    return Answer(paper, EXIT_OF[result.verdict])


def judged_period(request: Request, option: str) -> PeriodResult:
    """The period that the option names, judged; UsageError where it is none or the term has no month in it."""
    try:
        period = parse_period(getattr(request.options, option))
    except ValueError as error:
        raise UsageError("{option}: {reason}", option=f"--{option}", reason=reason_of(error)) from None
    if len(period.months) != _MONTHS[option]:
        why = _NOT_SO[option](repr(period.name))
        raise UsageError("{option}: {reason}", option=f"--{option}", reason=why)
    if period.name not in request.periods:
        try:
            request.periods[period.name] = judge_period(request.analysis, period)
        except NoMonthError as error:
            raise UsageError("{option}: {reason}", option=f"--{option}", reason=error.sentence) from None
    return request.periods[period.name]
