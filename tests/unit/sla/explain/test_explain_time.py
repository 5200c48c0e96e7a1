"""Explanations of time: deadlines, working days, excused and short outages, what is carried into another month."""

from __future__ import annotations

from datetime import date

import pytest

from sla.contract.holidays_cn import KNOWN_YEARS
from sla.evidence.instants import format_instant
from sla.explain.explain import explained
from sla.explain.model import say
from sla.explain.time import why_day
from sla.judge.judge import judge_analysis
from sla.reports.text.explain_text import document_of
from tests.support.explained import CAM, OUTAGE, analysis_of, explained_as, text_of
from tests.support.reports.columns import column
from tests.support.timelines import availability, calendar, contract, repair

# -- time -----------------------------------------------------------------------------------------


def test_a_clause_whose_calendar_never_has_time_has_no_deadline():
    what = contract(repair("1h", calendar="early"), calendars={"early": calendar("08:00-09:00", "workdays")})
    assert "the deadline." in text_of("R1:cam/icmp@2026-10-02T08:00:00+08:00", what, OUTAGE)
    lasting = OUTAGE + "maintenance m1 ids=cam 10-02 00:00 2256-10-02 00:00 said 2026-10-01 13:00\n"
    told = text_of("R1:cam/icmp@2026-10-02T08:00:00+08:00", what, lasting)
    assert "1h of counted time are never reached: there is no deadline." in told


def test_an_incident_from_before_the_term_starts_with_it():
    what = contract(repair("1h"), term="2026-10-02 2026-12-31")
    said = CAM + "cam/icmp 10-01 00:00 ok 22:00 fail 10-02 03:00 ok 10-03 00:00\n"
    told = text_of("R1:cam/icmp@2026-10-01T22:00:00+08:00", what, said)
    assert "before the term: start is the term's beginning, 2026-10-02 00:00:00." in told


def test_what_is_decided_outside_the_term_belongs_to_its_nearest_month():
    what = contract(repair("12h"), term="2026-09-01 2026-10-02")
    said = CAM + "cam/icmp 10-01 00:00 ok 10-02 22:00 fail 10-04 03:00 ok 10-05 00:00\n"
    told = text_of("R1:cam/icmp@2026-10-02T22:00:00+08:00", what, said, as_of="10-05 00:00")
    assert "It is an item of the month in which it is decided: 2026-10." in told
    what = contract(repair("2000h"), term="2026-09-01 2026-11-30")
    long = CAM + "cam/icmp 10-01 00:00 ok 10-02 22:00 fail 12-01 03:00 ok 12-02 00:00\n"
    told = text_of("R1:cam/icmp@2026-10-02T22:00:00+08:00", what, long, "2026-11", "12-02 00:00")
    assert "Decided outside the term: it belongs to the nearest month of the term, 2026-11." in told


def test_overtime_that_falls_into_the_next_month_is_carried_there():
    # limit 10 h from 10-31 00:00: overtime from 10:00; units of 10 h at 10:00, 20:00, then 11-01 06:00: one of 3 in November
    what = contract(repair("10h", deduct={"per_started": "10h", "amount": "100"}))
    said = CAM + "cam/icmp 10-30 00:00 ok 10-31 00:00 fail 11-01 08:10 ok 11-02 00:00\n"
    name = "R1:cam/icmp@2026-10-31T00:00:00+08:00"
    told = text_of(name, what, said, "2026-10", "11-02 00:00")
    assert "Over by 22h: 3 started units of 10h, 3 × 100 = 300 before caps." in told
    assert "2026-10 lists it as breached, deduction 200.00." in told
    told = text_of(name, what, said, "2026-11", "11-02 00:00")
    assert "2026-11 carries it for its deduction of 100.00; it does not count towards the verdict." in told


def test_a_day_that_a_time_zone_skipped_is_no_row():
    # Samoa went from 29 to 31 December 2011 across the date line
    what = contract(
        repair("1h", calendar="day"),
        term="2011-12-01 2012-01-31",
        zone="Pacific/Apia",
        calendars={"day": calendar("08:00-18:00")},
    )
    said = CAM + "cam/icmp 2011-12-29 00:00 ok 12:00 fail 2011-12-31 12:00 ok 13:00\n"
    analysis = analysis_of(what, said, "2012-01-01 00:00")
    judgement = judge_analysis(analysis, "2011-12")
    (incident,) = analysis.detection.incidents("cam/icmp")
    explanation = explained(analysis, judgement, f"R1:cam/icmp@{format_instant(incident.detected)}")
    (days,) = (step.rows for step in explanation.sections[1].steps if step.rule == "§4 §5")
    assert [each.text for each in column(days, "Day")] == ["2011-12-29", "2011-12-31"]


