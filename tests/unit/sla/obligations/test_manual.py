"""Manual clauses (docs/obligations.md §6): a person's score of a month, with its reason."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.clauses import HASH, clause, result, scored
from tests.support.timelines import at, contract


def found(keys, *records, month="2026-10", as_of=None, **pieces):
    return result(contract(clause("manual", **({"target": "90%"} | keys)), **pieces), "", records, month, as_of)


def test_without_a_score_it_is_not_assessable_and_never_met():
    judged = found({"points": "10"})
    assert (judged.verdict, judged.value, judged.certain, judged.lost) == ("not_assessable", None, None, 0)
    assert [(item.verdict, item.score, item.at, item.replaced) for item in judged.items] == [
        ("not_assessable", None, None, 0)
    ]


def test_a_score_exactly_at_the_target_is_met():
    judged = found({}, scored("2026-10", "90", "11-02 09:00"))
    assert (judged.verdict, judged.value, judged.certain) == ("met", Fraction(9, 10), True)
    (item,) = judged.items
    assert (item.score, item.of, item.reason, item.sha256) == (Decimal(90), Decimal(100), "理由", HASH)
    assert found({}, scored("2026-10", "89.999999", "11-02 09:00")).verdict == "breached"


def test_a_score_is_a_share_of_the_best_possible_one():
    judged = found({}, scored("2026-10", "4.5", "11-02 09:00", of="5"))
    assert (judged.verdict, judged.value) == ("met", Fraction(9, 10))


def test_the_last_score_stands_and_the_earlier_ones_are_counted():
    three = [scored("2026-10", score, f"11-0{day} 09:00") for day, score in enumerate(("95", "80", "91"), 1)]
    judged = found({}, *three)
    assert (judged.items[0].score, judged.items[0].replaced) == (Decimal(91), 2)
    assert found({}, *reversed(three)) == judged


def test_a_correction_said_after_as_of_is_not_known_yet():
    first, second = scored("2026-10", "95", "11-01 09:00"), scored("2026-10", "80", "11-02 09:00")
    assert found({}, first, second, as_of="11-02 08:59").verdict == "met"
    assert found({}, first, second, as_of="11-02 09:00").verdict == "breached"


def test_scores_of_other_months_and_plans_do_not_matter():
    others = (scored("2026-09", "95", "11-01 09:00"), scored("2026-10", "95", "11-01 09:00", plan="M2"))
    assert found({}, *others).verdict == "not_assessable"


def test_until_the_period_and_its_grace_are_over_it_is_pending():
    keys = {"grace": "10d"}
    judged = found(keys, as_of="11-10 23:59:59.999")
    assert (judged.verdict, [item.verdict for item in judged.items]) == ("not_applicable", ["pending"])
    assert found(keys, as_of="11-10 24:00").verdict == "not_assessable"


def test_a_score_given_before_the_period_is_over_counts():
    assert found({}, scored("2026-10", "95", "10-20 09:00"), as_of="10-25 00:00").verdict == "met"


def test_a_quarter_belongs_to_its_last_month():
    keys = {"every": "quarter"}
    assert found(keys, month="2026-10").verdict == "not_applicable"
    assert found(keys, month="2026-10").items == ()
    assert found(keys, scored("2026-12", "95", "12-30 09:00"), month="2026-12").verdict == "met"


def test_a_month_that_the_term_cuts_is_not_scored():
    judged = found({}, scored("2026-10", "10", "11-01 09:00"), term="2026-10-02 2026-12-31")
    assert (judged.verdict, judged.items) == ("not_applicable", ())


@pytest.mark.parametrize(
    ("score", "deduction"), [("90", "0.00"), ("89.9", "50.00"), ("89", "50.00"), ("88.9", "100.00")]
)
def test_each_started_step_below_target_costs(score, deduction):
    keys = {"deduct": {"per": "1%", "amount": "50"}, "points": "3", "lose": {"per": "1%", "amount": "2"}}
    judged = found(keys, scored("2026-10", score, "11-01 09:00"))
    assert judged.deduction == Decimal(deduction)
    assert judged.lost == min(Decimal(3), Decimal(deduction) / 25)


def test_amount_each_is_owed_once_and_caps_hold():
    low = scored("2026-10", "10", "11-01 09:00")
    assert found({"deduct": {"amount_each": "300"}}, low).deduction == Decimal("300.00")
    assert found({"deduct": {"per": "1%", "amount": "50", "cap": "120"}}, low).deduction == Decimal("120.00")


def test_29_february_ends_a_leap_february():
    judged = found({}, month="2028-02", term="2028-01-01 2028-12-31", as_of="2028-02-29 23:59")
    assert judged.items[0].verdict == "pending"
    assert at("2028-02-29 24:00") == at("2028-03-01 00:00")
    assert (
        found({}, month="2028-02", term="2028-01-01 2028-12-31", as_of="2028-03-01 00:00").verdict == "not_assessable"
    )
