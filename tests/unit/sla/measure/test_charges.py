"""Charges: lines of a deduction, with a cap of their own, and the rule's cap over their sum."""

from decimal import Decimal

import pytest

from config.text.i18n import in_language
from sla.contract.losses import ShortfallLoss
from sla.explain.clause_steps import item_word
from sla.measure.charges import Charge, charge, summed, together


def test_a_line_comes_to_its_number_times_each():
    assert charge("cam-1", 3, Decimal("50.00")) == Charge("cam-1", 3, Decimal("50.00"), Decimal("150.00"))


def test_a_line_is_bounded_by_its_own_cap_and_still_says_how_often():
    assert charge("cam-1", 3, Decimal(50), Decimal(120)) == Charge("cam-1", 3, Decimal(50), Decimal(120))


@pytest.mark.parametrize(("cap", "amount"), [(None, 170), ("200", 170), ("170", 170), ("100", 100), ("0", 0)])
def test_the_lines_together_are_bounded_by_the_rules_cap(cap, amount):
    lines = [charge("per_missed", 1, Decimal(120)), charge("per_late", 2, Decimal(25))]
    rule = ShortfallLoss(amount_each=Decimal(1), cap=None if cap is None else Decimal(cap))
    assert summed(lines) == 170  # 1 × 120 + 2 × 25
    assert together(lines, rule) == amount


def test_no_rule_no_lines_nothing():
    assert together([], None) == 0


@pytest.mark.parametrize(
    "verdict", ["met", "breached", "not_assessable", "not_applicable", "pending", "done", "late", "missed"]
)
def test_every_verdict_of_an_item_is_a_chinese_word_in_chinese(verdict):
    word = in_language(item_word(verdict).text, "zh")
    assert word
    assert not word.isascii()
