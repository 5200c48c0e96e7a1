"""`--explain ID`: how one result came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.usage import UsageError
from config.text.outside import visible
from config.text.sentence import Sentence, listed
from sla.cli.answer import Answer
from sla.explain.explain import UnknownIdError, explained
from sla.reports.layout.forms import written
from sla.reports.text.explain_text import document_of, to_json

if TYPE_CHECKING:
    from sla.cli.request import Request


def answer(request: Request) -> Answer:
    """The explanation; UsageError with the ids that there are, where the month has none such."""
    language = request.language
    try:
        found = explained(request.analysis, request.judgement, request.options.explain)
    except UnknownIdError as error:
        text = Sentence("--explain: there is no {id} in this month; there are, for example", id=visible(error.name))
        raise UsageError(listed(text, map(visible, error.nearest))) from None
    paper = written(
        request.options.format,
        lambda: document_of(found, request.judgement, language),
        lambda: to_json(found, request.judgement, language),
    )
    return Answer(paper, 0)
