"""Known wrong computations of other monitors, T26 to T42; see `test_peers.py`."""

from __future__ import annotations

import pytest

from sla.contract.calendars import month_span
from sla.evidence.intervals import measure
from tests.support.one_day import HOST, ONE_DAY, day, times
from tests.support.timelines import (
    DAY,
    HOUR,
    MINUTE,
    ZONE,
    at,
    availability,
    calendar,
    contract,
    evidence_of,
    judged,
    records,
    repair,
    result,
)

WORKDAYS = {"office": calendar("09:00-17:00", "workdays", "CN")}


@pytest.mark.parametrize(("date", "minutes"), [("2018-02-11", 120), ("2018-02-15", 0)])
def test_t26_make_up_days_are_worked_and_holidays_are_not(date, minutes):
    # (a) Sunday 2018-02-11 is a make-up working day (b) Thursday 2018-02-15 a holiday; a weekly plan has it
    # the other way round. Down 10:00-12:00 (customer: and the changing minute 09:59).
    said = HOST + f"host/icmp {date} 00:00 ok 09:59:59.999 10:00 fail 12:00 ok 24:00"
    what = contract(
        availability(calendar="office"), calendars=WORKDAYS, term="2018-01-01 2018-12-31", doubt="customer"
    )
    (item,) = result(what, said, "2018-02").items
    assert (item.down + item.changing + 1) // MINUTE == minutes


def test_t26_a_year_whose_calendar_is_not_published_is_named():
    what = contract(availability(calendar="office"), calendars=WORKDAYS, term="2027-01-01 2027-12-31")
    found = judged(what, HOST, "2027-10", as_of="2027-11-01 00:00")
    (told,) = [each for each in found.notes if each["note"] == "calendar_not_official"]
    assert told == {"note": "calendar_not_official", "year": 2027, "obligations": ["A1"]}


PLAIN_WEEK = {"week": calendar("08:00-18:00", ("mon", "tue", "wed", "thu", "fri"))}


def test_t27_a_weekend_inside_a_pause_is_not_waited_twice():
    # 1 working day of 10 h from Fri 09:00; paused Fri 10:00 to Mon 10:00. GLPI: too late. Due Tue 09:00.
    # 1 h used on Friday, 8 h left on Monday from 10:00, the tenth hour on Tuesday.
    said = HOST + (
        "host/icmp 10-09 06:00 ok 09:00 fail 10-13 12:00 ok 18:00\n"
        "claim c1 host 10-09 10:00 10-12 10:00 customer said 10-12 11:00 accepted 12:00"
    )
    (item,) = result(contract(repair("10h", calendar="week"), calendars=PLAIN_WEEK), said).items
    assert item.deadline == at("10-13 09:00")


def test_t28_a_deadline_of_four_working_hours_from_five_in_the_afternoon():
    # Mon 17:00 + 4 h of 08-18: Tue 11:00. (When to warn before it is the agent's matter.)
    said = HOST + "host/icmp 10-12 12:00 ok 17:00 fail 10-13 12:00 ok 18:00"
    (item,) = result(contract(repair("4h", calendar="week"), calendars=PLAIN_WEEK), said).items
    assert item.deadline == at("10-13 11:00")


def test_t29_round_the_clock_loses_no_minute_at_midnight():
    # Zammad: 00:00-23:59 adds a minute each midnight. [00:00, 24:00) five times over is 120 h.
    said = HOST + "host/icmp 10-01 00:00 ok 12:00 fail 10-06 12:00 ok 18:00"
    whole = {"whole": calendar("00:00-24:00")}
    (item,) = result(contract(repair(calendar="whole"), calendars=whole, doubt="customer"), said).items
    assert item.elapsed == 120 * HOUR


def test_t30_a_pause_belongs_to_the_asset_whatever_rule_is_asked():
    # paused 3 days; a stricter clause of the same contract sees the same pause. GLPI forgets it.
    said = HOST + (
        "host/icmp 10-01 00:00 ok 12:00 fail 10-05 12:00 ok 18:00\n"
        "claim c1 host 10-02 00:00 10-05 00:00 customer said 10-05 01:00 accepted 02:00"
    )
    what = contract(repair("4h", id="R1"), repair("30h", id="R2"), doubt="customer")
    found = judged(what, said).obligations
    assert [each.items[0].elapsed for each in found] == [24 * HOUR, 24 * HOUR]
    assert [each.verdict for each in found] == ["breached", "met"]


def test_t31_one_classification_and_then_the_calendar():
    # the same history round the clock and in hours: what hours leave out is missing, nothing is named otherwise
    said = HOST + "host/icmp 10-01 00:00 ok 06:00 fail 09:00 gap 11:00 ok 24:00"
    hours = {"day": calendar("08:00-18:00"), "night": calendar("00:00-08:00 18:00-24:00")}
    what = contract(
        availability(id="all"),
        availability(id="day", calendar="day"),
        availability(id="night", calendar="night"),
        calendars=hours,
        **ONE_DAY,
    )
    whole, by_day, by_night = (times(each) for each in judged(what, said).obligations)
    assert whole == tuple(one + other for one, other in zip(by_day, by_night, strict=True))


