"""Readings of a metric that nobody made, and what they can cost (docs/obligations.md §1, Range)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.fees import monthly_fee
from tests.support.clauses import clause, readings, result
from tests.support.timelines import MINUTE, calendar, contract

LINK = "asset link link\ncheck link/icmp 1m\n"
Q1 = {
    "metric": "rtt_ms",
    "at_most": 20,
    "percentile": 95,
    "measure": "each",
    "deduct": {"per_unit": "5", "amount": "100", "cap": "2000"},
}


def found(text, *, said=LINK, more=(), as_of="10-01 01:00", check="link/icmp", begin="10-01 00:00", month="2026-10",
          term="2026-10-01 2026-10-31", calendars=None, **keys):  # fmt: skip
    keys = {key: value for key, value in (Q1 | keys).items() if value is not None}
    what = contract(clause("quality", **keys), term=term, calendars=calendars or {})
    return result(what, said, [*readings(check, "rtt_ms", begin, "1m", text), *more], month, as_of)


def money(judged):
    return judged.deduction, judged.least.deduction, judged.most.deduction


OCTOBER = {"as_of": "11-01 00:00"}


def test_eight_hours_that_nobody_saw_may_cost_one_unit():
    text = "10*20000 -*479 10*22000 22*408 23.4 48*1752"
    judged = found(text, **OCTOBER)
    assert (judged.value, judged.items[0].readings) == (Fraction(42_000, 44_161), 44_161)
    # worst = 42,000 / 44,641 = 94.08 %; at 25 ms 42,409 / 44,641 = 95.0001 %; best = 42,480 / 44,641 = 95.16 %
    assert (judged.verdict, money(judged)) == ("met", (0, 0, Decimal("100.00")))
    text = "10*20000 -*479 10*22000 22*407 23.4 48*1753"
    assert found(text, **OCTOBER).most.deduction == Decimal("600.00")  # not enough at 25: at 50 only, beyond 48


def test_three_days_that_nobody_saw_may_cost_all():
    judged = found("10*20000 -*4319 10*20321", **OCTOBER)
    assert judged.verdict == "not_assessable"
    # worst = 40,321 / 44,641 = 90.3 % < 95 %, however far the limit is moved
    assert money(judged) == (0, 0, Decimal("2000.00"))


def test_where_nothing_is_dark_there_is_no_range():
    judged = found("10*54 33*6")
    assert money(judged) == (Decimal("300.00"),) * 3
    steps = found("10*54 33*6", percentile=None, share="95%", deduct={"per": "1%", "amount": "10"})
    assert money(steps) == (Decimal("50.00"),) * 3


def test_without_a_cap_the_fee_is_the_most_and_the_points_are():
    keys = {"deduct": {"per_unit": "5", "amount": "100"}, "points": "9", "lose": {"per_unit": "5", "amount": "1"}}
    judged = found("10*30", **keys)
    # half an hour is dark from 00:29 on: 29 readings at most are missing, 30 / (30 + 31) < 95 %
    assert judged.verdict == "not_assessable"
    assert judged.most == (monthly_fee(contract(term="2026-10-01 2026-10-31"), "2026-10"), Decimal(9))
    assert judged.least == (0, 0)


@pytest.mark.parametrize("measure", ["fleet", "each"])
def test_a_breach_that_nothing_unseen_can_mend_costs_at_least_something(measure):
    # 50 readings, 25 bad; 00:50 to 00:59 dark
    keys = {"percentile": None, "share": "95%", "measure": measure, "deduct": {"per": "10%", "amount": "10"}}
    judged = found("10*25 30*25 -*9 10", as_of="10-01 00:59", **keys)
    assert judged.verdict == "not_assessable"
    # the coverage is at best 49/59: all of the dark may be out of available time, and then 49/49 is covered
    assert judged.least.deduction == 0
    wide = found("10*25 30*25 -*4 10*30", as_of="10-01 01:24", **keys)
    # N = 5, value 55/80 = 68.75 %, best = 60/85 = 70.6 %, worst = 55/85 = 64.7 %
    assert (wide.verdict, wide.deduction, wide.most.deduction) == ("not_assessable", 0, Decimal("40.00"))


def test_readings_in_the_dark_of_another_check_that_counts_are_not_sure():
    port = "check link/port 1m\nlink/port 10-01 00:00 ok 00:20 gap 00:40 ok 01:00\n"
    keys = {"checks": ["icmp"], "percentile": None, "share": "60%", "deduct": {"per": "10%", "amount": "10"}}
    judged = found("10*21 30*19 10*20", said=LINK + port, **keys)
    # the bad ones all lie in the dark of the port: the link may have been down then
    assert judged.verdict == "met"
    assert money(judged) == (0, 0, 0)
    bad = found("30*20 10*20 10*20", said=LINK + port, **keys)
    # worst: only the 20 sure ones are left, and 20 sure good ones: 21/41 … 51 % of 60 %
    assert (bad.deduction, bad.most.deduction) == (0, Decimal("10.00"))
    silent = found("30*20 10*20 10*20", said=LINK + port.replace("1m\n", "1m counts=no\n"), **keys)
    assert money(silent) == (0, 0, 0)


def test_a_check_that_never_carries_the_metric_is_not_missed():
    http = "check link/http 1m counts=no\nlink/http 10-01 00:00 ok 00:10\n"
    assert money(found("10*60", said=LINK + http, share=None)) == (0, 0, 0)


def test_a_check_that_nobody_ever_read_may_have_said_anything():
    judged = found("", share=None)
    assert (judged.verdict, money(judged)) == ("not_assessable", (0, 0, Decimal("2000.00")))


def test_where_it_may_drop_out_all_points_may_be_lost():
    keys = {"points": "5", "lose": {"per_unit": "5", "amount": "1"}, "percentile": 1}
    judged = found("10*60 -*60 10*60", as_of="10-01 03:00", **keys)
    assert (judged.verdict, judged.most.lost) == ("not_assessable", 0)
    blind = found("", **keys)
    assert (blind.verdict, blind.most.lost) == ("not_assessable", Decimal(5))


def test_a_limit_that_the_interval_of_that_time_sets_is_kept_to():
    # from 00:30 on one reading in ten minutes: 29 minutes without one are no dark time then, and G is 30 minutes
    said = "asset link link\ncheck link/icmp 1m\ncheck link/icmp 10m from=2026-10-01T00:30\n"
    judged = found("10*31 -*28 10", said=said, as_of="10-01 00:59")
    assert (judged.coverage or judged.items[0].coverage) == 1
    # and what was made before it with a hole of ten minutes is not covered there
    early = found("10*5 -*10 10*45", said=said, as_of="10-01 01:00")
    assert (
        early.items[0].covered == early.items[0].available - 11 * MINUTE - MINUTE + 0 or early.items[0].coverage < 1
    )


def test_service_and_scope_bound_the_time_that_is_asked_about():
    moved = "asset link camera\nasset link link from=2026-10-01T00:20\nasset link link from=2026-10-01T00:40 to=2026-10-01T00:50\n"
    judged = found("30*20 10*30 30*10", said=moved + "check link/icmp 1m\n", scope={"kind": "link"})
    assert (judged.items[0].readings, judged.items[0].available) == (30, 30 * MINUTE)
    assert money(judged) == (0, 0, 0)


def test_a_month_before_the_first_look_is_asked_by_its_calendar_only():
    morning = {"morning": calendar("00:10-00:20")}
    judged = found("10*10 -*10 10*40", calendar="morning", calendars=morning)
    assert judged.items[0].available == 10 * MINUTE
    assert judged.most.deduction == Decimal("2000.00")
