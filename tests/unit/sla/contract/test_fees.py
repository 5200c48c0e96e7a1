"""What a month of a contract costs (SPEC §5, §9): by the whole, by the month, and by its changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.contract.calendars import months_between
from sla.contract.fees import fee_change, monthly_fee
from tests.support.timelines import contract

QUARTER = {"term": "2026-01-01 2026-03-31", "fee": "1000.00"}
MONTHS = ("2026-01", "2026-02", "2026-03")


def fees(**keys):
    """What each month of the first quarter costs, as text."""
    return [str(monthly_fee(contract(**{**QUARTER, **keys}), month)) for month in MONTHS]


def test_the_last_month_takes_what_rounding_left():
    # 1000 / 3 = 333.33…
    assert fees() == ["333.33", "333.33", "333.34"]


@pytest.mark.parametrize("month", ["2025-12", "2026-04", "2027-01"])
def test_outside_the_term_there_is_no_fee(month):
    for keys in ({}, {"monthly": "500"}, {"changes": {"2025-01": "500"}}):
        assert monthly_fee(contract(**QUARTER, **keys), month) == 0


def test_a_month_that_the_term_only_touches_is_a_whole_month():
    what = contract(term="2026-01-31 2026-03-01", fee="1000.00")
    assert monthly_fee(what, "2026-01") == monthly_fee(what, "2026-02") == Decimal("333.33")


@given(
    st.decimals(0, 10**9, places=2),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 2000),
)
def test_the_months_together_are_the_whole_fee(total, first, days):
    last = date.fromordinal(first.toordinal() + days)
    what = contract(fee=str(total), term=f"{first} {last}")
    months = months_between(first, last)
    each = [monthly_fee(what, month) for month in months]
    assert sum(each) == total
    assert max(each) == each[-1]
    assert each[-1] - each[0] < Decimal("0.01") * len(months)


def test_a_monthly_fee_is_that_of_each_month_that_the_term_touches():
    assert fees(monthly="8000") == ["8000.00", "8000.00", "8000.00"]
    assert fees(monthly="8000", term="2026-01-31 2026-03-01") == ["8000.00", "8000.00", "8000.00"]


def test_a_change_holds_from_its_month_on():
    assert fees(monthly="8000.00", changes={"2026-02": "7500.5"}) == ["8000.00", "7500.50", "7500.50"]
    assert fees(monthly="8000.00", changes={"2026-02": "7500.50", "2026-03": "9000"})[1:] == ["7500.50", "9000.00"]


def test_a_change_takes_nothing_from_the_months_before_it():
    # 1000 / 3, and nobody takes the rest: the month that would have is changed
    assert fees(changes={"2026-03": "100.00"}) == ["333.33", "333.33", "100.00"]


def test_a_change_before_the_term_holds_in_all_of_it_and_one_after_it_in_none():
    assert fees(changes={"2025-06": "100.00"}) == ["100.00", "100.00", "100.00"]
    assert fees(changes={"2026-04": "100.00"}) == fees()


@given(st.permutations(["2025-11", "2026-01", "2026-02", "2026-04"]), st.sampled_from(MONTHS))
def test_the_last_change_that_has_begun_governs_in_whatever_order_they_stand(order, month):
    fee = contract(changes=dict.fromkeys(order, "1.00")).fee
    begun = [each for each in order if each <= month]
    found = fee_change(fee, month)
    assert (found.begins if found else None) == max(begun, default=None)
