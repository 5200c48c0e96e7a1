"""Inspection clauses (SPEC §8): two servers in scope, rounds of plan I1."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.timelines import at, calendar, contract, inspection, result

SERVERS = """
asset s1 server
asset s2 server
asset cam camera
check s1/icmp 60s
check s2/icmp 60s
"""
IN_SCOPE = {"kind": "server"}
OFFICE = {"office": calendar("08:00-18:00", "workdays", "CN")}
DAY_1 = {"term": "2026-10-09 2026-10-09"}
"""A Friday between the national holidays and the make-up Saturday."""


def rounds(said: str, clause=None, *, as_of: str | None = None, month: str = "2026-10", **pieces):
    pieces = {"calendars": OFFICE} | DAY_1 | pieces
    return result(contract(clause or inspection(scope=IN_SCOPE), **pieces), SERVERS + said, month, as_of)


def verdicts(found):
    return [item.verdict for item in found.items]


# -- what a period comes to ---------------------------------------------------------------------


def test_without_any_round_a_day_is_missed():
    found = rounds("")
    assert verdicts(found) == ["missed"]
    assert (found.verdict, found.value, found.certain) == ("breached", 0, True)


def test_a_round_over_all_assets_makes_the_day_done():
    found = rounds("inspection i1 I1 s1,s2 10-09 09:00")
    assert verdicts(found) == ["done"]
    assert (found.verdict, found.value) == ("met", 1)
    assert (found.items[0].covered, found.items[0].required) == (2, 2)


def test_several_rounds_of_a_period_add_up():
    assert verdicts(rounds("inspection i1 I1 s1 10-09 09:00\ninspection i2 I1 s2 10-09 23:59:59.999")) == ["done"]


def test_a_round_of_another_plan_covers_nothing():
    assert verdicts(rounds("inspection i1 I2 s1,s2 10-09 09:00")) == ["missed"]


def test_assets_out_of_scope_are_not_required_and_do_not_count():
    found = rounds("inspection i1 I1 s1,cam 10-09 09:00")
    assert (found.items[0].covered, found.items[0].required) == (1, 2)


def test_a_round_at_the_first_instant_counts_and_one_at_the_end_is_late():
    assert verdicts(rounds("inspection i1 I1 s1,s2 10-09 00:00")) == ["done"]
    clause = inspection(scope=IN_SCOPE, grace="1h")
    assert verdicts(rounds("inspection i1 I1 s1,s2 10-10 00:00", clause)) == ["late"]


def test_a_round_before_the_period_does_not_count():
    assert verdicts(rounds("inspection i1 I1 s1,s2 10-08 23:59:59.999")) == ["missed"]


def test_grace_ends_before_its_last_instant():
    clause = inspection(scope=IN_SCOPE, grace="12h")
    assert verdicts(rounds("inspection i1 I1 s1,s2 10-10 11:59:59.999", clause)) == ["late"]
    assert verdicts(rounds("inspection i1 I1 s1,s2 10-10 12:00", clause)) == ["missed"]


def test_what_was_covered_in_time_counts_towards_late_too():
    clause = inspection(scope=IN_SCOPE, grace="12h")
    found = rounds("inspection i1 I1 s1 10-09 09:00\ninspection i2 I1 s2 10-10 09:00", clause)
    assert (verdicts(found), found.items[0].covered) == (["late"], 2)


def test_coverage_reached_exactly_is_enough():
    half = inspection(scope=IN_SCOPE, coverage="50%")
    assert verdicts(rounds("inspection i1 I1 s1 10-09 09:00", half)) == ["done"]
    more = inspection(scope=IN_SCOPE, coverage="50.1%")
    assert verdicts(rounds("inspection i1 I1 s1 10-09 09:00", more)) == ["missed"]


def test_a_done_period_shows_what_was_covered_in_time_and_not_what_came_later():
    clause = inspection(scope=IN_SCOPE, coverage="50%", grace="12h")
    found = rounds("inspection i1 I1 s1 10-09 09:00\ninspection i2 I1 s2 10-10 09:00", clause)
    assert (verdicts(found), found.items[0].covered, found.items[0].uncovered) == (["done"], 1, ())


def test_a_period_whose_grace_is_not_over_is_pending():
    clause = inspection(scope=IN_SCOPE, grace="12h")
    assert verdicts(rounds("", clause, as_of="10-10 11:59:59.999")) == ["pending"]
    assert verdicts(rounds("", clause, as_of="10-10 12:00")) == ["missed"]


def test_a_pending_period_leaves_the_clause_not_applicable():
    found = rounds("", as_of="10-09 12:00")
    assert (found.verdict, found.value, found.certain) == ("not_applicable", None, True)


def test_a_coverage_of_nothing_is_always_done():
    assert verdicts(rounds("", inspection(scope=IN_SCOPE, coverage="0%"))) == ["done"]


def test_without_a_required_asset_nothing_applies():
    found = rounds("", inspection(scope={"kind": "link"}))
    assert (found.verdict, found.items) == ("not_applicable", ())


# -- contradictions -----------------------------------------------------------------------------

DOWN_AT_NINE = "s1/icmp 10-09 08:00 ok 08:30 fail 09:30 ok 12:00\n"


def test_a_round_that_calls_a_down_asset_ok_does_not_cover_it():
    found = rounds(DOWN_AT_NINE + "inspection i1 I1 s1,s2 10-09 09:00")
    assert (verdicts(found), found.items[0].contradicted, found.items[0].uncovered) == (["missed"], ("s1",), ("s1",))


def test_flagged_contradictions_are_listed_and_still_cover():
    clause = inspection(scope=IN_SCOPE, contradicted="flag")
    found = rounds(DOWN_AT_NINE + "inspection i1 I1 s1,s2 10-09 09:00", clause)
    assert (verdicts(found), found.items[0].contradicted) == (["done"], ("s1",))


def test_a_round_that_reports_a_fault_contradicts_nothing():
    found = rounds(DOWN_AT_NINE + "inspection i1 I1 s1,s2 10-09 09:00 fault")
    assert (verdicts(found), found.items[0].contradicted) == (["done"], ())


def test_only_the_round_that_is_contradicted_loses_the_asset():
    found = rounds(DOWN_AT_NINE + "inspection i1 I1 s1,s2 10-09 09:00\ninspection i2 I1 s1 10-09 10:00")
    assert (verdicts(found), found.items[0].contradicted) == (["done"], ("s1",))


def test_changing_or_unknown_is_no_contradiction():
    # changing [08:29, 08:30); nobody looked before 08:00
    found = rounds(DOWN_AT_NINE + "inspection i1 I1 s1 10-09 08:29:30\ninspection i2 I1 s1,s2 10-09 07:00")
    assert found.items[0].contradicted == ()


def test_a_contradiction_within_the_grace_is_listed():
    said = "s1/icmp 10-10 08:00 fail 12:00\ninspection i1 I1 s1,s2 10-10 09:00"
    found = rounds(said, inspection(scope=IN_SCOPE, grace="12h"))
    assert found.items[0].contradicted == ("s1",)


# -- which periods there are --------------------------------------------------------------------


def test_days_without_any_time_in_the_calendar_are_no_periods():
    clause = inspection(scope=IN_SCOPE, calendar="office")
    # 1 to 7 October are holidays, Saturday the 10th is worked, Sunday the 11th is not
    found = rounds("", clause, term="2026-10-01 2026-10-12")
    assert [item.begin for item in found.items] == [at(f"10-{day} 00:00") for day in ("08", "09", "10", "12")]


def test_a_day_whose_only_hours_the_clock_jumped_over_is_no_period():
    # 2026-03-08 02:00-03:00 does not exist in New York
    found = rounds(
        "",
        inspection(scope=IN_SCOPE, calendar="small"),
        month="2026-03",
        zone="America/New_York",
        term="2026-03-07 2026-03-09",
        calendars={"small": calendar("02:00-03:00")},
    )
    assert len(found.items) == 2


@pytest.mark.parametrize(("one_day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_a_day_of_changing_clocks_has_its_true_length(one_day, hours):
    found = rounds("", month=one_day[:7], zone="America/New_York", term=f"{one_day} {one_day}")
    assert found.items[0].end - found.items[0].begin == hours * 3_600_000


def test_a_week_belongs_to_the_month_that_holds_its_last_instant():
    weekly = inspection("week", scope=IN_SCOPE)
    whole = {"term": "2026-01-01 2026-12-31"}
    september, october = rounds("", weekly, month="2026-09", **whole), rounds("", weekly, **whole)
    # Monday 2026-09-28 to Sunday 2026-10-04 is October's
    assert september.items[-1].end == at("09-28 00:00")
    assert (october.items[0].begin, october.items[0].end) == (at("09-28 00:00"), at("10-05 00:00"))
    assert october.items[-1].end == at("10-26 00:00")


def test_only_periods_wholly_inside_the_term_are_due():
    # 2026-10-01 is a Thursday: the first whole week is 10-05 to 10-11
    found = rounds("", inspection("week", scope=IN_SCOPE), term="2026-10-01 2026-10-17")
    assert [(item.begin, item.end) for item in found.items] == [(at("10-05 00:00"), at("10-12 00:00"))]


def test_a_month_is_due_in_itself_and_a_quarter_in_its_last_month():
    whole = {"term": "2026-01-01 2026-12-31"}
    assert len(rounds("", inspection("month", scope=IN_SCOPE), **whole).items) == 1
    quarterly = inspection("quarter", scope=IN_SCOPE)
    assert rounds("", quarterly, month="2026-11", **whole).items == ()
    (quarter,) = rounds("", quarterly, month="2026-12", as_of="2027-01-01 00:00", **whole).items
    assert (quarter.begin, quarter.end) == (at("10-01 00:00"), at("2027-01-01 00:00"))


def test_the_29th_of_february_has_its_round():
    found = rounds("", month="2028-02", as_of="2028-03-05 00:00", term="2028-02-28 2028-03-01")
    assert [item.begin for item in found.items] == [at("2028-02-28 00:00"), at("2028-02-29 00:00")]


def test_periods_in_a_year_without_an_official_calendar_are_said_to_lean_on_it():
    clause = inspection(scope=IN_SCOPE, calendar="office")
    found = rounds("", clause, month="2027-03", as_of="2027-04-02 00:00", term="2027-03-01 2027-03-31")
    assert found.years == {2027}


def test_a_day_that_a_zone_skipped_is_no_period():
    # Samoa had no 30 December 2011
    found = rounds("", month="2011-12", zone="Pacific/Apia", term="2011-12-29 2011-12-31")
    assert len(found.items) == 2


# -- the clause and its deduction ---------------------------------------------------------------

THREE_DAYS = {"term": "2026-10-08 2026-10-10"}
MIXED = """
inspection i1 I1 s1,s2 10-08 09:00
inspection i2 I1 s1 10-09 09:00
inspection i3 I1 s2 10-10 08:00 for=2026-10-09
inspection i4 I1 s2 10-10 09:00
"""
"""The 8th is done; the 9th is late (s2 at 08:00 the day after, made good for it); the 10th is missed with s1 uncovered."""


def test_missed_and_late_periods_breach_the_clause():
    found = rounds(MIXED, inspection(scope=IN_SCOPE, grace="12h"), **THREE_DAYS)
    assert verdicts(found) == ["done", "late", "missed"]
    assert (found.verdict, found.value) == ("breached", Fraction(1, 3))


def test_each_missed_late_and_uncovered_costs_its_own():
    rule = {"per_missed": "200", "per_late": "50", "per_asset": "5"}
    clause = inspection(scope=IN_SCOPE, grace="12h", deduct=rule)
    assert rounds(MIXED, clause, **THREE_DAYS).deduction == Decimal("255.00")  # 200 + 50 + 1 × 5


def test_assets_left_by_a_late_period_cost_nothing():
    clause = inspection(scope=IN_SCOPE, coverage="50%", grace="12h", deduct={"per_asset": "5"})
    found = rounds("inspection i1 I1 s1 10-10 09:00", clause)
    assert (verdicts(found), found.items[0].uncovered, found.deduction) == (["late"], ("s2",), 0)


def test_the_cap_bounds_the_month():
    clause = inspection(scope=IN_SCOPE, deduct={"per_missed": "200", "cap": "300"})
    assert rounds("", clause, **THREE_DAYS).deduction == Decimal("300.00")


def test_without_a_rule_nothing_is_deducted_and_no_points_are_lost():
    found = rounds("", **THREE_DAYS)
    assert (found.deduction, found.lost) == (Decimal("0.00"), 0)


def test_points_are_lost_by_the_same_rule_and_never_more_than_there_are():
    clause = inspection(scope=IN_SCOPE, points="5", lose={"per_missed": "2"})
    assert rounds("", clause, **DAY_1).lost == 2
    assert rounds("", clause, **THREE_DAYS).lost == 5


def test_a_day_that_a_time_zone_skipped_asks_for_no_round():
    # Apia went from 29 to 31 December 2011 over the date line: 30 days of December, none of them the 30th
    what = contract(inspection("day"), term="2011-12-01 2011-12-31", zone="Pacific/Apia")
    found = result(what, "asset a server\nagent 2012-01-02 00:00 start", "2011-12", "2012-01-02 00:00")
    assert len(found.items) == 30
