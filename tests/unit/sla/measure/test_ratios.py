"""What a promised share costs where it is missed (SPEC section 6)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.losses import ShortfallLoss
from sla.contract.model import Measurement
from sla.measure.charges import together
from sla.measure.ratios import Times, bounds_of, shortfall_charges, started_steps
from sla.obligations.quality import QualityItem


def loss(rule, target, *shares):
    found = [(f"cam-{n}", None if each is None else Fraction(each)) for n, each in enumerate(shares)]
    return together(shortfall_charges(rule, target, found), rule)


STEPS = ShortfallLoss(per=Fraction(1, 1000), amount=Decimal(200))


@pytest.mark.parametrize(
    ("value", "steps"),
    [("0.98", 0), ("0.9799999", 1), ("0.979", 1), ("0.9789999", 2), ("0.97", 10)],
)
def test_a_step_is_owed_as_soon_as_it_has_begun(value, steps):
    assert started_steps(Fraction("0.98"), Fraction(value), Fraction(1, 1000)) == steps
    assert loss(STEPS, Fraction("0.98"), value) == 200 * steps


def test_what_has_no_share_costs_nothing():
    assert loss(STEPS, Fraction("0.98"), None) == 0


def test_what_each_breached_item_costs_is_added_and_then_capped():
    tested = ("0.979", "0.978", "1")
    assert loss(STEPS, Fraction("0.98"), *tested) == 600
    capped = ShortfallLoss(per=Fraction(1, 1000), amount=Decimal(200), cap=Decimal(500))
    assert loss(capped, Fraction("0.98"), *tested) == 500
    assert loss(ShortfallLoss(amount_each=Decimal(50)), Fraction("0.98"), *tested) == 100


def test_without_a_rule_or_with_one_that_names_nothing_nothing_is_owed():
    assert loss(None, Fraction("0.98"), "0.5") == 0
    assert loss(ShortfallLoss(), Fraction("0.98"), "0.5") == 0


RULES = Measurement(min_coverage=Fraction(95, 100))


@pytest.mark.parametrize(
    ("times", "verdict", "charged"),
    [
        # 80 of 100 seen: met if even 20 more down leave the target, breached if even 20 more up miss it
        (Times(80, 0, 0, 20), "met", 1),
        (Times(50, 30, 0, 20), "breached", Fraction(70, 100)),
        (Times(70, 10, 0, 20), "not_assessable", Fraction(90, 100)),
        (Times(0, 0, 0, 20), "not_assessable", 1),
        # 96 of 100 seen is enough to say: 60 / 96
        (Times(60, 36, 0, 4), "breached", Fraction(60, 96)),
    ],
)
def test_what_too_little_was_seen_of_is_judged_only_where_it_is_certain(times, verdict, charged):
    found = bounds_of(times, Fraction(80, 100), RULES)
    assert (found.verdict, found.charged) == (verdict, charged)


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
