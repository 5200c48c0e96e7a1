"""What a breached repair clause costs, and in which month (SPEC §7): one camera, looked at every minute."""

from __future__ import annotations

from decimal import Decimal

from tests.support.one_camera import FOUR_HOURS, OFFICE, THREE, judge
from tests.support.timelines import repair

# -- deductions ---------------------------------------------------------------------------------


def deduction(said: str, rule: dict[str, str], limit: str = "1h", **pieces) -> Decimal:
    return judge(said, repair(limit, deduct=rule), **pieces).deduction


def test_a_breach_costs_its_amount_once():
    assert deduction(FOUR_HOURS, {"per_breach": "500"}) == Decimal("500.00")
    assert deduction(FOUR_HOURS, {"per_breach": "500"}, "4h") == Decimal("0.00")


def test_the_share_of_the_clause_does_not_spare_a_breach():
    clause = repair("1h", share="10%", deduct={"per_breach": "500"})
    found = judge(THREE, clause)
    assert (found.verdict, found.deduction) == ("met", Decimal("500.00"))


def test_each_started_unit_of_overtime_costs_its_amount():
    # customer: 240 min − 60 = 180 min over: 3 hours exactly, or 3 started units of 61 min
    rule = {"per_started": "1h", "amount": "100"}
    assert deduction(FOUR_HOURS, rule, doubt="customer") == Decimal("300.00")
    assert deduction(FOUR_HOURS, rule, "59m", doubt="customer") == Decimal("400.00")
    assert deduction(FOUR_HOURS, {"per_started": "61m", "amount": "100"}, doubt="customer") == Decimal("300.00")


def test_one_millisecond_over_starts_a_unit():
    rule = {"per_started": "1h", "amount": "100"}
    assert deduction(FOUR_HOURS, rule, "14399999ms", doubt="customer") == Decimal("100.00")


def test_a_limit_of_nothing_starts_the_first_unit_at_once():
    assert deduction(FOUR_HOURS, {"per_started": "4h", "amount": "100"}, "0s") == Decimal("100.00")


def test_cap_each_bounds_one_incident_and_cap_the_month():
    rule = {"per_started": "30m", "amount": "100"}  # vendor: 179 min over 0: 6, 2 × 59 min over: 2 each
    assert deduction(THREE, rule, "0s") == Decimal("1000.00")
    assert deduction(THREE, rule | {"cap_each": "250"}, "0s") == Decimal("650.00")
    assert deduction(THREE, rule | {"cap_each": "250", "cap": "600"}, "0s") == Decimal("600.00")


def test_cap_each_bounds_a_single_amount_too():
    assert deduction(FOUR_HOURS, {"per_breach": "500", "cap_each": "120"}) == Decimal("120.00")


OVER_THE_END = "cam/icmp 09-30 12:00 ok 20:00 fail 10-01 06:00 ok 18:00\n"
"""From 20:00 to 06:00 (customer): with a limit of 2 h, units fall due at 22:00, 23:00, 00:00 … 05:00."""
HOURLY = {"per_started": "1h", "amount": "100"}


def by_month(clause, said: str = OVER_THE_END, **pieces) -> list[Decimal]:
    return [
        judge(said, clause, month=month, doubt="customer", **pieces).deduction for month in ("2026-09", "2026-10")
    ]


def test_units_of_overtime_fall_into_the_month_in_which_they_begin():
    # units at 22:00 and 23:00 are September's, those at 00:00 to 05:00 October's: 8 in all
    assert by_month(repair("2h", deduct=HOURLY)) == [Decimal("200.00"), Decimal("600.00")]


def test_cap_each_runs_through_the_months_in_order():
    assert by_month(repair("2h", deduct=HOURLY | {"cap_each": "500"})) == [Decimal("200.00"), Decimal("300.00")]
    assert by_month(repair("2h", deduct=HOURLY | {"cap_each": "150"})) == [Decimal("150.00"), Decimal("0.00")]


def test_overtime_in_another_month_is_carried_and_not_tested_again():
    clause = repair("2h", deduct=HOURLY)
    found = judge(OVER_THE_END, clause, month="2026-10", doubt="customer")
    (item,) = found.items
    assert (item.carried, item.verdict, item.deduction) == (True, "breached", Decimal("600.00"))
    assert (found.verdict, found.value) == ("not_applicable", None)


def test_what_costs_nothing_in_another_month_is_not_carried():
    assert (
        judge(OVER_THE_END, repair("2h", deduct={"per_breach": "500"}), month="2026-10", doubt="customer").items == ()
    )
    capped = repair("2h", deduct=HOURLY | {"cap_each": "150"})
    assert judge(OVER_THE_END, capped, month="2026-10", doubt="customer").items == ()


def test_points_lost_alone_carry_nothing():
    clause = repair("2h", points="20", lose=HOURLY | {"amount": "1"})
    found = judge(OVER_THE_END, clause, month="2026-10", doubt="customer")
    assert (found.items, found.lost) == ((), 6)


def test_units_after_the_term_are_not_owed():
    # the term ends with September, after 4 h: units at 22:00 and 23:00
    found = judge(
        OVER_THE_END, repair("2h", deduct=HOURLY), month="2026-09", doubt="customer", term="2026-01-01 2026-09-30"
    )
    assert found.deduction == Decimal("200.00")


def test_a_unit_owed_at_the_last_working_instant_of_a_month_is_that_months():
    # office hours: limit 2 h from Wed 09-30 16:00 is reached at 18:00 on the 30th, the first instant of it
    said = "cam/icmp 09-30 12:00 ok 16:00 fail 10-08 09:00 ok 18:00"
    clause = repair("2h", calendar="office", deduct=HOURLY)
    assert by_month(clause, said, calendars=OFFICE) == [Decimal("100.00"), Decimal("0.00")]


def test_overtime_over_many_months_is_billed_once_in_each():
    # from 08-31 23:00: limit 1 h is reached at 09-01 00:00; units of a day from there to 11-30 24:00
    said = "cam/icmp 08-31 20:00 ok 23:00 fail 12-01 00:00 ok 12:00"
    clause = repair("1h", deduct={"per_started": "1d", "amount": "1"})
    sums = [
        judge(said, clause, month=f"2026-{month:02d}", doubt="customer").deduction for month in (8, 9, 10, 11, 12)
    ]
    assert sums == [0, 30, 31, 30, 0]


def test_a_running_outage_has_been_billed_what_it_has_cost_so_far():
    # at 10-01 01:00 units of 22:00, 23:00 and 00:00 are owed; that of 01:00 is not exceeded yet
    early = [
        judge(OVER_THE_END, repair("2h", deduct=HOURLY), month=month, doubt="customer", as_of="10-01 01:00").deduction
        for month in ("2026-09", "2026-10")
    ]
    assert early == [Decimal("200.00"), Decimal("100.00")]


def test_points_are_lost_by_the_same_rule_and_never_more_than_there_are():
    clause = repair("1h", points="10", lose={"per_breach": "4", "cap": "3"})
    assert judge(FOUR_HOURS, clause).lost == 3
    greedy = repair("1h", points="10", lose={"per_breach": "40"})
    assert judge(FOUR_HOURS, greedy).lost == 10
