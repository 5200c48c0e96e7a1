"""Answers of `sla-check` about more than a month: quarter, year, and the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.period import judge_period, parse_period
from sla.reports.document_forms import written
from sla.request import EXIT_OF, Answer, UsageError

if TYPE_CHECKING:
    from sla.period import PeriodResult
    from sla.request import Request

_QUARTER, _YEAR = 3, 12


def standard(request: Request) -> Answer:
    """`--standard`: what the contract amounts to; nothing is judged."""
    from sla.reports.standard_document import standard_document, standard_json  # noqa: PLC0415 - only what is asked

    contract, language = request.contract, request.language
    paper = written(
        request.options.format,
        lambda: standard_document(contract, language),
        lambda: standard_json(contract, language),
    )
    return Answer(paper, 0)


def quarter(request: Request) -> Answer:
    """`--quarter 2026-Q3`."""
    return _told(judged(request, "quarter", _QUARTER), request)


def year(request: Request) -> Answer:
    """`--year 2026`."""
    return _told(judged(request, "year", _YEAR), request)


def judged(request: Request, option: str, months: int) -> PeriodResult:
    """The period that the option names, judged; UsageError where it is none or the term has no month in it."""
    try:
        period = parse_period(getattr(request.options, option))
        if len(period.months) != months:
            wanted = "2026-Q3" if months == _QUARTER else "2026"
            raise ValueError(f"{period.name!r}; wanted {wanted}")  # noqa: EM102, TRY301 - told once, just below
        return judge_period(request.findings, period)
    except ValueError as error:
        msg = f"--{option}: {error}"
        raise UsageError(msg) from None


def _told(result: PeriodResult, request: Request) -> Answer:
    from sla.reports.period_document import period_document  # noqa: PLC0415 - only what is asked
    from sla.reports.period_json import period_json  # noqa: PLC0415 - likewise

    paper = written(
        request.options.format, lambda: period_document(result, request.language), lambda: period_json(result)
    )
    return Answer(paper, EXIT_OF[result.verdict])
