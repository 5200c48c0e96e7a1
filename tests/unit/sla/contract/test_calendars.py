"""Calendars, months and periods in a contract's time zone (SPEC §0, §5)."""

from __future__ import annotations

from datetime import date

import pytest

from sla.contract.calendars import (
    ALL_HOURS,
    Calendar,
    day_span,
    local_day,
    local_instant,
    month_days,
    month_span,
    months_between,
    periods,
)
from sla.evidence.instants import month_of
from sla.evidence.intervals import ALWAYS, clip, measure
from tests.support.timelines import DAY, HOUR, MINUTE, ZONE, at, calendar

NEW_YORK, LONDON, KOLKATA = "America/New_York", "Europe/London", "Asia/Kolkata"


def made(rule, zone: str = ZONE, days=None) -> Calendar:
    return Calendar(rule, zone, days or {})


def hours_of(found: Calendar, first: str, last: str, zone: str = ZONE) -> float:
    """Hours of working time from the first day to the last, both included."""
    begin, end = day_span(date.fromisoformat(first), date.fromisoformat(last), zone)
    return measure(clip(found.spans(begin, end), begin, end)) / HOUR


# -- days and months ----------------------------------------------------------------------------


def test_a_month_runs_from_local_midnight_to_local_midnight():
    assert month_span("2026-02", ZONE) == (at("02-01 00:00"), at("03-01 00:00"))
    assert month_days("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))


def test_an_instant_belongs_to_its_local_day():
    assert local_day(at("10-01 00:00"), ZONE) == date(2026, 10, 1)
    assert local_day(at("10-01 00:00") - 1, ZONE) == date(2026, 9, 30)


def test_a_term_touches_every_month_between_its_days():
    assert months_between(date(2025, 12, 31), date(2026, 2, 1)) == ("2025-12", "2026-01", "2026-02")
    assert months_between(date(2026, 2, 5), date(2026, 2, 5)) == ("2026-02",)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
        (LONDON, "2026-03-29", 23),
        (LONDON, "2026-10-25", 25),
        (KOLKATA, "2026-10-25", 24),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Shanghai", "1988-04-17", 23),
        ("America/Havana", "2026-03-08", 23),
    ],
)
def test_a_day_has_the_length_that_its_zone_gives_it(zone, day, length):
    begin, end = day_span(date.fromisoformat(day), date.fromisoformat(day), zone)
    assert (end - begin) / HOUR == length


def test_a_local_time_that_occurs_twice_is_taken_the_first_time():
    # 01:30 on 2026-11-01 in New York: first in daylight time, UTC−4
    assert local_instant(date(2026, 11, 1), 90, NEW_YORK) == at("2026-11-01T01:30:00-04:00")


@pytest.mark.parametrize("minute", [120, 135, 179])
def test_a_local_time_that_does_not_exist_is_the_instant_of_the_jump(minute):
    assert local_instant(date(2026, 3, 8), minute, NEW_YORK) == at("2026-03-08T03:00:00-04:00")


def test_a_midnight_that_does_not_exist_is_the_instant_of_the_jump():
    # Havana puts its clocks forward at midnight: 2026-03-08 begins at 01:00
    assert local_instant(date(2026, 3, 8), 0, "America/Havana") == at("2026-03-08T01:00:00-04:00")


def test_the_end_of_a_day_is_the_beginning_of_the_next():
    assert local_instant(date(2026, 10, 1), 1440, ZONE) == at("10-02 00:00")


# -- periods ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "first", "last", "found"),
    [
        ("day", "2026-10-31", "2026-11-01", ["10-31 10-31", "11-01 11-01"]),
        ("week", "2026-10-05", "2026-10-18", ["10-05 10-11", "10-12 10-18"]),
        ("week", "2026-10-06", "2026-10-17", []),
        ("month", "2026-09-30", "2026-11-29", ["10-01 10-31"]),
        ("quarter", "2026-01-02", "2026-09-30", ["04-01 06-30", "07-01 09-30"]),
    ],
)
def test_only_whole_periods_are_periods(every, first, last, found):
    made_of = [
        f"{begin:%m-%d} {end:%m-%d}"
        for begin, end in periods(every, date.fromisoformat(first), date.fromisoformat(last))
    ]
    assert made_of == found


def test_an_iso_week_may_begin_in_the_year_before():
    (only,) = periods("week", date(2026, 12, 28), date(2027, 1, 9))
    assert only == (date(2026, 12, 28), date(2027, 1, 3))


# -- the time that counts -----------------------------------------------------------------------


def test_always_is_all_time():
    assert made(ALL_HOURS).spans(0, 1) == ALWAYS


def test_hours_count_on_the_days_that_are_named():
    found = made(calendar("08:00-12:00 14:00-18:00", ("mon", "wed")))
    assert hours_of(found, "2026-10-05", "2026-10-11") == 16


def test_hours_may_end_at_midnight():
    found = made(calendar("18:00-24:00"))
    assert hours_of(found, "2026-10-05", "2026-10-06") == 12


