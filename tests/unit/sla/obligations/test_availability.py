"""Availability clauses (SPEC §6). One camera, looked at every minute unless a test says otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.camera_day import CAMERA, HOUR_DOWN, ONE_DOWN, TODAY, TWO
from tests.support.timelines import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    at,
    availability,
    calendar,
    contract,
    evidence_of,
    judged,
    records,
    result,
)


def times(item):
    """U, D, C, K in milliseconds."""
    return item.up, item.down, item.changing, item.unknown


def day(said: str, *, clause=None, as_of: str | None = None, month: str = "2026-10", **pieces):
    """The clause over 2026-10-01 alone, with those readings of the camera."""
    return result(contract(clause or availability(), **(TODAY | pieces)), CAMERA + said, month, as_of)


# -- empty history ------------------------------------------------------------------------------


def test_without_a_single_reading_nothing_can_be_assessed():
    found = day("")
    assert found.verdict == "not_assessable"
    assert found.value is None
    assert (found.low, found.high, found.coverage) == (0, 1, 0)
    assert times(found.items[0]) == (0, 0, 0, DAY)


def test_with_unknown_as_up_or_down_an_empty_history_has_a_value():
    assert day("", unknown="up").value == 1
    assert day("", unknown="down").value == 0
    assert day("", unknown="down").verdict == "breached"


def test_without_service_time_nothing_applies_and_every_figure_is_null():
    found = day("cam/icmp 10-01 00:00 ok 24:00", month="2026-11")
    assert found.verdict == "not_applicable"
    assert (found.value, found.low, found.high, found.coverage, found.certain) == (None,) * 5


def test_without_an_asset_in_scope_nothing_applies():
    found = day("cam/icmp 10-01 00:00 ok 24:00", clause=availability(scope={"kind": "link"}))
    assert (found.verdict, found.items) == ("not_applicable", ())


def test_an_asset_whose_checks_do_not_count_is_unknown():
    said = "asset cam camera\ncheck cam/icmp 60s counts=no\ncam/icmp 10-01 00:00 ok 24:00"
    assert result(contract(availability(), **TODAY), said).verdict == "not_assessable"


def test_an_outage_divides_the_day_into_up_down_and_changing():
    found = day(HOUR_DOWN)
    assert times(found.items[0]) == (1379 * MINUTE, 59 * MINUTE, 2 * MINUTE, 0)


@pytest.mark.parametrize(
    ("doubt", "up_minutes"),
    [("vendor", 1381), ("customer", 1379), ("split", 1380)],
)
def test_changing_time_goes_to_whom_the_contract_gives_the_doubt(doubt, up_minutes):
    assert day(HOUR_DOWN, doubt=doubt).value == Fraction(up_minutes, 1440)


def test_the_bounds_hold_whatever_happened_unseen():
    # 10:00-12:00 nobody looked: known up 1379 − 120 = 1259 (less the reading at 10:00 that begins nothing)
    found = day("cam/icmp 10-01 00:00 ok 09:00 fail 10:00 ok*1 12:00 ok 24:00")
    assert times(found.items[0]) == (1259 * MINUTE, 59 * MINUTE, 2 * MINUTE, 120 * MINUTE)
    assert found.low == Fraction(1259, 1440)
    assert found.high == Fraction(1440 - 59, 1440)
    assert found.coverage == Fraction(1320, 1440)


def test_a_verdict_is_certain_when_both_bounds_lie_on_its_side():
    # low 1379/1440 = 95.76 %, high 1381/1440 = 95.90 %
    assert day(HOUR_DOWN, clause=availability("95%")).certain is True
    assert day(HOUR_DOWN, clause=availability("96%")).certain is True
    assert day(HOUR_DOWN, clause=availability("95.8%")).certain is False


def test_an_outage_across_midnight_counts_on_both_sides_only_with_its_own_part():
    # changing [23:29, 23:30) the day before; [00:00, 00:29) down, [00:29, 00:30) changing
    found = day("cam/icmp 09-30 22:00 ok 23:30 fail 10-01 00:30 ok 24:00")
    assert times(found.items[0]) == (1410 * MINUTE, 29 * MINUTE, MINUTE, 0)


def test_down_since_before_the_month_is_down_from_its_first_instant():
    found = day("cam/icmp 09-20 00:00 fail 10-01 06:00 ok 24:00")
    assert times(found.items[0]) == (18 * HOUR, 6 * HOUR - MINUTE, MINUTE, 0)


def test_down_beyond_the_month_is_down_to_its_last_instant():
    found = day("cam/icmp 10-01 00:00 ok 18:00 fail 10-05 00:00")
    assert times(found.items[0]) == (18 * HOUR - MINUTE, 6 * HOUR, MINUTE, 0)


def test_flapping_between_readings_is_neither_up_nor_down_but_changing():
    said = "cam/icmp 10-01 00:00 ok 09:00 " + " ".join(
        f"09:{minute:02d} {'fail' if minute % 2 else 'ok'}" for minute in range(1, 60)
    )
    found = day(said + " 10:00 ok 24:00")
    # ok at 09:00, fail at 09:01, … fail at 09:59, ok at 10:00: 60 changes of a minute each
    assert times(found.items[0]) == (1380 * MINUTE, 0, 60 * MINUTE, 0)


# -- unknown time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "cam/icmp 10-01 02:00 ok 24:00",
        "cam/icmp 10-01 00:00 ok 12:00 ok*1 14:00 ok 24:00",
        "cam/icmp 10-01 00:00 ok 22:00",
    ],
    ids=["at the start", "in the middle", "at the end"],
)
def test_two_unknown_hours_shrink_what_the_value_is_taken_of(said):
    # 22 of 24 hours known and up: 100 % of what was seen, coverage 22/24 = 91.67 % < 95 %
    found = day(said)
    assert times(found.items[0]) == (22 * HOUR, 0, 0, 2 * HOUR)
    assert (found.value, found.coverage, found.verdict) == (1, Fraction(22, 24), "not_assessable")


def test_unknown_time_counts_as_the_contract_says():
    said = "cam/icmp 10-01 00:00 ok 18:00"  # 6 of 24 hours unknown
    assert day(said, unknown="up").value == 1
    assert day(said, unknown="down").value == Fraction(18, 24)


def test_low_coverage_is_no_obstacle_where_unknown_time_is_counted():
    assert day("cam/icmp 10-01 00:00 ok 18:00", unknown="up").verdict == "met"
    assert day("cam/icmp 10-01 00:00 ok 18:00", unknown="down").verdict == "breached"


def test_coverage_of_exactly_the_minimum_is_enough():
    # 95 % of 1440 min = 1368 min = 22:48
    assert day("cam/icmp 10-01 00:00 ok 22:48").verdict == "met"


def test_coverage_a_millisecond_below_the_minimum_is_not_enough():
    found = day("cam/icmp 10-01 00:00:00.001 ok 22:47 22:48")
    assert found.items[0].unknown == DAY - 1368 * MINUTE + 1
    assert found.verdict == "not_assessable"


def test_readings_that_could_not_be_made_leave_the_time_unknown():
    found = day("cam/icmp 10-01 00:00 ok 06:00 ok*1 06:01 none 12:00 ok 24:00")
    assert times(found.items[0]) == (18 * HOUR, 0, 0, 6 * HOUR)


# -- the target ---------------------------------------------------------------------------------


def test_a_value_exactly_at_the_target_is_met():
    # customer: up = 1440 − 36 = 1404 of 1440 = 97.5 %
    said = "cam/icmp 10-01 00:00 ok 09:00 fail 09:35 ok 24:00"
    found = day(said, clause=availability("97.5%"), doubt="customer")
    assert (found.value, found.verdict) == (Fraction(975, 1000), "met")


def test_a_value_one_millisecond_below_the_target_is_breached():
    said = "cam/icmp 10-01 00:00 ok 09:00 fail 09:35:00.001 ok 24:00"
    found = day(said, clause=availability("97.5%", deduct={"per": "1%", "amount": "7"}), doubt="customer")
    assert found.value == Fraction(1404 * MINUTE - 1, 1440 * MINUTE)
    assert (found.verdict, found.deduction) == ("breached", Decimal("7.00"))


# -- short outages ------------------------------------------------------------------------------


def test_outages_shorter_than_the_countable_minimum_count_as_up():
    # fails 09:00 … 09:10: down 10 min; fails 11:00 … 11:09: down 9 min
    said = "cam/icmp 10-01 00:00 ok 09:00 fail 09:11 ok 11:00 fail 11:10 ok 24:00"
    found = day(said, min_countable="10m")
    assert times(found.items[0]) == (1426 * MINUTE, 10 * MINUTE, 4 * MINUTE, 0)


def test_a_short_outage_is_measured_before_anything_is_cut_away():
    # down [23:30, 00:30): an hour, of which half an hour lies in the month
    said = "cam/icmp 09-30 20:00 ok 23:30 fail 10-01 00:31 ok 24:00"
    assert day(said, min_countable="45m").items[0].down == 30 * MINUTE


# -- excused time -------------------------------------------------------------------------------


def test_excused_time_leaves_the_service_time():
    # from 08:59 to 10:00 it is not up: that is taken away, the other two hours of the window stay
    found = day(HOUR_DOWN + "\nmaintenance m1 10-01 08:00 11:00 said 07:00")
    assert times(found.items[0]) == (24 * HOUR - 61 * MINUTE, 0, 0, 0)


def test_excused_time_kept_as_up_counts_as_up_whatever_its_state():
    found = day(HOUR_DOWN + "\nmaintenance m1 10-01 08:00 11:00 said 07:00", excused="up")
    assert times(found.items[0]) == (24 * HOUR, 0, 0, 0)


def test_overlapping_maintenance_is_taken_away_once():
    two = "\nmaintenance m1 10-01 08:00 09:30 said 07:00\nmaintenance m2 09:00 10:00 said 07:00"
    assert sum(times(day("cam/icmp 10-01 00:00 fail 24:00" + two).items[0])) == 22 * HOUR


def test_maintenance_across_the_edges_is_taken_away_inside_them():
    said = (
        "\nmaintenance m1 09-30 23:00 10-01 01:00 said 09-30 07:00\nmaintenance m2 10-01 23:00 10-02 05:00 said 07:00"
    )
    assert sum(times(day("cam/icmp 09-30 22:00 fail 10-02 06:00" + said).items[0])) == 22 * HOUR


def test_a_day_wholly_excused_has_no_service_time():
    found = day("cam/icmp 10-01 00:00 fail 24:00\nmaintenance m1 09-30 00:00 10-03 00:00 said 09-29 00:00")
    assert found.verdict == "not_applicable"


def test_excused_outages_shorter_than_the_countable_minimum_stay_excused():
    # down [09:00, 09:04) is up, as it is too short; changing the minute before and behind it is excused
    said = "cam/icmp 10-01 00:00 ok 09:00 fail 09:05 ok 24:00\nmaintenance m1 10-01 08:00 10:00 said 07:00"
    assert times(day(said, min_countable="10m").items[0]) == (24 * HOUR - 2 * MINUTE, 0, 0, 0)


# -- corrections, as_of -------------------------------------------------------------------------


def test_a_ruling_that_comes_later_corrects_the_month():
    said = HOUR_DOWN + "\nclaim c1 cam 10-01 09:00 10:00 power said 11:00 accepted 10-05 09:00"
    # at 10-04 the ruling is not known: down 59 of 1440 min; afterwards 1 changing minute of 1380 remains
    assert day(said, as_of="10-04 00:00").items[0].down == 59 * MINUTE
    assert times(day(said, as_of="10-06 00:00").items[0]) == (1379 * MINUTE, 0, MINUTE, 0)


def test_readings_that_arrive_later_fill_what_was_unknown():
    before = day("cam/icmp 10-01 00:00 ok 12:00 ok*1 18:00 ok 24:00")
    after = day("cam/icmp 10-01 00:00 ok 24:00")
    assert (before.items[0].unknown, after.items[0].unknown) == (6 * HOUR, 0)


def test_the_service_time_ends_at_as_of():
    found = day("cam/icmp 10-01 00:00 ok 24:00", as_of="10-01 06:00")
    assert times(found.items[0]) == (6 * HOUR, 0, 0, 0)


def test_a_term_that_begins_or_ends_inside_the_month_bounds_the_service_time():
    clause = contract(availability(), term="2026-10-10 2026-10-12")
    found = result(clause, CAMERA + "cam/icmp 10-01 00:00 ok 10-31 24:00")
    assert sum(times(found.items[0])) == 3 * DAY


# -- calendars ----------------------------------------------------------------------------------


def office(holidays: str | None = "CN", **pieces):
    calendars = {"office": calendar("08:00-18:00", "workdays", holidays)}
    return contract(availability(calendar="office"), calendars=calendars, **pieces)


def test_the_national_days_of_2026_are_no_working_time_and_their_make_up_day_is():
    # 10-01 to 10-07 (Thu to Wed) are holidays; Saturday 10-10 is worked
    found = result(office(term="2026-10-01 2026-10-11"), CAMERA + "cam/icmp 10-01 00:00 ok 10-12 00:00")
    assert sum(times(found.items[0])) == 3 * 10 * HOUR  # 10-08, 10-09, 10-10


def test_without_a_country_workdays_are_monday_to_friday():
    found = result(office(None, term="2026-10-01 2026-10-11"), CAMERA + "cam/icmp 10-01 00:00 ok 10-12 00:00")
    assert sum(times(found.items[0])) == 7 * 10 * HOUR  # 1, 2, 5, 6, 7, 8, 9 October


def test_a_year_without_an_official_calendar_is_named_in_the_result():
    found = result(office(term="2027-01-01 2027-12-31"), CAMERA, "2027-03", as_of="2027-04-01 00:00")
    assert found.years == {2027}
    assert result(office(), CAMERA).years == frozenset()


def test_several_hours_ranges_of_one_day_add_up():
    calendars = {"two": calendar("08:30-12:00 14:00-18:00")}
    found = result(contract(availability(calendar="two"), calendars=calendars, **TODAY), CAMERA + HOUR_DOWN)
    # down [09:00, 09:59); the changing minutes 08:59 and 09:59 are inside too
    assert times(found.items[0]) == (7 * HOUR + 30 * MINUTE - 61 * MINUTE, 59 * MINUTE, 2 * MINUTE, 0)


def test_the_29th_of_february_is_a_day_like_any_other():
    feb = contract(availability(), term="2028-02-01 2028-02-29")
    found = result(feb, CAMERA + "cam/icmp 2028-02-01 00:00 ok 2028-03-01 00:00", "2028-02", as_of="2028-03-01 00:00")
    assert times(found.items[0]) == (29 * DAY, 0, 0, 0)


@pytest.mark.parametrize(
    ("one_day", "hours"),
    [("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-02", 24)],
)
def test_in_another_zone_a_day_of_changing_clocks_has_its_true_length(one_day, hours):
    place = contract(availability(), term=f"{one_day} {one_day}", zone="America/New_York")
    found = result(place, CAMERA, one_day[:7])
    assert found.items[0].unknown == hours * HOUR


def test_night_hours_lose_the_hour_that_a_clock_put_forward_jumps_over():
    place = contract(
        availability(calendar="night"),
        term="2026-03-08 2026-03-08",
        zone="America/New_York",
        calendars={"night": calendar("01:00-04:00")},
    )
    assert result(place, CAMERA, "2026-03").items[0].unknown == 2 * HOUR


def test_a_fleet_is_judged_by_the_sums_over_its_assets():
    found = result(contract(availability("75%"), **TODAY), ONE_DOWN)
    assert (found.value, found.verdict) == (Fraction(720 + 1440, 2880), "met")


def test_measured_each_the_smallest_value_counts_and_one_breach_is_enough():
    found = result(contract(availability("75%", measure="each"), **TODAY), ONE_DOWN)
    assert [item.verdict for item in found.items] == ["breached", "met"]
    assert (found.value, found.verdict, found.certain) == (Fraction(1, 2), "breached", True)


def test_measured_each_it_is_met_if_one_is_met_and_none_breached():
    said = TWO + "cam-2/icmp 10-01 00:00 ok 24:00"
    found = result(contract(availability(measure="each"), **TODAY), said)
    assert [item.verdict for item in found.items] == ["not_assessable", "met"]
    assert (found.value, found.verdict, found.certain) == (1, "met", True)


def test_measured_each_it_is_not_assessable_if_none_could_be_judged():
    found = result(contract(availability(measure="each"), **TODAY), TWO)
    assert (found.value, found.verdict) == (None, "not_assessable")


def test_measured_each_nothing_applies_without_service_time():
    found = result(contract(availability(measure="each"), **TODAY), TWO, "2026-11")
    assert (found.value, found.verdict, found.certain) == (None, "not_applicable", True)


def test_measured_each_a_breach_is_uncertain_while_no_item_is_breached_for_certain():
    # cam-1 was seen for 1380 min: value (1319 + 2)/1380 = 95.72 %, high (1440 − 59)/1440 = 95.90 %
    said = TWO + "cam-1/icmp 10-01 00:00 ok 12:00 fail 13:00 ok 23:00"
    found = result(contract(availability("95.8%", measure="each"), **TODAY), said)
    assert (found.verdict, found.certain) == ("breached", False)


# -- several checks and months ------------------------------------------------------------------


def test_an_asset_is_down_while_any_of_its_checks_is():
    said = """
    asset cam camera
    check cam/icmp 60s
    check cam/rtsp 60s
    cam/icmp 10-01 00:00 ok 06:00 fail 07:00 ok 24:00
    cam/rtsp 10-01 00:00 ok 06:30 fail 08:00 ok 24:00
    """
    # down [06:00, 07:59); changing 05:59 and 07:59
    found = result(contract(availability(), **TODAY), said)
    assert times(found.items[0]) == (1440 * MINUTE - 121 * MINUTE, 119 * MINUTE, 2 * MINUTE, 0)


def test_a_month_without_the_first_instant_of_the_next_is_a_whole_month():
    found = result(contract(availability()), CAMERA + "cam/icmp 09-30 23:00 ok 11-01 01:00")
    assert times(found.items[0]) == (31 * DAY, 0, 0, 0)


def test_a_part_of_a_millisecond_of_g_cannot_be_exceeded():
    # G = 1.5 × 1.001 s = 1501.5 ms: a gap of 1501 ms is known, one of 1502 ms is not
    base = "asset cam camera\ncheck cam/icmp 1001ms\n"
    near = records(base + "cam/icmp 10-01 00:00:00.000 ok*1 00:00:01.501 ok*1")
    far = records(base + "cam/icmp 10-01 00:00:00.000 ok*1 00:00:01.502 ok*1")
    what = contract(availability(), max_gap="1.5", **TODAY)
    assert result(what, evidence_of(near)).items[0].up == SECOND + 501
    assert result(what, evidence_of(far)).items[0].up == 0


def test_the_days_of_a_centre_override_the_official_table():
    what = office(public_days={date(2026, 10, 1): True}, term="2026-10-01 2026-10-01")
    assert result(what, CAMERA).items[0].unknown == 10 * HOUR


def test_every_result_says_the_as_of_that_it_holds_for():
    found = judged(contract(availability()), CAMERA, as_of="10-09 08:00")
    assert found.as_of == at("10-09 08:00")
