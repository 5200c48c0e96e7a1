"""Answers of `sla-check` about more than a month: quarter, year, self-evaluation, acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.mistakes import ConfigError, Mistake, nearest, reason_of, shown
from config.input.usage import UsageError
from config.text.sentence import Sentence
from sla.cli.request import EXIT_OF, Answer
from sla.judge.period import NoMonthError, judge_period, parse_period
from sla.reports.layout.forms import written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.cli.request import Request
    from sla.evaluation.figures import EvaluationFigures
    from sla.judge.period import PeriodResult

_QUARTER, _YEAR = 3, 12
_NOT_SO: Mapping[str, Callable[[str], Sentence]] = {
    "quarter": lambda text: Sentence("{text} is no quarter; wanted 2026-Q3", text=text),
    "year": lambda text: Sentence("{text} is no year; wanted 2026", text=text),
}


def standard(request: Request) -> Answer:
    """`--standard`: what the contract amounts to; nothing is judged."""
    from sla.reports.standard.document import standard_document, standard_json  # noqa: PLC0415 - only what is asked

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
    except ValueError as error:
        raise UsageError("{option}: {reason}", option=f"--{option}", reason=reason_of(error)) from None
    if len(period.months) != months:
        why = _NOT_SO[option](repr(period.name))
        raise UsageError("{option}: {reason}", option=f"--{option}", reason=why)
    if period.name not in request.periods:
        try:
            request.periods[period.name] = judge_period(request.analysis, period)
        except NoMonthError as error:
            raise UsageError("{option}: {reason}", option=f"--{option}", reason=error.sentence) from None
    return request.periods[period.name]


def _told(result: PeriodResult, request: Request) -> Answer:
    from sla.reports.period.document import period_document  # noqa: PLC0415 - only what is asked
    from sla.reports.period.json_format import period_json  # noqa: PLC0415 - likewise

    paper = written(
        request.options.format,
        lambda: period_document(result, request.language, request.source),
        lambda: period_json(result),
    )
    return Answer(paper, EXIT_OF[result.verdict])


def self_evaluation(request: Request) -> Answer:
    """`--year 2026 --self-evaluation figures.toml`; contract and evidence where indicators are measured."""
    from sla.evaluation.figures_file import read_figures  # noqa: PLC0415 - only what is asked
    from sla.evaluation.self_evaluation import evaluate  # noqa: PLC0415 - likewise
    from sla.reports.basis import Source  # noqa: PLC0415 - only what is asked
    from sla.reports.evaluation.document import self_evaluation_document  # noqa: PLC0415 - likewise
    from sla.reports.evaluation.json_format import self_evaluation_json  # noqa: PLC0415 - likewise

    options = request.options
    figures = read_figures(options.self_evaluation)
    if options.year != str(figures.year):
        raise UsageError(
            "{year} was asked for, and {file} is about {other}",
            year=Sentence("{option}: {reason}", option="--year", reason=repr(options.year)),
            file=figures.file,
            other=figures.year,
        )
    has_evidence = options.evidence is not None or options.ledger is not None
    period = judged(request, "year", _YEAR) if options.contract is not None and has_evidence else None
    if period is not None:
        _refuse_unknown(figures, {each.id for each in period.contract.obligations})
    found = evaluate(figures, period)
    paper = written(
        options.format,
        lambda: self_evaluation_document(found, request.language, Source() if period is None else request.source),
        lambda: self_evaluation_json(found),
    )
    return Answer(paper, 0 if found.is_complete else EXIT_OF["not_assessable"])


def _refuse_unknown(figures: EvaluationFigures, known: set[str]) -> None:
    """Obligations that the contract does not have."""
    mistakes = [
        Mistake(
            file=figures.file,
            line=indicator.line,
            key="obligations",
            got=shown(name),
            wanted=Sentence("one of the contract's obligations {names}", names=sorted(known)),
            hint=nearest(name, known),
        )
        for indicator in figures.indicators
        for name in indicator.obligations
        if name not in known
    ]
    if mistakes:
        raise ConfigError(mistakes)
