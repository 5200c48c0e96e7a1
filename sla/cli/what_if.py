"""`--what-if C2.toml`: the same evidence under another contract, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.cli.answer import Answer
from sla.contract.file import read_contract
from sla.judge.what_if import what_if
from sla.reports.layout.forms import written
from sla.reports.text.what_if_text import document_of, to_json

if TYPE_CHECKING:
    from sla.cli.request import Request


def answer(request: Request) -> Answer:
    """Both judgements beside each other; ConfigError with the mistakes of the other contract."""
    other = read_contract(request.options.what_if)
    found = what_if(request.contract, other, request.evidence, request.month, request.as_of)
    paper = written(request.options.format, lambda: document_of(found, request.language), lambda: to_json(found))
    return Answer(paper, 0)
