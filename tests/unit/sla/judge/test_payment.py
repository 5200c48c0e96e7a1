"""Score and payment (SPEC §9): what points come to, what is payable."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.evidence.records import Settled
from sla.judge.payment import month_result, score, standing_settlements
from sla.obligations.result import ObligationResult
from tests.support.timelines import availability, contract

BANDS = (("90", "优", "100%"), ("60", "中", "80%"))


def result(points="100", lost="0", verdict="met", deduction="0.00"):
    return ObligationResult(
        obligation=availability("98%", **({"points": points} if points else {})),
        verdict=verdict,
        certain=True,
        value=None,
        deduction=Decimal(deduction),
        lost=Decimal(lost),
        items=(),
    )


def of(total="1000.00", term="2026-01-01 2026-03-31", cap=None, bands=()):
    return contract(term=term, fee=total, deduction_cap=cap, bands=bands)


def test_points_of_what_cannot_be_judged_do_not_count():
    # 100 × (60 − 15) / 60
    found = score(of(), [result("60", "15", "breached"), result("40", "40", "not_assessable")])
    assert (found.points, found.grade, found.pay) == (Decimal("75.00"), None, 1)


def test_without_points_or_without_a_judged_obligation_there_is_no_score():
    assert score(of(), [result(None)]) is None
    assert score(of(), [result("50", verdict="not_applicable")]) is None
    assert score(of(), []) is None


@pytest.mark.parametrize(
    ("lost", "points", "grade", "pay"),
    [
        ("10", "90.00", "优", 1),
        ("10.004", "90.00", "优", 1),  # 89.996 is rounded half-up first
        ("10.01", "89.99", "中", Fraction(8, 10)),
        ("40", "60.00", "中", Fraction(8, 10)),
        ("40.01", "59.99", None, 1),  # below every band the whole fee is earned
        ("100", "0.00", None, 1),
    ],
)
def test_the_highest_band_that_is_reached_gives_grade_and_share(lost, points, grade, pay):
    found = score(of(bands=BANDS), [result("100", lost, "breached")])
    assert (found.points, found.grade, found.pay) == (Decimal(points), grade, pay)


def test_what_is_payable_is_what_is_earned_less_what_is_deducted():
    what = of(total="3000.00", bands=BANDS)
    found = month_result(
        what, "2026-01", (result("100", "30", "breached", "100.00"), result(None, deduction="50.05"))
    )
    # 70 points: 80 % of 1000
    assert (found.fee, found.earned) == (Decimal("1000.00"), Decimal("800.00"))
    assert (found.deductions, found.payable) == (Decimal("150.05"), Decimal("649.95"))


def test_the_cap_is_a_share_of_the_fee_and_not_of_what_is_earned():
    what = of(total="3000.00", cap="10%", bands=BANDS)
    found = month_result(what, "2026-01", (result("100", "30", "breached", "400.00"),))
    assert (found.deductions, found.payable) == (Decimal("100.00"), Decimal("700.00"))


def test_nobody_pays_to_be_served():
    found = month_result(of(total="3000.00"), "2026-01", (result(deduction="1000.01"),))
    assert (found.deductions, found.payable) == (Decimal("1000.01"), 0)


def test_a_score_changes_nothing_without_bands():
    found = month_result(of(total="3000.00"), "2026-01", (result("100", "90", "breached"),))
    assert (found.score.points, found.earned) == (Decimal("10.00"), Decimal("1000.00"))


def settled(month, when):
    return Settled(month=month, payable=Decimal(1), adjustment=Decimal(0), at=when)


def test_the_last_settlement_of_each_earlier_month_stands_by_month():
    found = [settled("2026-02", 5), settled("2026-01", 9), settled("2026-01", 3), settled("2026-03", 1)]
    assert standing_settlements(found, "2026-03") == (found[1], found[0])
    assert standing_settlements(found, "2026-01") == ()
