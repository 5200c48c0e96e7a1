"""`--month 2026-10`: the month, judged, and what is payable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.cli.answer import EXIT_OF, Answer
from sla.reports import render

if TYPE_CHECKING:
    from sla.cli.request import Request


def answer(request: Request) -> Answer:
    """The month's report in the form that was asked for; the exit code tells its verdict."""
    content = render(request.options.format, request.judgement, lambda: request.document, request.analysis)
    return Answer(content, EXIT_OF[request.judgement.verdict])
