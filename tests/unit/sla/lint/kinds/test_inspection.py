"""What only an inspection clause is asked is nothing: its assets need no checks. What its grace is asked, all are."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import HEAD, I1, told


@pytest.mark.parametrize(
    ("every", "longest", "too_long"),
    [("day", "23h", "24h"), ("week", "6d", "7d"), ("month", "27d", "28d"), ("quarter", "89d", "90d")],
)
def test_the_grace_is_shorter_than_the_shortest_such_period(lint, every, longest, too_long):
    def codes(grace):
        text = I1.replace('"day"', f'"{every}"').replace("deduct", f'grace = "{grace}"\ndeduct')
        return told(lint(HEAD + text))

    assert codes(longest) == []
    assert codes(too_long) == [("I1", "conflict")]


def test_a_round_needs_no_check_of_its_assets(lint):
    assert lint(HEAD + I1, "    asset cam camera\n") == ()
