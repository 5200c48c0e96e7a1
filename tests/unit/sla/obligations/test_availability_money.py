"""What a breached availability clause costs (SPEC §6): one day of a camera or two, looked at every minute."""

from __future__ import annotations

from decimal import Decimal

from tests.support.camera_day import CAMERA, HOUR_DOWN, ONE_DOWN, TODAY, TWO
from tests.support.timelines import (
    availability,
    contract,
    result,
)

# -- deductions ---------------------------------------------------------------------------------


def deducted(said: str, clause, **pieces) -> Decimal:
    return result(contract(clause, **(TODAY | pieces)), said).deduction


def test_each_started_step_below_the_target_costs_its_amount():
    # customer: 1379/1440 = 95.764 %; 98 − 95.764 = 2.236 %: 23 started steps of 0.1 %
    clause = availability(deduct={"per": "0.1%", "amount": "200"})
    assert deducted(CAMERA + HOUR_DOWN, clause, doubt="customer") == Decimal("4600.00")


def test_a_step_reached_exactly_is_not_yet_the_next_one():
    # 50 % below 75 %: 25 steps of 1 % exactly
    said = CAMERA + "cam/icmp 10-01 00:00 ok 12:00 fail 24:00"
    assert deducted(said, availability("75%", deduct={"per": "1%", "amount": "1"})) == Decimal("25.00")


def test_the_cap_bounds_the_deduction():
    clause = availability(deduct={"per": "0.1%", "amount": "200", "cap": "500"})
    assert deducted(CAMERA + HOUR_DOWN, clause) == Decimal("500.00")


def test_measured_each_items_are_summed_before_the_cap():
    both = TWO + "cam-1/icmp 10-01 00:00 ok 12:00 fail 24:00\ncam-2/icmp 10-01 00:00 ok 12:00 fail 24:00"
    each = {"per": "10%", "amount": "10"}  # 98 − 50 = 48 %: 5 steps an item
    assert deducted(both, availability(measure="each", deduct=each)) == Decimal("100.00")
    assert deducted(both, availability(measure="each", deduct=each | {"cap": "70"})) == Decimal("70.00")


def test_measured_each_an_amount_for_each_breached_item_may_stand_instead():
    clause = availability(measure="each", deduct={"amount_each": "50"})
    assert deducted(ONE_DOWN, clause) == Decimal("50.00")


def test_what_is_met_or_cannot_be_assessed_costs_nothing():
    clause = availability(deduct={"per": "0.1%", "amount": "200"})
    assert deducted(CAMERA + "cam/icmp 10-01 00:00 ok 24:00", clause) == 0
    assert deducted(CAMERA + "cam/icmp 10-01 00:00 ok 12:00", clause) == 0  # coverage 50 %


def test_what_was_too_little_seen_and_is_breached_whatever_happened_costs_the_least_that_can_be():
    # coverage 50 %, and even if all the rest was up: 720.5 of 1440 min (changing up to the fail at 12:00 none)
    clause = availability(deduct={"per": "1%", "amount": "1"})
    # down [00:00, 12:00): high = 50 %, 48 steps below 98 %
    assert deducted(CAMERA + "cam/icmp 10-01 00:00 fail 12:00", clause) == 48


def test_without_a_rule_a_breach_costs_nothing():
    assert deducted(ONE_DOWN, availability()) == Decimal("0.00")


def test_an_amount_is_rounded_half_up_once_for_the_whole_clause():
    both = TWO + "cam-1/icmp 10-01 00:00 ok 12:00 fail 24:00\ncam-2/icmp 10-01 00:00 ok 12:00 fail 24:00"
    # 5 steps of 0.005 each, twice: 0.05; rounded an item it would be 0.03 + 0.03
    assert deducted(both, availability(measure="each", deduct={"per": "10%", "amount": "0.005"})) == Decimal("0.05")


def test_points_are_lost_by_the_same_rule_and_never_more_than_there_are():
    clause = availability(points="20", lose={"per": "1%", "amount": "0.5"})
    found = result(contract(clause, **TODAY), ONE_DOWN)  # 98 − 75 = 23 steps of half a point
    assert found.lost == Decimal("11.5")
    greedy = availability(points="20", lose={"per": "1%", "amount": "3"})
    assert result(contract(greedy, **TODAY), ONE_DOWN).lost == Decimal(20)
