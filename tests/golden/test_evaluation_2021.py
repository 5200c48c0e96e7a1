"""The numbers of the 2021 evaluation that this domain's users know, by the measure's own arithmetic."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from config.text.figures import percent
from sla.contract.calendars import months_between
from sla.contract.fees import monthly_fee
from sla.judge.payment import score
from sla.obligations.result import ObligationResult, Stake
from sla.reports.text.chinese_money import in_characters
from tests.support.timelines import availability, contract

FREE = Stake(Decimal("0.00"), Decimal(0))
BLOCKS = {"决策": "12", "过程": "19", "产出": "39.38", "效益": "11", "满意度": "9.4"}
BANDS = [("90", "优", "100%"), ("80", "良", "95%")]


def test_29220_of_33385_cases_in_time_are_87_52_percent():
    # 29220 ÷ 33385 = 0.875243…; to the nearest hundredth of a percent
    assert percent(Fraction(29220, 33385)) == "87.52%"
    assert 33385 - 29220 == 4165


def test_33385_of_33385_cases_are_100_percent():
    assert percent(Fraction(33385, 33385)) == "100.00%"
    assert percent(Fraction(33384, 33385)) == "99.99%"  # what is not all is not told as all


def test_the_five_blocks_are_90_78_of_100_points_and_the_grade_is_excellent():
    # 12 + 19 + 39.38 + 11 + 9.4 = 90.78, so 9.22 of 100 points were lost
    assert sum(map(Decimal, BLOCKS.values())) == Decimal("90.78")
    clause = availability("95%", points="100")
    lost = Decimal(100) - Decimal("90.78")
    result = ObligationResult(
        obligation=clause,
        verdict="breached",
        certain=True,
        value=None,
        deduction=Decimal("0.00"),
        lost=lost,
        least=FREE,
        most=FREE,
        items=(),
    )
    found = score(contract(clause, bands=BANDS), [result])
    assert (found.points, found.grade, found.pay) == (Decimal("90.78"), "优", 1)


@pytest.mark.parametrize(("lost", "grade"), [("10.00", "优"), ("10.004", "优"), ("10.01", "良")])
def test_the_grade_goes_by_the_rounded_score(lost, grade):
    clause = availability("95%", points="100")
    result = ObligationResult(
        obligation=clause,
        verdict="breached",
        certain=True,
        value=None,
        deduction=Decimal(0),
        lost=Decimal(lost),
        least=FREE,
        most=FREE,
        items=(),
    )
    assert score(contract(clause, bands=BANDS), [result]).grade == grade


def test_904100_yuan_in_characters():
    assert in_characters(Decimal("904100.00")) == "玖拾万肆仟壹佰元整"


def test_904100_yuan_in_twelve_months_lose_no_cent():
    # 904100 ÷ 12 = 75341.666…: eleven months of 75341.66 are 828758.26, the last takes 75341.74
    what = contract(term="2021-01-01 2021-12-31", fee="904100.00")
    months = months_between(what.term.first, what.term.last)
    fees = [monthly_fee(what, month) for month in months]
    assert fees == [Decimal("75341.66")] * 11 + [Decimal("75341.74")]
    assert sum(fees) == Decimal("904100.00")
