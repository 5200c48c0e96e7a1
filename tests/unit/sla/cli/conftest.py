"""A contract and evidence in files, and a request made of options as `sla-check` parses them."""

from __future__ import annotations

import json

import pytest

from sla.cli.options import parser_for
from sla.cli.request import Request
from tests.unit.sla.cli.test_program import CONTRACT, DEFINITIONS, readings


@pytest.fixture
def good(tmp_path) -> list[str]:
    """The options that name a month, its contract, and readings that are all well."""
    contract, evidence = tmp_path / "good.toml", tmp_path / "good.jsonl"
    contract.write_text(CONTRACT, encoding="utf-8")
    lines = [json.dumps(each) for each in [*DEFINITIONS, *readings("ok")]]
    evidence.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["--month", "2026-10", "--contract", str(contract), "--evidence", str(evidence)]


@pytest.fixture
def request_of():
    """Makes a request of the words of a command line."""

    def made(words: list[str], language: str = "en") -> Request:
        return Request(parser_for(language).parse_args(words), language)

    return made
