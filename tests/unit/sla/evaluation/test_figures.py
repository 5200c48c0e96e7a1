"""Figures that people give, as values: what follows from them without any rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.evaluation.figures import NO_CASES, CaseCounts, SurveyGroup

COUNTS = st.builds(
    lambda due, disposed, in_time, more: CaseCounts(
        taken_in=due + more, due=due, disposed=min(due, disposed), in_time=min(due, disposed, in_time)
    ),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 9),
)


def counts(taken_in, due, disposed, in_time):
    return CaseCounts(taken_in=taken_in, due=due, disposed=disposed, in_time=in_time)


def test_rates_are_of_what_was_due():
    found = counts(12, 10, 9, 8)
    assert (found.disposal_rate, found.in_time_rate, found.late) == (Fraction(9, 10), Fraction(4, 5), 2)


def test_of_nothing_that_was_due_there_is_no_rate():
    assert (NO_CASES.disposal_rate, NO_CASES.in_time_rate, NO_CASES.late) == (None, None, 0)


@given(COUNTS, COUNTS)
def test_law_a_sum_has_what_both_have_and_its_rate_lies_between_theirs(one, other):
    both = one + other
    assert (both.taken_in, both.due) == (one.taken_in + other.taken_in, one.due + other.due)
    assert both.late == one.late + other.late
    rates = [each.in_time_rate for each in (one, other) if each.in_time_rate is not None]
    if rates:
        assert min(rates) <= both.in_time_rate <= max(rates)


@given(COUNTS)
def test_law_no_cases_add_nothing_and_in_time_is_never_more_than_disposed_of(found):
    assert found + NO_CASES == NO_CASES + found == found
    if found.due:
        assert 0 <= found.in_time_rate <= found.disposal_rate <= 1


@pytest.mark.parametrize(
    ("answered", "satisfied", "rate"), [(0, 0, None), (4, 3, Fraction(3, 4)), (4, 0, Fraction(0))]
)
def test_a_survey_s_rate_is_of_the_valid_answers(answered, satisfied, rate):
    assert SurveyGroup(group="公众", asked=None, answered=answered, satisfied=satisfied).rate == rate
