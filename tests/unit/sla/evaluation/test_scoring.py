"""The rules of a self-evaluation's table, each by itself, with the arithmetic beside it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.evaluation.figures import Budget
from sla.evaluation.scoring import FULL, GRADES, execution, grade_of, ratio_of, satisfaction

NATURES = st.sampled_from([">=", "<=", "="])
NUMBERS = st.fractions(0, 1000)


def budget(executed, annual):
    return Budget(
        unit="万元", initial=None, annual=Decimal(annual), executed=Decimal(executed), points=Decimal(10), sources=()
    )


@pytest.mark.parametrize(
    ("nature", "target", "actual", "ratio"),
    [
        (">=", 95, 95, "1"),
        (">=", 95, 76, "4/5"),  # 76 ÷ 95
        (">=", 0, 0, "1"),
        (">=", 4, 0, "0"),
        (">=", 4, -1, "0"),
        ("<=", 80, 100, "4/5"),  # 80 ÷ 100
        ("<=", 80, 0, "1"),
        ("<=", 0, 1, "0"),
        ("=", 12, 9, "3/4"),
        ("=", 9, 12, "3/4"),
        ("=", 0, 0, "1"),
        ("=", 0, 5, "0"),
    ],
)
def test_a_target_that_is_missed_gives_the_smaller_by_the_greater(nature, target, actual, ratio):
    assert ratio_of(nature, Fraction(target), Fraction(actual)) == Fraction(ratio)


@given(NATURES, NUMBERS, NUMBERS)
def test_law_all_points_are_given_exactly_where_the_target_is_met(nature, target, actual):
    met = {">=": actual >= target, "<=": actual <= target, "=": actual == target}[nature]
    assert (ratio_of(nature, target, actual) == FULL) == met


@given(NATURES, NUMBERS, NUMBERS, st.fractions(Fraction(1, 100), 100))
def test_law_another_unit_changes_no_score(nature, target, actual, factor):
    assert ratio_of(nature, target * factor, actual * factor) == ratio_of(nature, target, actual)


@pytest.mark.parametrize(
    ("rate", "share"),
    [("1", "1"), ("9/10", "1"), ("89/100", "29/30"), ("3/4", "1/2"), ("6/10", "0"), ("5999/10000", "0"), ("0", "0")],
)
def test_satisfaction_gives_all_from_90_and_nothing_below_60_percent(rate, share):
    assert satisfaction(Fraction(rate)) == Fraction(share)


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_law_those_who_are_more_satisfied_never_give_less(one, other):
    less, more = sorted((one, other))
    assert 0 <= satisfaction(less) <= satisfaction(more) <= FULL


@given(st.decimals(0, 100, places=2))
def test_law_every_score_has_one_grade_and_a_higher_one_none_that_is_worse(score):
    names = [name for _, name in GRADES]
    assert names.index(grade_of(score)) <= names.index(grade_of(max(Decimal(0), score - 1)))


@pytest.mark.parametrize(
    ("executed", "annual", "rate"),
    [("0", "1", "0"), ("45.205", "90.41", "1/2"), ("120", "100", "6/5"), ("1", "3", "1/3")],
)
def test_execution_is_exact_and_may_be_above_all_of_it(executed, annual, rate):
    assert execution(budget(executed, annual)) == Fraction(rate)
