"""Day by day: what the days say adds up to what the month says, exactly."""

from __future__ import annotations

import pytest

from sla.judge.daily import NOTHING, daily_times, day_edges, days_of, raw_times
from sla.measure.analysis import Analysis
from sla.obligations.availability import times_of
from tests.support.timelines import DAY, HOUR, MINUTE, at, availability, calendar, contract, evidence

WORLD = """
asset cam camera
check cam/x 1m
cam/x 10-02 00:00 ok 23:00 fail 10-03 01:00 ok 10-04 00:00 gap 10-05 00:00 ok 10-06 00:00
claim c1 cam 10-03 00:00 00:30 power said 10-03 11:00 accepted 10-03 12:00
"""


def found(world=WORLD, month="2026-10", **keys):
    analysis = Analysis(
        contract(availability(), **keys), evidence(world, keys.get("zone", "Asia/Shanghai")), at("11-05 00:00")
    )
    service = analysis.service_time(month, availability(calendar="office") if "calendars" in keys else availability())
    edges = day_edges(days_of(month), analysis.contract.timezone)
    return analysis, service, daily_times("cam", service, analysis, edges)


@pytest.mark.parametrize("excused", ["remove", "up"])
@pytest.mark.parametrize("hours", [None, "08:00-18:00", "22:00-24:00"])
def test_days_add_up_to_the_month(excused, hours):
    keys = {"calendars": {"office": calendar(hours)}} if hours else {}
    analysis, service, days = found(excused=excused, **keys)
    assert sum(days, NOTHING) == times_of("cam", service, analysis)
    assert len(days) == 31


def test_an_outage_over_midnight_is_shared_by_its_two_days():
    """Fail from 23:00 to 00:59 by its readings, one minute changing before and after; 00:00 to 00:30 is excused."""
    _, _, days = found()
    second, third = days[1], days[2]
    assert second.down == HOUR
    assert second.changing == MINUTE
    assert third.down == 29 * MINUTE
    assert third.service == DAY - 30 * MINUTE  # in which it was down


def test_raw_times_excuse_nothing():
    analysis, service, days = found()
    raw = raw_times("cam", service, analysis)
    assert raw.service == 31 * DAY
    assert raw.down == sum(days, NOTHING).down + 30 * MINUTE


def test_a_day_that_a_zone_turns_its_clocks_on_has_its_own_length():
    """Berlin goes back on 25 October 2026: that day has 25 hours."""
    _, _, days = found(zone="Europe/Berlin")
    assert days[24].service == 25 * HOUR
    assert days[23].service == 24 * HOUR
