"""What keeps a contract's fee from bearing what is deducted from it, and what its changes leave of it."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import A1, HEAD, R1, told

UNCAPPED = R1.replace(', cap_each = "500", cap = "1000"', "")
NO_CAP = HEAD.replace(', deduction_cap = "20%"', "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (NO_CAP + UNCAPPED, [("R1", "no_cap")]),
        (HEAD + UNCAPPED, []),  # the month's deductions have a cap
        (NO_CAP + R1, []),
        (NO_CAP + R1.replace('cap_each = "500", ', ""), []),
        (NO_CAP + R1.replace(', cap = "1000"', ""), []),
        (NO_CAP + UNCAPPED.replace('per_started = "1h", amount', "per_breach"), []),  # once an incident
    ],
)
def test_overtime_without_any_cap_is_told(lint, text, found):
    assert told(lint(text)) == found


def head(*changes, fee='total = "120000.00", deduction_cap = "20%"'):
    listed = ", ".join(f'{{ from = "{month}", monthly = "{amount}" }}' for month, amount in changes)
    return HEAD.replace('total = "120000.00", deduction_cap = "20%"', f"{fee}, changes = [{listed}]")


@pytest.mark.parametrize(
    ("month", "found"),
    [
        ("2025-06", [("", "conflict")]),
        ("2026-01", [("", "conflict")]),
        ("2026-02", []),
        ("2026-12", []),
        ("2027-01", [("", "no_period")]),
    ],
)
def test_a_change_of_the_fee_that_leaves_nothing_or_comes_too_late_is_told(lint, month, found):
    assert told(lint(head((month, "9000.00")) + A1)) == found


def test_the_cap_is_held_against_the_cheapest_month(lint):
    # 20 % of 500 is 100: one unit
    assert lint(head(("2026-06", "500.00")) + A1) == ()
    assert told(lint(head(("2026-06", "499.00")) + A1)) == [("", "cap_too_small")]
    monthly = 'monthly = "499.00", deduction_cap = "20%"'
    assert told(lint(head(fee=monthly) + A1)) == [("", "cap_too_small")]


def test_a_month_without_a_fee_has_nothing_to_deduct_from(lint):
    (found,) = lint(head(("2026-06", "0"), fee='total = "120000.00"') + A1)
    assert (found.clause, found.code) == ("", "no_consequence")
