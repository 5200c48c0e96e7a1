"""Quality clauses (docs/obligations.md §1): a metric against a limit, in available time only.

One reading a minute from 10-01 00:00 to 00:59 unless a test says otherwise, and as_of 01:00: A = 60 minutes, of which the
last is not followed by a reading, so coverage is 59/60 (98.3 %).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.obligations.quality import exact
from tests.support.clauses import clause, readings, result
from tests.support.timelines import MINUTE, at, calendar, contract

LINK = "asset link link\ncheck link/icmp 1m\n"
HOUR_1 = {"as_of": "10-01 01:00", "term": "2026-10-01 2026-10-31"}


def found(
    keys, text, *, said="", more=(), metric="rtt_ms", check="link/icmp", begin="10-01 00:00", step="1m", **pieces
):
    pieces = HOUR_1 | pieces
    month, as_of = pieces.pop("month", "2026-10"), pieces.pop("as_of")
    keys = {"metric": metric, "at_most": 20, "share": "95%"} | keys
    keys = {key: value for key, value in keys.items() if value is not None}
    records = [*readings(check, metric, begin, step, text), *more]
    return result(contract(clause("quality", **keys), **pieces), LINK + said, records, month, as_of)


def told(judged, number=0):
    item = judged.items[number]
    return item.verdict, item.within, item.readings


# -- limits, shares, percentiles ------------------------------------------------------------------


def test_nobody_looked_is_not_assessable():
    judged = found({}, "")
    assert (judged.verdict, judged.value, judged.low, judged.high, judged.coverage) == (
        "not_assessable",
        None,
        0,
        1,
        0,
    )
    assert (judged.certain, judged.items[0].worst, judged.items[0].measured) == (False, None, None)


def test_without_an_asset_in_scope_nothing_applies():
    judged = found({"scope": {"kind": "camera"}}, "10*60")
    assert (judged.verdict, judged.value, judged.certain, judged.items) == ("not_applicable", None, None, ())


def test_a_value_exactly_at_the_limit_is_within_it():
    assert told(found({}, "20*57 20.001*3")) == ("met", 57, 60)  # 57/60 = 95 %
    assert told(found({}, "20*56 20.001*4")) == ("breached", 56, 60)
    assert told(found({"at_most": None, "at_least": 20}, "20*57 19.999*3")) == ("met", 57, 60)
    assert told(found({"at_most": None, "at_least": 20}, "20*56 19.999*4")) == ("breached", 56, 60)


def test_decimals_are_compared_as_they_are_written():
    # 0.1 + 0.2 is 0.30000000000000004 as a double; 0.3 is not that
    assert told(found({"at_most": Decimal("0.3"), "share": "100%"}, "0.3*60"))[0] == "met"
    assert told(found({"at_most": Decimal("0.3"), "share": "100%"}, "0.30000000000000004*60"))[0] == "breached"


def test_bounds_take_the_unseen_minute_for_all_bad_and_for_all_good():
    judged = found({}, "10*54 30*6")
    value, coverage = Fraction(9, 10), Fraction(59, 60)
    assert (judged.value, judged.coverage) == (value, coverage)
    assert (judged.low, judged.high) == (value * coverage, 1 - (1 - value) * coverage)
    assert (judged.verdict, judged.certain) == ("breached", True)
    assert found({"share": "90%"}, "10*54 30*6").certain is False  # 88.5 % … 90.2 %


def test_the_percentile_is_the_reading_of_that_rank_counted_from_the_best():
    # 1 … 60: rank ⌈0.95 × 60⌉ = 57
    text = " ".join(str(n) for n in range(1, 61))
    keys = {"share": None, "percentile": 95, "at_most": 57}
    judged = found(keys, text)
    assert (judged.verdict, judged.measured, judged.value) == ("met", 57, Fraction(57, 60))
    assert (judged.items[0].measured, judged.items[0].worst) == (57, 60)
    assert found(keys | {"at_most": 56}, text).verdict == "breached"
    margin = {"share": None, "percentile": 95, "at_most": None, "at_least": 4}
    judged = found(margin, text)  # from the best: 60, 59, …; the 57th is 4
    assert (judged.verdict, judged.measured, judged.items[0].worst) == ("met", 4, 1)


@pytest.mark.parametrize("percent", [Decimal("0.1"), 50, 95, Decimal("99.9"), 100])
def test_percentile_and_share_give_the_same_verdict(percent):
    text = "10*31 19.5 20 20.5*27"
    one = found({"share": None, "percentile": percent}, text)
    other = found({"share": f"{percent}%"}, text)
    assert (one.verdict, one.value, one.certain) == (other.verdict, other.value, other.certain)
    assert (one.measured <= 20) == (one.verdict == "met")
    assert other.measured is None


def test_an_offset_counts_without_its_sign_if_the_clause_says_so():
    text = "-30*6 5*54"
    assert told(found({"absolute": True}, text)) == ("breached", 54, 60)
    assert found({"absolute": True}, text).items[0].worst == 30
    assert told(found({}, text)) == ("met", 60, 60)


# -- available time only --------------------------------------------------------------------------


def test_readings_of_a_down_asset_are_left_to_availability():
    judged = found({}, "10*30 fail:99*10 10*20")
    assert told(judged) == ("met", 50, 50)
    # A: 60 minutes less the closed stretch of the ten fails, 9 minutes and its last millisecond
    assert judged.items[0].available == 51 * MINUTE - 1


def test_a_single_fail_is_left_out_too_and_the_changing_time_around_it_is_not():
    judged = found({"share": "100%"}, "10*30 fail:99 30 10*28")
    assert told(judged) == ("breached", 58, 59)
    assert judged.items[0].available == 60 * MINUTE - 1


def test_another_check_that_counts_makes_its_readings_unavailable():
    other = "check link/port 1m\nlink/port 10-01 00:00 ok 00:30 fail 00:40 ok 01:00\n"
    judged = found({"share": "100%", "checks": ["icmp"]}, "10*30 99*10 10*20", said=other)
    assert told(judged) == ("met", 50, 50)
    silent = other.replace("1m\n", "1m counts=no\n")
    assert told(found({"share": "100%", "checks": ["icmp"]}, "10*30 99*10 10*20", said=silent)) == (
        "breached",
        50,
        60,
    )


def test_a_fail_of_a_check_that_does_not_count_is_a_reading():
    # a clock check that fails beyond its own limit must not hide what it measured
    clock = "check link/clock 1m counts=no\n"
    judged = found({"checks": "clock"}, "10*50 fail:99*10", said=clock, check="link/clock")
    assert told(judged) == ("breached", 50, 60)


def test_down_all_the_time_owes_no_quality():
    judged = found({}, "fail:99*60 ", as_of="10-01 00:59")
    assert (judged.verdict, judged.value, judged.certain) == ("not_applicable", None, None)


def test_excused_time_is_taken_out_whatever_excused_says():
    claim = "claim c1 link 10-01 00:30 00:40 power said 00:50 accepted 00:55\n"
    for excused in ("remove", "up"):
        judged = found({"share": "100%"}, "10*30 99*10 10*20", said=claim, excused=excused)
        assert told(judged) == ("met", 50, 50)
        assert judged.items[0].available == 50 * MINUTE
    # a correction afterwards: before the ruling was known they counted
    assert told(found({"share": "100%"}, "10*30 99*10 10*20", said=claim, as_of="10-01 00:54")) == (
        "breached",
        44,
        54,
    )


def test_maintenance_that_crosses_the_month_s_edge_is_taken_out():
    works = "maintenance m1 kind=link 09-30 23:00 10-01 00:10 said 09-20 10:00\nmaintenance m2 kind=link 10-01 00:05 00:20 said 09-20 10:00\n"
    assert told(found({"share": "100%"}, "99*20 10*40", said=works)) == ("met", 40, 40)


def test_only_time_of_the_calendar_the_month_and_the_term_counts():
    morning = {"morning": calendar("00:10-00:20")}
    assert told(found({"calendar": "morning"}, "10*60", calendars=morning)) == ("met", 10, 10)
    assert told(found({}, "10*60", begin="09-30 23:30")) == ("not_assessable", 30, 30)
    assert told(found({}, "10*60", begin="09-30 23:30", as_of="10-01 00:30")) == ("met", 30, 30)
    assert found({}, "10*60", month="2026-11").verdict == "not_applicable"


# -- coverage -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "unseen"), [("-*10 10*50", 11), ("10*20 -*10 10*30", 12), ("10*50 -*10", 11)])
def test_unknown_time_at_start_in_the_middle_and_at_the_end_lowers_coverage(text, unseen):
    judged = found({}, text)
    assert (judged.verdict, judged.value) == ("not_assessable", 1)
    assert judged.coverage == 1 - Fraction(unseen, 60)
    assert found({}, text, min_coverage="80%").verdict == "met"


def test_a_gap_of_exactly_three_intervals_is_covered():
    assert found({}, "10*20 - - 10*38").coverage == Fraction(59, 60)
    assert found({}, "10*20 - - - 10*37").coverage == Fraction(55, 60)


def test_readings_around_the_month_cover_its_edges():
    # half past each minute, from before the month to after the hour that the calendar asks about
    first_hour = {"hour": calendar("00:00-01:00")}
    judged = found({"calendar": "hour"}, "10*62", begin="09-30 23:59:30", as_of="10-01 02:00", calendars=first_hour)
    assert (judged.coverage, told(judged)) == (1, ("met", 60, 60))
    # what as_of does not know yet covers nothing
    judged = found({}, "10*62", begin="09-30 23:59:30", as_of="10-01 01:00")
    assert (judged.coverage, told(judged)) == (Fraction(119, 120), ("met", 60, 60))


def test_readings_that_do_not_carry_the_metric_are_no_data():
    judged = found({}, "ok*60")
    assert (judged.verdict, judged.value, judged.coverage) == ("not_assessable", None, 0)
    # between a reading with and one without the metric is covered, between two without is not
    assert found({}, "10*20 ok*3 10*37").coverage == Fraction(57, 60)


def test_none_readings_say_nothing():
    judged = found({}, "10*20 none*10 10*30")
    assert (told(judged), judged.coverage) == (("not_assessable", 50, 50), Fraction(48, 60))


def test_covered_time_without_a_single_reading_in_it_says_nothing():
    # readings at 00:00 and 00:02, the calendar asks about the minute between
    minute = {"minute": calendar("00:01-00:02")}
    judged = found({"calendar": "minute"}, "10 - 10", calendars=minute)
    assert (judged.verdict, judged.coverage, judged.low, judged.high) == ("not_assessable", 1, 0, 1)


# -- several readings, checks, assets --------------------------------------------------------------


def test_of_several_readings_at_one_instant_fail_wins_and_then_the_worst_value():
    twice = [
        *readings("link/icmp", "rtt_ms", "10-01 00:05", "1m", "30"),
        *readings("link/icmp", "rtt_ms", "10-01 00:05", "1m", "5 "),
    ]
    for more in (twice, list(reversed(twice))):
        assert told(found({"share": "100%"}, "10*60", more=more)) == ("breached", 59, 60)
    failed = readings("link/icmp", "rtt_ms", "10-01 00:05", "1m", "fail")
    assert told(found({"share": "100%"}, "10*60", more=[*twice, *failed])) == ("met", 59, 59)
    bare = readings("link/icmp", "rtt_ms", "10-01 00:05", "1m", "ok")
    assert told(found({"share": "100%"}, "10*60", more=bare)) == ("met", 60, 60)


def test_checks_are_named_by_id_or_by_what_follows_the_slash():
    other = "check link/http 1m\n"
    more = readings("link/http", "rtt_ms", "10-01 00:00", "1m", "90*60")
    for names, counts in (
        ("icmp", (60, 60)),
        ("link/http", (0, 60)),
        (["icmp", "link/http"], (60, 120)),
        (None, (60, 120)),
    ):
        assert told(found({"checks": names}, "10*60", said=other, more=more))[1:] == counts
    assert found({"checks": "dns"}, "10*60").verdict == "not_assessable"


TWO = "asset far link\ncheck far/icmp 1m\n"


def far(text):
    return readings("far/icmp", "rtt_ms", "10-01 00:00", "1m", text)


def test_a_fleet_pools_readings_and_each_judges_every_asset():
    keys = {"share": "90%"}
    fleet = found(keys, "10*60", said=TWO, more=far("30*12 10*48"))
    assert (fleet.verdict, fleet.value) == ("met", Fraction(108, 120))
    each = found(keys | {"measure": "each"}, "10*60", said=TWO, more=far("30*12 10*48"))
    assert [(item.asset, item.verdict) for item in each.items] == [("far", "breached"), ("link", "met")]
    assert (each.verdict, each.value, each.low, each.coverage) == ("breached", Fraction(48, 60), None, None)


def test_a_fleet_s_percentile_is_taken_among_all_readings():
    keys = {"share": None, "percentile": 90}
    judged = found(keys, "10*60", said=TWO, more=far("30*12 10*48"))
    assert (judged.measured, judged.verdict) == (10, "met")
    assert found(keys | {"measure": "each"}, "10*60", said=TWO, more=far("30*12 10*48")).measured is None


def test_an_asset_that_nobody_measured_lowers_a_fleet_s_coverage_and_stands_as_an_item_of_its_own():
    fleet = found({}, "10*60", said=TWO)
    assert (fleet.verdict, fleet.coverage) == ("not_assessable", Fraction(59, 120))
    each = found({"measure": "each"}, "10*60", said=TWO)
    assert ([item.verdict for item in each.items], each.verdict) == (["not_assessable", "met"], "met")


# -- money -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "deduction"),
    [
        ({"per": "1%", "amount": "10"}, "50.00"),  # 90 % of 95 %: five steps
        ({"per": "2%", "amount": "10"}, "30.00"),
        ({"per": "1%", "amount": "10", "cap": "45"}, "45.00"),
    ],
)
def test_each_started_step_below_the_share_costs(rule, deduction):
    assert found({"deduct": rule}, "10*54 30*6").deduction == Decimal(deduction)
    assert found({"deduct": rule}, "10*60").deduction == 0


@pytest.mark.parametrize(
    ("measured", "deduction"), [(20, "0.00"), (20.5, "100.00"), (25, "100.00"), (25.1, "200.00")]
)
def test_each_started_unit_beyond_the_limit_costs(measured, deduction):
    keys = {"share": None, "percentile": 95, "deduct": {"per_unit": "5", "amount": "100"}}
    assert found(keys, f"10*50 {measured}*10").deduction == Decimal(deduction)


def test_units_below_a_least_value_cost_likewise():
    keys = {
        "share": None,
        "percentile": 95,
        "at_most": None,
        "at_least": 3,
        "deduct": {"per_unit": "1", "amount": "100"},
    }
    judged = found(keys, "5*50 1.5*10", metric="margin_db")
    assert (judged.verdict, judged.measured, judged.deduction) == ("breached", Decimal("1.5"), Decimal("200.00"))


def test_each_breached_asset_costs_and_points_are_bounded():
    keys = {"measure": "each", "deduct": {"amount_each": "70"}, "points": "5", "lose": {"amount_each": "3"}}
    judged = found(keys, "30*60", said=TWO, more=far("30*60"))
    assert (judged.deduction, judged.lost) == (Decimal("140.00"), Decimal(5))
    steps = {"measure": "each", "deduct": {"per": "10%", "amount": "1", "cap": "12"}}  # 10 steps each
    assert found(steps, "30*60", said=TWO, more=far("30*60")).deduction == Decimal("12.00")


def test_what_is_not_assessable_costs_nothing():
    judged = found(
        {"deduct": {"per": "1%", "amount": "10"}, "points": "1", "lose": {"per": "1%", "amount": "1"}}, "30*10"
    )
    assert (judged.verdict, judged.deduction, judged.lost) == ("not_assessable", 0, 0)


# -- time ------------------------------------------------------------------------------------------


def test_29_february_and_the_hour_of_a_clock_change_belong_to_their_months():
    leap = found({}, "10*96", begin="2028-02-29 00:00", step="15m", month="2028-02", as_of="2028-03-01 00:00",
                 term="2028-02-29 2028-02-29", max_gap=15)  # fmt: skip
    assert told(leap) == ("met", 96, 96)
    # 1 November 2026 in New York has 25 hours: 100 quarters of an hour
    records = readings("link/icmp", "rtt_ms", "2026-11-01T04:00:00+00:00", "15m", "10*104")
    what = contract(clause("quality", metric="rtt_ms", at_most=20, share="95%"), zone="America/New_York",
                    term="2026-11-01 2026-11-01", max_gap="15")  # fmt: skip
    judged = result(what, LINK, records, "2026-11")
    assert told(judged) == ("met", 100, 100)
    assert (
        judged.items[0].available
        == 25 * 60 * MINUTE
        == at("2026-11-02T05:00:00+00:00") - at("2026-11-01T04:00:00+00:00")
    )


def test_a_year_without_official_holidays_is_named():
    office = {"office": calendar("00:00-24:00", "workdays", "CN")}
    judged = found(
        {"calendar": "office"},
        "",
        month="2027-02",
        term="2027-01-01 2027-12-31",
        as_of="2027-03-01 00:00",
        calendars=office,
    )
    assert judged.years == {2027}


def test_a_metric_is_shown_as_its_text_says():
    assert [str(exact(value)) for value in (0.1, 25.0, -0.0, 1e-7)] == ["0.1", "25", "0", "1E-7"]
