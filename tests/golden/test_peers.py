"""Known wrong computations of other monitors, each with the right answer by the measure and its arithmetic.

T1 to T42 are the rows of docs/peers.md; T26 to T42 are in `test_peers_later.py`, and what devices say of
each other (T34, T35) in `test_peers_devices.py`. Those about delivery are no matter of judging and are tested where
that is: T38 to T40; the waiting half of T41 belongs to alert decisions, its hindsight half is here.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from sla.contract.calendars import month_span
from tests.support.one_day import ALL_OF_OCTOBER, HOST, ONE_DAY, day, times
from tests.support.timelines import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    ZONE,
    at,
    availability,
    calendar,
    contract,
    judged,
    repair,
    result,
)


def test_t01_list_and_percentage_agree_about_three_failed_tries():
    # tries at 12:00:00, :20 and :40 fail, ok at 12:01. Kuma: 99.792 % and an empty list.
    # Either: with ignore_shorter a blip, listed as such, down 40 s and 20 + 60 s changing …
    said = "host/icmp 10-01 00:00 ok 12:00 fail*1 12:00:20 fail*1 12:00:40 fail*1 12:01 ok 24:00"
    what = contract(availability(), ignore_shorter="2m", min_countable="2m", **ONE_DAY)
    found = judged(what, HOST + said)
    (listed,) = found.incidents
    assert (listed.incident.blip, listed.incident.last_fail) == (True, at("10-01 12:00:40"))
    assert found.obligations[0].value == 1  # … which, shorter than min_countable, lower nothing
    # Or: counted, and listed as an incident that is none of a blip.
    counted = judged(contract(availability(), doubt="customer", **ONE_DAY), HOST + said)
    assert counted.incidents[0].incident.blip is False
    assert counted.obligations[0].value == 1 - Fraction(40 + 20 + 60, 86_400)


def test_t02_time_is_weighed_and_not_tries():
    # probe 300 s; 12:00 to 12:10 looked at every 20 s. Kuma: 95.97 %, ten tries weigh as ten intervals.
    # down [12:00, 12:09:40); changing the 5 min before and 20 s after: 85200 … 85820 of 86400 s.
    said = (
        "asset host server\ncheck host/icmp 300s\nhost/icmp 10-01 00:00 ok 12:00 fail*1 "
        + " ".join(f"12:{second // 60:02d}:{second % 60:02d} fail*1" for second in range(20, 600, 20))
        + " 12:10 ok 24:00"
    )
    found = result(contract(availability(), **ONE_DAY), said)
    assert times(found) == (85_500 * SECOND, 580 * SECOND, 320 * SECOND, 0)
    assert found.low <= Fraction(86_400 - 600, 86_400) <= found.high  # 99.306 %


def test_t03_a_monitor_that_is_off_saw_nothing():
    # Kuma: 100 %. Up 19 h, unknown 5 h: 100 % of what was measured, 79.17 … 100 %, coverage 79.17 %.
    found = day("host/icmp 10-01 00:00 ok 10:00 ok*1 15:00 ok 24:00")
    assert times(found) == (19 * HOUR, 0, 0, 5 * HOUR)
    assert (found.value, found.low, found.high, found.coverage) == (1, Fraction(19, 24), 1, Fraction(19, 24))
    assert found.verdict == "not_assessable"


@pytest.mark.parametrize("last", ["ok", "fail"])
def test_t04_old_data_says_nothing_about_the_last_day(last):
    # Kuma: 100 % or 0 %, by the last minute seen 39 h before. No value, unknown 24 h.
    found = day(f"host/icmp 09-29 08:00 {last} 09:00")
    assert times(found) == (0, 0, 0, 24 * HOUR)
    assert found.value is None


def test_t05_eighteen_seconds_down_in_eighteen_hours():
    # Kuma: 66.67 % of three beats. Up [0, 65000) s, down 18 s: ok at 64999.999 and 65018, fail in between.
    begin = at("10-01 00:00")
    said = HOST + "host/icmp 10-01 00:00 ok 18:03:19.999 18:03:20 fail*1 18:03:37.999 fail*1 18:03:38 ok*1"
    what = contract(availability(), doubt="split", **ONE_DAY)
    (item,) = result(what, said, as_of="10-01 18:03:38").items
    assert (item.up + item.down + item.changing, at("10-01 18:03:38") - begin) == (65_018 * SECOND, 65_018 * SECOND)
    assert (item.down, item.changing) == (18 * SECOND - 1, 2)
    assert item.value == 1 - Fraction(18, 65_018)  # 99.972 %


def test_t06_the_month_is_the_local_one():
    # down 2026-02-01 00:00-08:00 Beijing. Kuma: 100 %, filed under 31 January UTC. 8 of 672 h: 98.810 %.
    said = HOST + "host/icmp 01-31 00:00 ok 23:59:59.999 24:00 fail 02-01 08:00 ok 03-01 00:00"
    found = result(contract(availability(), doubt="split"), said, "2026-02")
    # the first changing millisecond lies in January; of the minute before 08:00 each side has half
    assert times(found) == (664 * HOUR, 8 * HOUR - MINUTE, MINUTE, 0)
    assert found.low <= 1 - Fraction(8, 672) <= found.high


@pytest.mark.parametrize(("month", "days"), [("2026-02", 28), ("2028-02", 29), ("2026-04", 30), ("2026-10", 31)])
def test_t07_a_month_is_the_calendar_month(month, days):
    begin, end = month_span(month, ZONE)
    assert end - begin == days * DAY


def test_t08_approved_maintenance_is_excluded_and_the_outage_still_listed():
    # Gatus: 95.83 %. 23 of 23 h.
    said = HOST + "host/icmp 10-01 00:00 ok 02:00 fail 03:00 ok 24:00\nmaintenance m1 10-01 02:00 03:00 said 01:00\n"
    found = judged(contract(availability(), **ONE_DAY), said)
    assert times(found.obligations[0]) == (23 * HOUR - MINUTE, 0, MINUTE, 0)
    assert found.obligations[0].value == 1
    assert [listed.incident.detected for listed in found.incidents] == [at("10-01 02:00")]


def test_t09_an_outage_at_the_windows_edge_is_not_dropped():
    # outage 12:31-12:59 the day before; window 12:30 to 12:30. Gatus: 100 %. 28 of 1440 min: 98.06 %
    # (97.99 % with the changing minute).
    said = HOST + "host/icmp 09-30 00:00 ok 12:31 fail 12:59 ok 10-01 12:30"
    window = {"late": calendar("12:30-24:00"), "early": calendar("00:00-12:30")}
    what = contract(
        availability(id="L", calendar="late"),
        availability(id="E", calendar="early"),
        calendars=window,
        term="2026-09-30 2026-10-01",
        doubt="customer",
    )
    late = judged(what, said, "2026-09").obligations[0]
    early = judged(what, said, "2026-10").obligations[1]
    down = sum(item.down + item.changing for item in (*late.items, *early.items))
    whole = sum(sum(times(found)) for found in (late, early))
    assert (down, whole) == (29 * MINUTE, 24 * HOUR)  # 97.99 %


def test_t10_without_results_there_is_no_value():
    # Gatus: 0 %; LibreNMS: 100 or 0 by how it stands now.
    assert day("").value is None


def test_t11_the_future_is_not_up():
    # on 15 October, down since 15 August. Healthchecks: (31 − 14)/31 = 54.8 %. To date 0 %.
    said = HOST + "host/icmp 08-15 00:00 fail 10-15 00:00"
    found = result(contract(availability()), said, as_of="10-15 00:00")
    assert times(found) == (0, 14 * DAY, 0, 0)
    assert (found.value, found.high) == (0, 0)


def test_t12_time_before_the_service_began_is_not_in_it():
    # began on the 21st of a 30-day month, down 5 of its 10 days. Healthchecks: 83.3 %. 50 %.
    said = HOST + "host/icmp 09-21 00:00 ok 09-26 00:00 fail 10-01 00:00"
    found = result(contract(availability(), term="2026-09-21 2026-12-31"), said, "2026-09")
    assert times(found) == (5 * DAY - MINUTE, 5 * DAY, MINUTE, 0)
    assert found.value == Fraction(1, 2)


def test_t13_no_history_and_no_state_is_no_value():
    # Icinga DB: 100 %.
    found = day("")
    assert (found.value, found.verdict) == (None, "not_assessable")


def test_t14_never_checked_all_month_is_unknown_all_month():
    # Icinga DB: 100 %.
    found = result(contract(availability()), HOST)
    assert times(found) == (0, 0, 0, 31 * DAY)
    assert found.value is None


def test_t15_a_downtime_inside_unknown_time_adds_no_up_time():
    # minutes 0-1000: unknown to 500 with maintenance 200-300 in it, down 500-600, ok after. Icinga DB: 87.5 %.
    # S = 900, K = 400, known 500: 400/500 = 80 %.
    said = "host/icmp 10-01 08:20 fail 10:00 ok 16:40\nmaintenance m1 10-01 03:20 05:00 said 01:00\n"
    found = day(
        said,
        availability(calendar="w"),
        calendars={"w": calendar("00:00-16:40")},
        doubt="customer",
    )
    assert times(found) == (400 * MINUTE, 99 * MINUTE, MINUTE, 400 * MINUTE)
    assert found.value == Fraction(80, 100)


def test_t16_excused_days_are_not_divided_by():
    # 30 days of which 29 are down and excused, the 30th down half: 50 % of the one day in service. Icinga DB: 98.33 %.
    said = (
        HOST + "host/icmp 09-01 00:00 fail 09-30 00:00 ok 12:00 fail 10-01 00:00\n"
        "maintenance m1 09-01 00:00 09-30 00:00 said 08-01 00:00"
    )
    found = result(contract(availability()), said, "2026-09")
    assert sum(times(found)) == DAY
    assert found.value == Fraction(1, 2)


def test_t17_an_outage_begins_with_its_first_failed_try():
    # fails at 0 s, confirmed at 60 s, recovers at 120 s. Icinga: 60 s. 0 to 120 s for the customer.
    said = HOST + "host/icmp 10-01 08:00 ok 09:00 fail 09:02 ok 12:00\n"
    (item,) = result(contract(repair(), doubt="customer"), said).items
    assert (item.detected, item.elapsed, item.began_after) == (at("10-01 09:00"), 120 * SECOND, at("10-01 08:59"))


def test_t18_a_stop_of_the_monitor_is_unknown_and_the_repair_clock_starts_at_a_stated_instant():
    # 30 days: ok, not looked at on days 10 to 20, found down, repaired 1 h later. Icinga DB: 99.861 %.
    said = HOST + "host/icmp 09-01 00:00 ok 09-11 00:00 ok*1 09-21 00:00 fail 01:00 ok 10-01 00:00"
    what = contract(availability(), repair(), doubt="customer")
    fleet, repaired = judged(what, said, "2026-09").obligations
    assert times(fleet) == (19 * DAY + 23 * HOUR, 59 * MINUTE, MINUTE, 10 * DAY)
    assert float(fleet.low) == pytest.approx(0.6653, abs=5e-5)
    assert float(fleet.high) == pytest.approx(0.99863, abs=5e-5)
    (item,) = repaired.items
    assert (item.began_after, item.detected, item.elapsed) == (at("09-11 00:00"), at("09-21 00:00"), HOUR)


def test_t19_a_row_of_a_report_over_many_is_the_row_of_a_report_over_one():
    one = HOST + ALL_OF_OCTOBER.replace("ok 11-01", "ok 10-08 00:00 fail 10-09 00:00 ok 11-01")
    other = "asset cam camera\ncheck cam/icmp 60s\ncam/icmp 10-01 00:00 ok 10-20 00:00\n"
    both = result(contract(availability()), one + other).items
    alone = [result(contract(availability()), said).items[0] for said in (other, one)]
    assert list(both) == alone
    assert all(item.up + item.down + item.changing + item.unknown == 31 * DAY for item in both)
    assert all(0 <= item.low <= item.value <= item.high <= 1 for item in both)


def test_t20_maintenance_that_still_runs_applies_up_to_now():
    # IDO ignores it until it ends.
    said = HOST + "host/icmp 10-01 00:00 ok 08:00 fail 10:00\nmaintenance m1 10-01 08:00 18:00 said 07:00\n"
    found = result(contract(availability(), **ONE_DAY), said, as_of="10-01 10:00")
    assert times(found) == (8 * HOUR - MINUTE, 0, MINUTE, 0)


def test_t21_down_beyond_maintenance_counts_from_its_very_end():
    # maintenance 08:00-08:15, down from 08:06:56 to midnight. Icinga: three numbers in three places.
    # It was seen up until 08:06: S = 23:45 + 6 min; down from 08:15 exactly = 15:45; up 8 h 6 min: 33.9623 %.
    said = "host/icmp 10-01 00:00 ok 08:06:56 fail 24:00\nmaintenance m1 10-01 08:00 08:15 said 07:00\n"
    found = day(said)
    assert times(found) == (8 * HOUR + 6 * MINUTE, 15 * HOUR + 45 * MINUTE, 0, 0)
    assert found.value == Fraction(18, 53)


def test_t22_an_outage_still_open_counts():
    # 30 days, one closed hour, one outage open for 3 days. LibreNMS: 99.861 %. 30 d − 73 h: 89.861 %.
    said = HOST + "host/icmp 09-01 00:00 ok 09-10 00:00 fail 01:00 ok 09-28 00:00 fail 10-01 00:00"
    found = result(contract(availability(), doubt="split"), said, "2026-09")
    assert found.low <= 1 - Fraction(73, 720) <= found.high
    assert found.value == 1 - Fraction(73 * 60, 720 * 60) - Fraction(1, 2 * 720 * 60)  # half of the last change


def test_t22_an_open_outage_alone_is_not_the_whole_month():
    # LibreNMS: 0 %. 27 of 30 days: 90.0 %.
    said = HOST + "host/icmp 09-01 00:00 ok 09-28 00:00 fail 10-01 00:00"
    assert result(contract(availability()), said, "2026-09").value == Fraction(9, 10)


def test_t23_a_check_has_at_most_one_open_incident_and_they_never_overlap():
    said = (
        HOST
        + "host/icmp 10-01 00:00 ok 06:00 fail 07:00 ok 07:05 fail 08:00 gap 12:00 fail 13:00 ok 18:00 fail 20:00"
    )
    listed = [each.incident for each in judged(contract(), said).incidents]
    assert [each.detected for each in listed] == [at("10-01 06:00"), at("10-01 18:00")]
    assert [each.restored for each in listed] == [at("10-01 13:00"), None]


def test_t24_exclusions_that_overlap_are_taken_away_once():
    # [01:00, 03:00) and [02:00, 04:00) over an outage [02:30, 05:00), seen up until 02:29: S = 24 h - 91 min,
    # down 1 h (04:00-05:00)
    said = """host/icmp 10-01 00:00 ok 02:30 fail 05:00 ok 24:00
    maintenance m1 10-01 01:00 03:00 said 00:00
    claim c1 host 10-01 02:00 04:00 power said 06:00 accepted 07:00
    """
    assert times(day(said)) == (21 * HOUR + 29 * MINUTE, 59 * MINUTE, MINUTE, 0)


def test_t25_what_counts_is_the_severity_that_the_contract_states():
    # a warning for 2 h, a critical for 1 h: two checks, of which the contract counts one, and repairs one
    said = """
    asset host server
    check host/warn 60s minor counts=no
    check host/crit 60s critical
    host/warn 10-01 00:00 ok 06:00 fail 08:00 ok 24:00
    host/crit 10-01 00:00 ok 12:00 fail 13:00 ok 24:00
    """
    what = contract(availability(), repair("30m", scope={"severity": "critical"}), doubt="customer", **ONE_DAY)
    fleet, repaired = judged(what, said).obligations
    assert fleet.items[0].down + fleet.items[0].changing == HOUR + MINUTE
    assert [item.check for item in repaired.items] == ["host/crit"]
