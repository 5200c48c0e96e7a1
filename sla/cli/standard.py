"""`--standard`: the acceptance standard that a contract amounts to; nothing is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.cli.answer import Answer
from sla.reports.layout.forms import written
from sla.reports.standard.document import standard_document, standard_json

if TYPE_CHECKING:
    from sla.cli.request import Request


def answer(request: Request) -> Answer:
    """The standard in the form that was asked for."""
    contract, language = request.contract, request.language
    paper = written(
        request.options.format,
        lambda: standard_document(contract, language),
        lambda: standard_json(contract, language),
    )
    return Answer(paper, 0)
