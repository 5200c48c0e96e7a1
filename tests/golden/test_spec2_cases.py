"""The worked cases of SPEC's second edition, `spec2/`, by the slow model, compared as `spec2/README.md` says.

They were worked out by two implementations of the text that know nothing of this one, those under `rules/` on paper.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.slow.cases import differences, modelled

FOLDER = Path(__file__).parent / "spec2"
CASES = [path for path in sorted(FOLDER.iterdir()) if path.name.isdigit()]
RULES = sorted((FOLDER / "rules").iterdir())


def name(case: Path) -> str:
    return str(case.relative_to(FOLDER))


def test_there_are_30_worlds_and_13_rules():
    assert (len(CASES), len(RULES)) == (30, 13)


@pytest.mark.parametrize("case", [*CASES, *RULES], ids=name)
def test_the_slow_model_comes_to_the_worked_out_result(case):
    assert differences(case, modelled(case)) == []


@pytest.mark.parametrize("key", ["verdict", "payable", "low", "withdrawn", "ids"])
def test_a_result_that_is_off_is_told(key):
    # of case 10: it has an incident that was withdrawn and notes
    def spoiled(value):
        if isinstance(value, dict):
            return {name: "2026-10-21T18:35:01Z" if name == key else spoiled(each) for name, each in value.items()}
        return [spoiled(each) for each in value] if isinstance(value, list) else value

    expected = json.loads((CASES[9] / "expected.json").read_text(encoding="utf-8"))
    assert differences(CASES[9], expected) == []
    assert differences(CASES[9], spoiled(expected))
