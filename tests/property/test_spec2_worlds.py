"""`sla-check` against a slow model of SPEC's second edition that shares no line with it, on random small worlds.

The worlds come from seeds; a failure names the seed. `python -m tests.support.slow.compare SEED SEED+1 --keep FOLDER` says
the same with the world's files. That the worlds reach SPEC's rules is shown in test_spec2_model.py.
"""

from __future__ import annotations

import pytest

from tests.support import results
from tests.support.slow.compare import found_differences
from tests.support.worlds.worlds import random_world


@pytest.fixture
def to_the_letter(monkeypatch):
    """Figures have to be equal, not close: both sides round an exact fraction once."""
    monkeypatch.setattr(results, "TOLERANCE", 0)


def disagreeing(seeds, folder) -> dict[int, list[str]]:
    return {seed: found for seed in seeds if (found := found_differences(random_world(seed), folder))}


@pytest.mark.parametrize("first", range(0, 500, 50))
def test_sla_check_agrees_with_the_slow_model(first, tmp_path, to_the_letter):
    assert disagreeing(range(first, first + 50), tmp_path) == {}


@pytest.mark.long
@pytest.mark.parametrize("first", range(1_000, 21_000, 500))
def test_sla_check_agrees_with_the_slow_model_twenty_thousand_times(first, tmp_path, to_the_letter):
    assert disagreeing(range(first, first + 500), tmp_path) == {}
