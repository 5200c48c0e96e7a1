"""Money and points: half-up to the cent, once (SPEC §0, §9)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.measure.money import cents, cents_of, points_lost, share_of


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.0049", "0.00"),
        ("2.675", "2.68"),
        ("2.665", "2.67"),
        ("7", "7.00"),
        ("999999999999999.995", "1000000000000000.00"),
    ],
)
def test_half_a_cent_is_rounded_up(amount, rounded):
    assert str(cents(Decimal(amount))) == rounded
    assert str(cents_of(Fraction(amount))) == rounded


def test_a_third_is_rounded_from_its_exact_value():
    assert cents_of(Fraction(2, 3)) == Decimal("0.67")


def test_a_share_of_an_amount_is_rounded_once():
    assert share_of(Decimal("904100.00"), Fraction(1, 12)) == Decimal("75341.67")


def test_points_lost_are_at_most_what_there_are_and_none_without_any():
    assert points_lost(Decimal(20), Decimal("0.5")) == Decimal("0.5")
    assert points_lost(Decimal(20), Decimal(21)) == 20
    assert points_lost(None, Decimal(21)) == 0
