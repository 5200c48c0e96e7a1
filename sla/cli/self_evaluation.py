"""`--year 2026 --self-evaluation FIGURES.toml`: the table of a year's self-evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.mistakes import ConfigError, Mistake, nearest, shown
from config.input.usage import UsageError
from config.text.sentence import Sentence
from sla.cli.answer import EXIT_OF, Answer
from sla.cli.period import judged_period
from sla.evaluation.figures_file import read_figures
from sla.evaluation.self_evaluation import evaluate
from sla.reports.basis import Source
from sla.reports.evaluation.document import self_evaluation_document
from sla.reports.evaluation.json_format import self_evaluation_json
from sla.reports.layout.forms import written

if TYPE_CHECKING:
    from sla.cli.request import Request
    from sla.evaluation.figures import EvaluationFigures


def answer(request: Request) -> Answer:
    """`--year 2026 --self-evaluation figures.toml`; contract and evidence where indicators are measured."""
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
    period = judged_period(request, "year") if options.contract is not None and has_evidence else None
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
