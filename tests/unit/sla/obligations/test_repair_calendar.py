"""Repair clauses (SPEC §7) in working time, and the month to which an incident belongs."""

from __future__ import annotations

import pytest

from tests.support.one_camera import CAMERA, FOUR_HOURS, NOTIFIED, OFFICE, STILL, judge, only
from tests.support.timelines import HOUR, MINUTE, at, calendar, contract, repair, result

WEEKDAYS = {"week": calendar("08:00-18:00", ("mon", "tue", "wed", "thu", "fri"))}


# -- working time -------------------------------------------------------------------------------


def test_only_working_time_counts():
    # Fri 10-09 17:00 to Sat 10-10 (a make-up working day) 10:00: 1 h + 2 h, less a minute for the vendor
    said = "cam/icmp 10-09 12:00 ok 17:00 fail 10-10 10:00 ok 18:00"
    item = only(said, repair("3h", calendar="office"), calendars=OFFICE)
    assert (item.elapsed, item.deadline) == (179 * MINUTE, at("10-10 10:00"))


def test_holidays_stop_the_clock():
    # Wed 09-30 17:00 to Thu 10-08 09:00: the holidays 10-01 to 10-07 count nothing
    said = "cam/icmp 09-30 12:00 ok 17:00 fail 10-08 09:00 ok 18:00"
    item = only(said, repair("2h", calendar="office"), calendars=OFFICE)
    assert (item.elapsed, item.deadline, item.verdict) == (119 * MINUTE, at("10-08 09:00"), "met")


def test_a_deadline_at_the_end_of_working_hours_is_that_evening():
    said = "cam/icmp 10-09 12:00 ok 17:00 fail 10-10 10:00 ok 18:00"
    assert only(said, repair("1h", calendar="office"), calendars=OFFICE).deadline == at("10-09 18:00")


def test_excused_time_stops_the_clock():
    said = FOUR_HOURS + "claim c1 cam 10-09 10:00 11:30 power said 12:00 accepted 14:00"
    item = only(said, repair("2h"))
    assert (item.elapsed, item.deadline) == (239 * MINUTE - 90 * MINUTE, at("10-09 12:30"))


def test_overlapping_maintenance_across_the_beginning_stops_the_clock_once():
    said = FOUR_HOURS + ("maintenance m1 10-09 08:00 10:00 said 07:00\nmaintenance m2 10-09 09:30 10:30 said 07:00")
    assert only(said).elapsed == 239 * MINUTE - 90 * MINUTE


def test_without_a_calendar_that_ever_works_there_is_no_deadline():
    never = {"never": calendar("08:00-18:00", ())}
    item = only(FOUR_HOURS, repair(calendar="never"), calendars=never)
    assert (item.deadline, item.elapsed, item.verdict) == (None, 0, "met")
    assert only(STILL, repair(calendar="never"), calendars=never, as_of="10-20 00:00").verdict == "pending"


@pytest.mark.parametrize(("one_day", "hours"), [("03-08", 3), ("11-01", 5)])
def test_in_another_zone_a_night_of_changing_clocks_has_its_true_length(one_day, hours):
    # local 00:00 to 04:00 on the day of the change, restored at 04:00
    said = f"cam/icmp {one_day} 00:00 fail 04:00 ok 12:00"
    place = contract(repair(), zone="America/New_York", doubt="customer")
    (item,) = result(place, CAMERA + said, f"2026-{one_day[:2]}").items
    assert item.elapsed == hours * HOUR


def test_the_29th_of_february_counts_as_a_working_day():
    # Mon 2028-02-28 17:00 + 3 h of 08-18: 1 h on Monday, 2 h on Tuesday the 29th
    said = "cam/icmp 2028-02-28 12:00 ok 17:00 fail 2028-02-29 12:00 ok 18:00"
    leap = {"term": "2028-01-01 2028-12-31", "calendars": WEEKDAYS}
    item = only(said, repair("3h", calendar="week"), month="2028-02", as_of="2028-03-05 00:00", **leap)
    assert item.deadline == at("2028-02-29 10:00")


def test_a_deadline_in_a_year_without_an_official_calendar_is_said():
    said = "cam/icmp 2026-12-31 12:00 ok 17:00 fail 2027-01-04 12:00 ok 18:00"
    both = {"term": "2026-01-01 2027-12-31", "calendars": OFFICE, "as_of": "2027-02-01 00:00"}
    assert judge(said, repair("4h", calendar="office"), month="2027-01", **both).years == {2027}


# -- which month --------------------------------------------------------------------------------


def test_an_outage_over_the_month_end_belongs_to_the_month_in_which_it_is_decided():
    said = "cam/icmp 09-30 20:00 ok 22:00 fail 10-01 01:00 ok 09:00"  # 4 h end at 02:00 in October
    assert judge(said, month="2026-09").items == ()
    assert only(said, month="2026-10").verdict == "met"
    assert only(said, repair("1h"), month="2026-09").decided == at("09-30 23:00")


def test_a_pending_one_is_listed_from_the_month_of_its_detection_to_that_of_as_of():
    said = "cam/icmp 09-30 20:00 ok 22:00 fail 10-01 01:00"
    for month, count in (("2026-08", 0), ("2026-09", 1), ("2026-10", 1), ("2026-11", 0)):
        found = judge(said, month=month, as_of="10-01 01:00")
        assert len(found.items) == count
        assert found.verdict == "not_applicable"


def test_what_was_not_done_when_the_term_ended_is_of_no_month_s_verdict():
    # an hour of the four had gone by; what comes after the term is nobody's duty
    said = "cam/icmp 10-31 20:00 ok 23:00 fail 11-01 02:00 ok 09:00"
    item = only(said, term="2026-01-01 2026-10-31")
    assert (item.verdict, item.decided, item.elapsed) == ("not_applicable", at("11-01 00:00"), HOUR)
    assert judge(said, term="2026-01-01 2026-10-31", month="2026-11").items == ()


def test_what_was_too_late_before_the_term_ended_is_breached_all_the_same():
    said = "cam/icmp 10-31 18:00 ok 19:00 fail 11-01 02:00 ok 09:00"
    item = only(said, term="2026-01-01 2026-10-31")
    assert (item.verdict, item.decided, item.elapsed) == ("breached", at("10-31 23:00"), 5 * HOUR)


def test_what_is_decided_before_the_term_belongs_to_its_first_month():
    # never notified, too late: decided at `detected`, before the term
    said = "cam/icmp 09-29 00:00 ok 12:00 fail 10-03 03:00 ok 09:00"
    item = only(said, repair(**NOTIFIED), term="2026-10-01 2026-12-31")
    assert (item.verdict, item.decided) == ("not_assessable", at("09-29 12:00"))
