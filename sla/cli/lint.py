"""`--lint C.toml`: which clauses of a contract cannot be tested, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.cli.answer import Answer
from sla.lint.files import around_evidence, around_site, lint_file
from sla.reports.layout.forms import written
from sla.reports.text.lint_text import document_of, to_json, to_text

if TYPE_CHECKING:
    from sla.cli.request import Request
    from sla.lint.subject import Surroundings


def answer(request: Request) -> Answer:
    """What was found in the contract, alone or beside a site or evidence; exit code 1 where anything was."""
    options, language = request.options, request.language
    around = _around(request)
    found, looked = lint_file(options.lint, around), around is not None
    code = 1 if found.findings else 0
    if options.format == "text":
        return Answer(to_text(found, language, looked_around=looked), code)
    paper = written(
        options.format,
        lambda: document_of(found, language, looked_around=looked),
        lambda: to_json(found, language, looked_around=looked),
    )
    return Answer(paper, code)


def _around(request: Request) -> Surroundings | None:
    options = request.options
    if options.site is not None:
        return around_site(options.site)
    if options.evidence is not None or options.ledger is not None:
        return around_evidence(request.evidence)
    return None