def test_t32_half_an_hour_seen_every_five_minutes_is_25_to_35_minutes():
    # Kener: "6 minutes", and up where nothing is known before. fails at 12:00 … 12:25 + both changes.
    said = "asset host server\ncheck host/icmp 300s\nhost/icmp 10-01 11:55 ok 12:00 fail 12:30 ok 12:35"
    found = result(contract(availability(), calendars={}, **ONE_DAY), said)
    up, down, changing, unknown = times(found)
    assert (down, down + changing) == (25 * MINUTE, 35 * MINUTE)
    assert (up, unknown) == (5 * MINUTE, 24 * HOUR - 40 * MINUTE)


def test_t33_a_prober_dead_for_four_hours_leaves_four_hours_unknown():
    # Prometheus: no samples, 100 % of the rest.
    assert times(day("host/icmp 10-01 00:00 ok 08:00 ok*1 12:00 ok 24:00"))[3] == 4 * HOUR


CAMERA_BEHIND_NVR = """
asset nvr server
asset cam camera behind=nvr
check nvr/icmp 60s reach
nvr/icmp 10-01 00:00 ok 12:00 fail 13:00 ok 24:00
"""


def test_t36_a_channel_that_nobody_looks_at_is_never_up():
    # wvp: channels stay online while their device is offline. No check of its own: unknown, not up.
    found = result(contract(availability(scope={"kind": "camera"}), **ONE_DAY), CAMERA_BEHIND_NVR)
    assert times(found) == (0, 0, 0, 24 * HOUR)


def test_t36_a_channel_behind_an_offline_device_is_down_and_explained():
    said = CAMERA_BEHIND_NVR + "check cam/rtsp 60s\ncam/rtsp 10-01 00:00 ok 12:00 fail 13:00 ok 24:00"
    found = judged(contract(availability(scope={"kind": "camera"}), **ONE_DAY), said)
    assert found.obligations[0].items[0].down == 59 * MINUTE
    assert [(each.incident.check, each.explains) for each in found.incidents] == [("nvr/icmp", 1)]


def test_t37_readings_under_a_clock_that_is_not_trusted_are_none_and_leave_unknown_time():
    # the agent marks readings `none` while its clock is not trusted: the stretch is unknown, never negative
    found = day("host/icmp 10-01 00:00 ok 08:00 ok*1 08:01 none 09:00 ok 24:00\nagent 10-01 08:00:30 clock_step")
    assert times(found) == (23 * HOUR, 0, 0, HOUR)


def test_t41_cameras_probed_before_their_switch_are_explained_by_it():
    # last good look at the switch 11:59, first bad one 12:01; cameras fail at 12:00. Icinga: children first.
    said = """
    asset switch server
    asset cam camera behind=switch
    check switch/icmp 120s reach
    check cam/rtsp 60s
    switch/icmp 10-01 09:59 ok 12:01 fail 13:01 ok 18:01
    cam/rtsp 10-01 10:00 ok 12:00 fail 13:00 ok 18:00
    """
    found = judged(contract(), said)
    assert [(each.incident.check, each.explains) for each in found.incidents] == [("switch/icmp", 1)]


PARENTS = """
check a/icmp 60s reach
check b/icmp 60s reach
check cam/rtsp 60s
a/icmp 10-01 08:00 ok 12:00 fail 13:00 ok 18:00
b/icmp 10-01 08:00 ok 12:30 fail 14:00 ok 18:00
cam/rtsp 10-01 08:00 ok 12:00 fail 14:00 ok 18:00
"""


def test_t42_behind_two_parents_of_which_both_are_needed():
    # A is out 12:00-13:00, B 12:30-14:00. Icinga 2.14: reachable again as soon as A returns.
    said = "asset a link\nasset b link\nasset cam camera behind=a,b\n" + PARENTS
    assert [each.incident.check for each in judged(contract(), said).incidents] == ["a/icmp", "b/icmp"]


def test_t42_behind_two_parents_of_which_one_is_enough():
    # cut off only while both are out, about 12:29 to 13:02: the camera's fails before and after are its own
    said = "asset a link\nasset b link\nasset cam camera behind_any=a,b\n" + PARENTS
    camera = next(each.incident for each in judged(contract(), said).incidents if each.incident.check == "cam/rtsp")
    assert (camera.detected, camera.last_fail) == (at("10-01 12:00"), at("10-01 13:59"))


def test_the_order_in_which_records_are_told_is_of_no_matter_to_any_of_these():
    told = records(CAMERA_BEHIND_NVR + "check cam/rtsp 60s\ncam/rtsp 10-01 00:00 ok 12:00 fail 13:00 ok 24:00")
    what = contract(availability(), repair())
    assert judged(what, evidence_of(told[::-1])) == judged(what, evidence_of(told))


def test_no_time_is_lost_between_the_months_of_a_year():
    spans = [month_span(f"2026-{number:02d}", ZONE) for number in range(1, 13)]
    assert measure(tuple(spans)) == 365 * DAY
