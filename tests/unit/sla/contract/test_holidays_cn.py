"""China's official days against an independent package, which has its own reading of the notices."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from sla.contract.calendars import Calendar
from sla.contract.holidays_cn import KNOWN_YEARS, official_days
from tests.support.timelines import ZONE, calendar

WORKDAYS = Calendar(calendar(days="workdays", holidays="CN"), ZONE, {})


def test_the_table_has_every_year_from_2004_to_2026():
    assert set(range(2004, 2027)) == KNOWN_YEARS


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_of_the_year_agrees_with_an_independent_table(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    differing = [day for day in days if WORKDAYS.counts(day) != chinese_calendar.is_workday(day)]
    assert differing == []


def test_the_independent_table_does_not_know_2027_and_ours_says_so():
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(2027, 5, 1))
    assert WORKDAYS.is_official(2027) is False
    with pytest.raises(KeyError):
        official_days(2027)


def test_a_notice_names_days_off_and_make_up_days():
    assert official_days(2026)[date(2026, 10, 10)] is True
    assert official_days(2026)[date(2026, 10, 4)] is False  # a weekend inside the holidays
    assert date(2026, 10, 12) not in official_days(2026)


def test_no_make_up_day_is_an_ordinary_working_day():
    for year in KNOWN_YEARS:
        assert all(day.weekday() >= 5 for day, works in official_days(year).items() if works)
