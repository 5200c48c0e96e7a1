"""`--quarter 2026-Q3`: its months added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.cli.period import period_answer

if TYPE_CHECKING:
    from sla.cli.answer import Answer
    from sla.cli.request import Request


def answer(request: Request) -> Answer:
    """The quarter's report; the exit code tells its verdict. UsageError: no quarter, or none of it had begun."""
    return period_answer(request, "quarter")
