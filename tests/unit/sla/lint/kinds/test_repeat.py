"""What only a repeat clause is asked: whether two faults within its window can be kept apart."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import HEAD, REPEAT, SEEN, told


@pytest.mark.parametrize(("within", "codes"), [("10m", [("P1", "conflict")]), ("11m", [])])
def test_a_window_no_longer_than_stable_for_holds_one_fault_at_most(lint, within, codes):
    # stable_for is 10 min: a check that is not ok for so long goes on with the fault that it had
    assert told(lint(HEAD + REPEAT.format(within))) == codes


def test_a_longer_stable_for_needs_a_longer_window(lint):
    rules = '[measurement]\nstable_for = "1h"\n'
    assert told(lint(HEAD + rules + REPEAT.format("1h"))) == [("P1", "conflict")]
    assert lint(HEAD + rules + REPEAT.format("61m")) == ()


@pytest.mark.parametrize(
    ("interval", "codes"), [("7m", []), ("8m", [("P1", "too_slow")]), ("16m", [("P1", "too_slow")])]
)
def test_a_window_has_room_for_two_looks(lint, interval, codes):
    assert told(lint(HEAD + REPEAT.format("15m"), SEEN.replace("5m", interval))) == codes


def test_assets_without_a_check_never_fail_again(lint):
    assert told(lint(HEAD + REPEAT.format("7d"), "    asset cam camera\n")) == [("P1", "no_source")]
