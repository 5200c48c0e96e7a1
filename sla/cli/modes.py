"""What `sla-check` can be asked, each question with the options that it needs. `MODES` is the one table.

A question's module is loaded when it is asked: judging a month from a ledger takes no time for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.input.usage import UsageError
from config.text.sentence import verbatim
from sla.cli.request import EXIT_OF, Answer, Request, contract_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One question: what must be given with it (`source`: --evidence or --ledger), and who answers."""

    needs: frozenset[str]
    answer: Callable[[Request], Answer]


def _month(request: Request) -> Answer:
    from sla.reports import render  # noqa: PLC0415 - see above

    content = render(request.options.format, request.judgement, lambda: request.document, request.analysis)
    return Answer(content, EXIT_OF[request.judgement.verdict])


def _standard(request: Request) -> Answer:
    from sla.cli.period import standard  # noqa: PLC0415 - see above

    return standard(request)


def _quarter(request: Request) -> Answer:
    from sla.cli.period import quarter  # noqa: PLC0415 - see above

    return quarter(request)


def _year(request: Request) -> Answer:
    from sla.cli.period import year  # noqa: PLC0415 - see above

    return year(request)


def _self_evaluation(request: Request) -> Answer:
    from sla.cli.period import self_evaluation  # noqa: PLC0415 - see above

    return self_evaluation(request)


def _explain(request: Request) -> Answer:
    from sla.explain.explain import UnknownIdError, explained  # noqa: PLC0415 - see above
    from sla.reports.layout.forms import written  # noqa: PLC0415 - likewise
    from sla.reports.text.explain_text import document_of, refusal, to_json  # noqa: PLC0415 - likewise

    language = request.language
    try:
        found = explained(request.analysis, request.judgement, request.options.explain)
    except UnknownIdError as error:
        raise UsageError(verbatim(refusal(error, language))) from None
    paper = written(
        request.options.format,
        lambda: document_of(found, request.judgement, language),
        lambda: to_json(found, request.judgement, language),
    )
    return Answer(paper, 0)


def _what_if(request: Request) -> Answer:
    from sla.judge.what_if import what_if  # noqa: PLC0415 - likewise
    from sla.reports.layout.forms import written  # noqa: PLC0415 - see above
    from sla.reports.text.what_if_text import document_of, to_json  # noqa: PLC0415 - likewise

    other = contract_at(request.options.what_if)
    found = what_if(request.contract, other, request.evidence, request.month, request.as_of)
    paper = written(request.options.format, lambda: document_of(found, request.language), lambda: to_json(found))
    return Answer(paper, 0)


def _lint(request: Request) -> Answer:
    from sla.lint.files import around_evidence, around_site, lint_file  # noqa: PLC0415 - see above
    from sla.reports.layout.forms import written  # noqa: PLC0415 - likewise
    from sla.reports.text import lint_text  # noqa: PLC0415 - likewise

    options, language = request.options, request.language
    around = None
    if options.site is not None:
        around = around_site(options.site)
    elif options.evidence is not None or options.ledger is not None:
        around = around_evidence(request.evidence)
    found, looked = lint_file(options.lint, around), around is not None
    code = 1 if found.findings else 0
    if options.format == "text":
        return Answer(lint_text.to_text(found, language, looked_around=looked), code)
    paper = written(
        options.format,
        lambda: lint_text.document_of(found, language, looked_around=looked),
        lambda: lint_text.to_json(found, language, looked_around=looked),
    )
    return Answer(paper, code)


JUDGED = frozenset({"month", "contract", "source"})

MODES: Mapping[str, Mode] = {
    "month": Mode(needs=JUDGED, answer=_month),
    "explain": Mode(needs=JUDGED | {"explain"}, answer=_explain),
    "what_if": Mode(needs=JUDGED | {"what_if"}, answer=_what_if),
    "lint": Mode(needs=frozenset({"lint"}), answer=_lint),
    "quarter": Mode(needs=frozenset({"contract", "source"}), answer=_quarter),
    "year": Mode(needs=frozenset({"contract", "source"}), answer=_year),
    "self_evaluation": Mode(needs=frozenset({"year"}), answer=_self_evaluation),
    "standard": Mode(needs=frozenset({"contract"}), answer=_standard),
}
"""Option that asks the question (without dashes) → its mode. Of several options given, the last row here counts."""
