"""A contract file, linted beside what the evidence has."""

from __future__ import annotations

import pytest

from sla.lint.files import around_evidence, lint_file
from tests.support.timelines import evidence


@pytest.fixture
def lint(tmp_path):
    def called(text, seen=None):
        path = tmp_path / "c.toml"
        path.write_text(text, encoding="utf-8")
        return lint_file(path, None if seen is None else around_evidence(evidence(seen))).findings

    return called
