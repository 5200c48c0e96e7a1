"""What only an inspection clause is asked: whether a round serves one period only."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import HEAD, I1, told


@pytest.mark.parametrize(
    ("every", "longest", "too_long"),
    [("day", "24h", "25h"), ("week", "7d", "169h"), ("month", "28d", "29d"), ("quarter", "90d", "91d")],
)
def test_the_grace_is_at_most_the_shortest_such_period(lint, every, longest, too_long):
    def codes(grace):
        text = I1.replace('"day"', f'"{every}"').replace("deduct", f'grace = "{grace}"\ndeduct')
        return told(lint(HEAD + text))

    assert codes(longest) == []
    assert codes(too_long) == [("I1", "conflict")]
