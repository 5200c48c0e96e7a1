"""Score and payment (SPEC §9): what points come to, what is payable."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.judge.payment import month_result, score
from sla.obligations.result import ObligationResult, Stake
from tests.support.timelines import availability, contract

BANDS = (("90", "优", "100%"), ("60", "中", "80%"))


def result(points="100", lost="0", verdict="met", *, deduction="0.00", least=None, most=None):
    own = Stake(Decimal(deduction), Decimal(lost))
    return ObligationResult(
        obligation=availability("98%", **({"points": points} if points else {})),
        verdict=verdict,
        certain=True,
        value=None,
        deduction=Decimal(deduction),
        lost=Decimal(lost),
        least=Stake(*map(Decimal, least)) if least else own,
        most=Stake(*map(Decimal, most)) if most else own,
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
        what, "2026-01", (result("100", "30", "breached", deduction="100.00"), result(None, deduction="50.05"))
    )
    # 70 points: 80 % of 1000
    assert (found.fee, found.earned) == (Decimal("1000.00"), Decimal("800.00"))
    assert (found.deductions, found.payable) == (Decimal("150.05"), Decimal("649.95"))


def test_the_cap_is_a_share_of_the_fee_and_not_of_what_is_earned():
    what = of(total="3000.00", cap="10%", bands=BANDS)
    found = month_result(what, "2026-01", (result("100", "30", "breached", deduction="400.00"),))
    assert (found.deductions, found.payable) == (Decimal("100.00"), Decimal("700.00"))


def test_nobody_pays_to_be_served():
    found = month_result(of(total="3000.00"), "2026-01", (result(deduction="1000.01"),))
    assert (found.deductions, found.payable) == (Decimal("1000.01"), 0)


def test_a_score_changes_nothing_without_bands():
    found = month_result(of(total="3000.00"), "2026-01", (result("100", "90", "breached"),))
    assert (found.score.points, found.earned) == (Decimal("10.00"), Decimal("1000.00"))


def bounds(*results, **keys):
    found = month_result(of(total="3000.00", **keys), "2026-01", results)
    return found.low, found.payable, found.high


def test_without_a_doubt_there_is_no_range():
    assert bounds(result(None, deduction="100.00")) == (900, 900, 900)


def test_the_range_takes_the_least_and_the_most_of_each_obligation():
    found = result(None, deduction="100.00", least=("40.00", "0"), most=("300.00", "0"))
    assert bounds(found, found) == (400, 800, 920)


def test_the_range_is_capped_as_the_month_is():
    found = result(None, deduction="100.00", least=("40.00", "0"), most=("300.00", "0"))
    assert bounds(found, found, cap="25%") == (750, 800, 920)


def test_a_band_can_be_reached_or_missed_in_the_range():
    # 85 points: 80 %; with 95 all of it, with 55 below every band all of it too
    low, payable, high = bounds(result("100", "15", "breached", least=("0", "5"), most=("0", "30")), bands=BANDS)
    assert (low, payable, high) == (800, 800, 1000)


def test_what_cannot_be_assessed_is_scored_in_the_range_only():
    # 60 of 60 points: all of it. With the other 40 lost 60 of 100: 80 %
    blind = result("40", "0", "not_assessable", least=("0", "0"), most=("0", "40"))
    assert bounds(result("60"), blind, bands=BANDS) == (800, 1000, 1000)


def test_what_does_not_apply_is_not_scored_in_the_range_either():
    gone = result("40", "0", "not_applicable", least=("0", "0"), most=("0", "40"))
    assert bounds(result("60"), gone, bands=BANDS) == (1000, 1000, 1000)


def test_neither_bound_leaves_payable_out():
    # below every band all is earned: the most that can be lost may earn more than what was
    odd = result("100", "35", "breached", least=("0", "20"), most=("0", "90"))
    low, payable, high = bounds(odd, bands=BANDS)
    assert (low, payable, high) == (800, 800, 800)


def test_the_range_ends_at_nothing():
    assert bounds(result(None, deduction="500.00", most=("5000.00", "0"))) == (0, 500, 500)
