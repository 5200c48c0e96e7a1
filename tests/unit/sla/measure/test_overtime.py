"""Overtime in units, and the month in which each is owed (SPEC §7)."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.contract.losses import OvertimeLoss
from sla.measure.analysis import Analysis
from sla.measure.charges import at_most
from sla.measure.overtime import Overtime, by_months, overtime_units, shared_out
from tests.support.timelines import DAY, HOUR, at, contract, evidence, repair

TERM = "2026-09-01 2026-12-31"
CLAUSE = repair()


@pytest.fixture(scope="module")
def analysis():
    return Analysis(contract(CLAUSE, term=TERM), evidence("agent 2026-12-31 00:00 start"), at("2026-12-31 00:00"))


@pytest.fixture(scope="module")
def term(analysis):
    return analysis.term_of(CLAUSE)


@pytest.mark.parametrize(
    ("elapsed", "units"),
    [
        (4 * HOUR, 0),  # exactly at the limit of 4 h nothing is owed
        (4 * HOUR + 1, 1),  # one millisecond starts the first hour
        (5 * HOUR, 1),
        (5 * HOUR + 1, 2),
        (0, 0),
    ],
)
def test_each_started_unit_beyond_the_limit_is_owed(elapsed, units):
    assert overtime_units(elapsed, 4 * HOUR, HOUR) == units


@given(st.integers(0, 10**12), st.integers(0, 10**9), st.integers(1, 10**9))
def test_units_are_those_k_whose_beginning_lies_before_what_elapsed(elapsed, limit, unit):
    units = overtime_units(elapsed, limit, unit)
    assert units == 0 or elapsed > limit + (units - 1) * unit
    assert elapsed <= limit + units * unit


def test_no_cap_bounds_nothing():
    assert (at_most(None, Decimal(7)), at_most(Decimal(5), Decimal(7)), at_most(Decimal(9), Decimal(7))) == (7, 5, 7)


def owed_from(begin):
    """A unit of one day, owed from `begin` on, in plain time."""
    return lambda k: begin + k * DAY


def test_units_fall_into_the_month_in_which_each_begins(term):
    # from 30 September 12:00: one in September, 31 in October, 8 of 40 in November
    assert list(by_months(40, owed_from(at("2026-09-30 12:00")), term)) == [
        ("2026-09", 1),
        ("2026-10", 32),
        ("2026-11", 40),
    ]


def test_a_unit_that_begins_with_a_month_is_that_month_s(term):
    assert list(by_months(2, owed_from(at("2026-09-30 00:00")), term)) == [("2026-09", 1), ("2026-10", 2)]


def test_what_comes_after_the_term_is_its_last_month_s(term):
    assert list(by_months(100, owed_from(at("2026-12-30 00:00")), term)) == [("2026-12", 100)]


def test_no_unit_is_no_month(term):
    assert list(by_months(0, owed_from(at("2026-10-01 00:00")), term)) == []


def test_working_time_that_never_comes_owes_at_the_beginning(term):
    assert list(by_months(3, lambda _k: None, term)) == [("2026-09", 3)]


@given(st.integers(1, 200), st.integers(0, 120))
def test_no_unit_is_counted_twice_and_none_is_lost(analysis, term, units, day):
    begin = at("2026-09-01 00:00") + day * DAY
    found = list(by_months(units, owed_from(begin), term))
    assert found[-1][1] == units
    assert all(before < after for before, after in pairwise(found))
    for (_, before), (month, upto) in pairwise([("", 0), *found]):
        last = analysis.months[-1]
        assert all(month in (last, analysis.month_of(begin + k * DAY)) for k in range(before, upto))


def test_the_cap_of_one_case_is_used_up_month_by_month():
    # 3 × 10, then 5 × 10 of which 25 are left, then nothing
    months = iter([("2026-09", 3), ("2026-10", 8), ("2026-11", 9)])
    assert list(shared_out(months, Decimal(10), Decimal(55))) == [
        ("2026-09", Decimal(30)),
        ("2026-10", Decimal(25)),
        ("2026-11", Decimal(0)),
    ]


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=6),
    st.decimals(0, 1000, places=2),
    st.none() | st.decimals(0, 5000, places=2),
)
def test_the_months_together_owe_what_one_month_would_have_owed(counts, amount, cap):
    running = [sum(counts[: n + 1]) for n in range(len(counts))]
    months = [(f"2026-{n + 1:02d}", upto) for n, upto in enumerate(running)]
    shared = [each for _, each in shared_out(iter(months), amount, cap)]
    assert sum(shared) == at_most(cap, running[-1] * amount)
    assert all(each >= 0 for each in shared)


def late(analysis, elapsed):
    """A case of the asset `a` from 30 September 12:00 on, whose limit is 4 h."""
    return Overtime(analysis.plain_work(CLAUSE), at("2026-09-30 12:00"), 4 * HOUR, elapsed)


def test_the_units_that_are_shown_are_those_that_are_charged(analysis, term):
    case, rule = late(analysis, 15 * HOUR), OvertimeLoss(per_started=HOUR, amount=Decimal(10))
    assert (case.over, case.units(HOUR)) == (11 * HOUR, 11)
    shown = [term.month_of(case.owed_at(k, HOUR)) for k in range(case.units(HOUR))]
    assert [case.beyond(k, HOUR) for k in (0, 1)] == [4 * HOUR, 5 * HOUR]
    charged = case.losses(rule, "2026-09", term)
    assert charged == {month: 10 * shown.count(month) for month in ("2026-09", "2026-10")}


def test_what_is_charged_once_is_charged_in_the_month_of_decision(analysis, term):
    case = late(analysis, 15 * HOUR)
    assert case.losses(OvertimeLoss(per_breach=Decimal(70)), "2026-10", term) == {"2026-10": 70}
    assert case.losses(OvertimeLoss(per_breach=Decimal(70), cap_each=Decimal(50)), "2026-10", term) == {"2026-10": 50}
    assert case.losses(None, "2026-10", term) == {}


def test_what_was_in_time_is_over_by_nothing(analysis):
    assert (late(analysis, 3 * HOUR).over, late(analysis, 3 * HOUR).units(HOUR)) == (0, 0)
