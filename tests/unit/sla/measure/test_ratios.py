"""What a promised share costs where it is missed (SPEC section 6)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.losses import ShortfallLoss
from sla.measure.charges import together
from sla.measure.ratios import RatioBounds, shortfall_charges, started_steps
from sla.obligations.quality import QualityItem


def figures(verdict: str, value: str | None) -> RatioBounds:
    return RatioBounds(verdict, None if value is None else Fraction(value), None, None, None, None)


def loss(rule, target, tested):
    return together(shortfall_charges(rule, target, [("", each) for each in tested]), rule)


STEPS = ShortfallLoss(per=Fraction(1, 1000), amount=Decimal(200))


@pytest.mark.parametrize(
    ("value", "steps"),
    [("0.98", 0), ("0.9799999", 1), ("0.979", 1), ("0.9789999", 2), ("0.97", 10)],
)
def test_a_step_is_owed_as_soon_as_it_has_begun(value, steps):
    assert started_steps(Fraction("0.98"), Fraction(value), Fraction(1, 1000)) == steps
    assert loss(STEPS, Fraction("0.98"), [figures("breached", value)]) == 200 * steps


@pytest.mark.parametrize("verdict", ["met", "not_assessable", "not_applicable"])
def test_only_what_is_breached_costs(verdict):
    assert loss(STEPS, Fraction("0.98"), [figures(verdict, "0.5")]) == 0


def test_what_each_breached_item_costs_is_added_and_then_capped():
    tested = [figures("breached", "0.979"), figures("breached", "0.978"), figures("met", "1")]
    assert loss(STEPS, Fraction("0.98"), tested) == 600
    capped = ShortfallLoss(per=Fraction(1, 1000), amount=Decimal(200), cap=Decimal(500))
    assert loss(capped, Fraction("0.98"), tested) == 500
    assert loss(ShortfallLoss(amount_each=Decimal(50)), Fraction("0.98"), tested) == 100


def test_without_a_rule_or_with_one_that_names_nothing_nothing_is_owed():
    assert loss(None, Fraction("0.98"), [figures("breached", "0.5")]) == 0
    assert loss(ShortfallLoss(), Fraction("0.98"), [figures("breached", "0.5")]) == 0


def test_a_quality_item_is_summed_up_by_its_readings():
    item = QualityItem(
        asset="link",
        verdict="met",
        certain=True,
        value=Fraction(1),
        low=None,
        high=None,
        coverage=None,
        measured=None,
        worst=None,
        readings=60,
        within=57,
        available=1,
        covered=1,
    )
    assert (item.name, item.summary) == ("link", "met 57/60")
