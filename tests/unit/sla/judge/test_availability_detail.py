"""What stands behind an availability clause: its days and its assets add up to the figures that were judged."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sla.judge.availability_detail import availability_detail
from sla.judge.daily import NOTHING
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from tests.support.timelines import HOUR, at, availability, calendar, contract, evidence

SAID = """
asset cam camera
asset box camera
check cam/x 1h
check box/x 1h
cam/x 09-30 00:00 ok 10-05 08:00 fail 10-05 20:00 ok 10-20 00:00 gap 10-20 12:00 ok 11-02 00:00
box/x 09-30 00:00 ok 10-10 08:00 fail 10-10 12:00 ok 11-02 00:00
claim c1 cam 10-05 10:00 10-05 16:00 power said 10-06 09:00 accepted 10-07 09:00
"""


def detail(*, said=SAID, month="2026-10", **keys):
    measured = keys.pop("measurement", {})
    agreed = contract(availability("99%", **keys), calendars={"office": calendar("08:00-18:00")}, **measured)
    analysis = Analysis(agreed, evidence(said), at("11-02 00:00"))
    (result,) = judge_analysis(analysis, month).obligations
    return result, availability_detail(result, analysis, month)


@pytest.mark.parametrize("excused", ["remove", "up"])
@pytest.mark.parametrize("name", ["always", "office"])
def test_days_and_assets_add_up_to_the_times_that_were_judged(name, excused):
    result, found = detail(calendar=name, measurement={"excused": excused})
    assert sum((each.times for each in found.days), NOTHING) == found.times
    assert sum((item.times for item in result.items), NOTHING) == found.times
    assert [each.item for each in found.assets] == list(result.items)


def test_a_fleet_s_value_is_that_of_its_times_and_raw_has_nothing_excused():
    """cam: 12 h of fails, so 11 h down and 2 h changing of 744; 6 h of them are excused, all of them down."""
    result, found = detail(measure="fleet")
    box, cam = found.assets
    assert (cam.item.down, box.item.down) == (5 * HOUR, 3 * HOUR)
    assert cam.excused == found.excused == 6 * HOUR
    assert result.value == Fraction(found.times.up + found.times.changing, found.times.service - found.times.unknown)
    down_raw = 11 + 3  # of cam and of box
    known = 2 * 744 * HOUR - found.times.unknown
    assert found.raw == 1 - Fraction(down_raw * HOUR, known)
    assert found.raw < result.value


def test_each_day_has_the_figures_of_that_day_alone():
    """On the 5th cam was down from 08:00 to 19:00, of which 10:00 to 16:00 are excused: 5 h of 18 h that are left."""
    _, found = detail()
    cam = found.assets[1]
    day = cam.days[4]
    assert (day.value, day.verdict) == (Fraction(13, 18), "breached")
    assert cam.days[5].value == 1
    assert len(cam.days) == len(found.days) == 31
    assert [each.day.day for each in found.days] == list(range(1, 32))


def test_a_day_that_nobody_saw_has_bounds_and_no_value():
    said = "asset cam camera\ncheck cam/x 1h\ncam/x 09-30 00:00 ok 10-10 00:00 gap 10-13 00:00 ok 11-02 00:00"
    _, found = detail(said=said)
    day = found.days[10].figures
    assert (day.value, day.low, day.high, day.coverage) == (None, 0, 1, 0)


def test_a_day_outside_the_calendar_has_no_figures_at_all():
    _, found = detail(calendar="office", month="2026-10", said=SAID)
    assert all(each.figures.coverage is not None for each in found.days)
    weekend = contract(
        availability("99%", calendar="week"), calendars={"week": calendar("08:00-18:00", days="workdays")}
    )
    analysis = Analysis(weekend, evidence(SAID), at("11-02 00:00"))
    (result,) = judge_analysis(analysis, "2026-10").obligations
    days = availability_detail(result, analysis, "2026-10").days
    assert days[2].day.isoweekday() == 6  # 3 October 2026 is a Saturday
    assert (days[2].figures.coverage, days[2].times) == (None, NOTHING)


def test_without_any_asset_there_is_nothing_to_show():
    _, found = detail(scope={"kind": "tower"})
    assert (found.assets, found.times, found.raw, found.excused) == ((), NOTHING, None, 0)