def test_whole_days_of_one_kind_touch_each_other():
    found = made(calendar(days=("sat", "sun")))
    assert hours_of(found, "2026-10-05", "2026-10-11") == 48
    assert clip(found.spans(0, 0), at("2026-10-09 00:00"), at("2026-10-13 00:00")) == ()


def test_time_over_new_year_is_one_piece():
    found = made(calendar("00:00-24:00", ("thu", "fri")))
    span = found.spans(at("2026-12-31 12:00"), at("2027-01-01 12:00"))
    assert (at("2026-12-31 00:00"), at("2027-01-02 00:00")) in span


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-10-01", False),  # National Day
        ("2026-10-10", True),  # a Saturday, made up
        ("2026-10-11", False),  # a Sunday
        ("2026-10-12", True),
        ("2026-03-14", True),  # the contract's extra working day, a Saturday
        ("2026-03-09", False),  # the contract's extra holiday, a Monday
    ],
)
def test_workdays_are_monday_to_friday_less_holidays_plus_make_up_days(day, works):
    rule = calendar(
        days="workdays",
        holidays="CN",
        extra_holidays=(date(2026, 3, 9),),
        extra_workdays=(date(2026, 3, 14),),
    )
    assert made(rule).counts(date.fromisoformat(day)) is works


def test_the_contracts_own_days_beat_the_centres_and_these_the_official_table():
    rule = calendar(days="workdays", holidays="CN", extra_workdays=(date(2026, 10, 2),))
    found = made(rule, days={date(2026, 10, 1): True, date(2026, 10, 2): False, date(2026, 10, 10): False})
    assert [found.counts(date(2026, 10, day)) for day in (1, 2, 3, 10)] == [True, True, False, False]


def test_without_a_country_nothing_is_a_holiday():
    found = made(calendar(days="workdays"), days={date(2026, 10, 1): False})
    assert found.counts(date(2026, 10, 1)) is True


def test_a_year_without_an_official_table_is_computed_by_the_weekday():
    found = made(calendar(days="workdays", holidays="CN"))
    assert [found.counts(date(2027, 10, day)) for day in (1, 2, 3, 4)] == [True, False, False, True]
    assert found.is_official(2027) is False
    assert found.is_official(2026) is True


def test_a_centres_file_that_names_a_whole_year_makes_it_official():
    rule = calendar(days="workdays", holidays="CN")
    notice = {date(2027, 1, 1): False, date(2027, 10, 1): False}
    assert made(rule, days=notice).is_official(2027) is True
    assert made(rule, days={date(2027, 10, 1): False}).is_official(2027) is False


def test_a_calendar_that_asks_no_table_leans_on_none():
    assert made(calendar()).is_official(2027) is True
    assert made(calendar(days="workdays")).is_official(2027) is True


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 4), ("2026-11-01", 6), ("2026-11-02", 5)])
def test_night_hours_lose_or_gain_what_the_clock_does(day, hours):
    found = made(calendar("00:00-05:00"), NEW_YORK)
    assert hours_of(found, day, day, NEW_YORK) == hours


@pytest.mark.parametrize(("hours", "length"), [("00:00-01:30", 90), ("01:30-03:00", 150)])
def test_hours_that_meet_at_a_time_said_twice_neither_overlap_nor_leave_a_hole(hours, length):
    # on 2026-11-01 in New York 01:30 is taken the first time, so the second range has the extra hour
    found = made(calendar(hours), NEW_YORK)
    assert measure(found.on(date(2026, 11, 1))) == length * MINUTE


def test_hours_that_the_clock_jumps_over_leave_a_day_without_time():
    found = made(calendar("02:00-03:00"), NEW_YORK)
    assert found.has_time(date(2026, 3, 7)) is True
    assert found.has_time(date(2026, 3, 8)) is False


def test_a_day_that_does_not_count_has_no_time():
    assert made(calendar(days=("mon",))).has_time(date(2026, 10, 6)) is False


def test_a_zone_that_skipped_a_day_has_none_of_it():
    assert day_span(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia")[0] == at("2011-12-30T10:00:00Z")
    begin, end = day_span(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia")
    assert end - begin == 0


@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Etc/GMT+12", ZONE])
def test_every_instant_that_a_record_can_say_is_within_reach(zone):
    found = made(calendar("08:00-18:00"), zone)
    for text in ("0003-01-01T00:00:00+23:59", "9997-12-31T23:59:59-23:59"):
        instant = at(text)
        assert measure(clip(found.spans(instant, instant + DAY), instant, instant + DAY)) >= 10 * HOUR
        begin, end = month_span(month_of(local_day(instant, zone)), zone)
        assert begin <= instant < end


def test_a_month_has_as_many_days_as_the_almanac_says():
    lengths = [
        (month_span(f"2026-{n:02d}", ZONE)[1] - month_span(f"2026-{n:02d}", ZONE)[0]) // DAY for n in range(1, 13)
    ]
    assert lengths == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