def test_where_a_table_is_cut_what_was_breached_stays(monkeypatch):
    monkeypatch.setattr("sla.explain.kinds.repair.MOST_ROWS", 1)
    said = CAM + "cam/icmp 10-01 00:00 ok 08:00 fail 08:10 ok 10-02 08:00 fail 12:00 ok 10-03 00:00\n"
    (table,) = (
        step.rows
        for step in explained_as("R1", contract(repair("1h")), said).sections[0].steps
        if step.rows and step.rows.left_out
    )
    assert [each.text for each in column(table, "Incident")] == ["cam/icmp@2026-10-02T08:00:00+08:00"]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 10, 1), "public holiday (official)"),
        (date(2026, 10, 10), "make-up working day (official)"),
        (date(2026, 10, 12), "Monday to Friday"),
        (date(2026, 10, 11), "weekend"),
        (date(2026, 10, 14), "holiday named in the contract"),
        (date(2026, 10, 17), "working day named in the contract"),
        (date(2026, 10, 15), "holiday by the days file"),
        (date(2026, 10, 18), "working day by the days file"),
        (date(max(KNOWN_YEARS) + 1, 3, 1), "weekday, year not official"),
        (date(max(KNOWN_YEARS) + 1, 3, 7), "weekend, year not official"),
    ],
)
def test_why_a_day_counts_agrees_with_the_calendar(day, why):
    office = calendar(
        "08:00-18:00",
        "workdays",
        "CN",
        extra_holidays=(date(2026, 10, 14),),
        extra_workdays=(date(2026, 10, 17),),
    )
    days = {date(2026, 10, 15): False, date(2026, 10, 18): True}
    what = contract(calendars={"office": office}, public_days=days)
    assert why_day(analysis_of(what, CAM), "office", day) == say(why)
    says_working = "working" in why or why.startswith(("Monday", "weekday"))
    assert analysis_of(what, CAM).calendar("office").counts(day) is says_working


def test_why_a_day_counts_under_weekdays_and_under_all():
    what = contract(calendars={"w": calendar("08:00-18:00", ("mon",)), "n": calendar("22:00-24:00")})
    analysis = analysis_of(what, CAM)
    assert why_day(analysis, "w", date(2026, 10, 12)) == say("a weekday of the calendar")
    assert why_day(analysis, "w", date(2026, 10, 13)) == say("no weekday of the calendar")
    assert why_day(analysis, "n", date(2026, 10, 13)) == say("every day counts")


EXCUSED = """
    asset core link
    asset hub link behind=core
    asset cam camera behind=hub
    check core/icmp 1m major reach
    check hub/icmp 1m major reach
    check cam/icmp 1m critical reach
    core/icmp 10-01 00:00 ok 03:00
    hub/icmp 10-01 00:00 ok 01:00 fail 02:00 ok 03:00
    cam/icmp 10-01 00:00 ok 01:00 fail 02:00 ok 03:00
    maintenance m1 ids=hub 00:30 02:30 said 00:10
    maintenance m2 ids=cam 02:30 02:50 said 00:10 unapproved
    claim c1 cam 02:40 02:50 power said 02:55
"""


def test_excused_time_that_follows_from_upstream_names_whose_failure_and_by_whose_word():
    what = contract(availability("99%"))
    told = text_of("A1:cam", what, EXCUSED, as_of="10-01 03:00")
    assert "cut off by hub, whose failure was excused" in told
    assert "maintenance m1, approved, announced 2026-10-01 00:10:00" in told
    assert "maintenance m2, not approved" in told
    assert "claim c1 (power cut) by –: no ruling, not accepted" in told
    # cut off from 00:59 to 01:59 + changing to 02:00 + settle 2 min = 63 min, all of it excused
    assert "Excused time of cam: 1h 3m in all." in told


def test_maintenance_beyond_the_allowance_is_told():
    what = contract(availability("99%"), allowance="1h")
    told = text_of("A1:hub", what, EXCUSED, as_of="10-01 03:00")
    assert "The allowance is 1h a calendar month and asset, earliest first: 1h of the maintenance is over it." in told


def test_excused_time_that_stays_in_and_counts_as_up_is_told():
    told = text_of("A1:hub", contract(availability("99%"), excused="up"), EXCUSED, as_of="10-01 03:00")
    assert "excused = up: 2h of the service time stay in S and count as up." in told


def test_short_outages_that_count_as_up_are_told():
    what = contract(availability("99%"), min_countable="4h")
    assert "seen how they began and ended: 3h 50m." in text_of("A1:cam", what, OUTAGE)


def test_an_asset_that_nothing_looks_at_is_told():
    told = text_of("A1:srv", contract(availability("99%")), CAM + "asset srv server\n")
    assert "The asset has no check that counts: all of it is unknown." in told


def test_more_outages_than_are_listed_are_counted():
    fails = " ".join(f"{hour:02d}:00 fail {hour:02d}:20 ok" for hour in range(1, 15))
    told = text_of("A1:cam", contract(availability("99%")), CAM + f"cam/icmp 10-01 00:00 ok {fails} 23:00\n")
    assert "4 shorter outages are not listed here." in told


def test_practice_data_is_marked():
    analysis = analysis_of(contract(availability("99%")), OUTAGE)
    judgement = judge_analysis(analysis, "2026-10")
    explanation = explained(analysis, judgement, "A1")
    assert document_of(explanation, judgement, "en").marks == ()
    object.__setattr__(judgement, "notes", ({"note": "practice"},))
    assert document_of(explanation, judgement, "en").marks == ("PRACTICE: made-up data, of no consequence",)
