"""What one body of evidence under one contract says before any clause is asked."""

from __future__ import annotations

import pytest

from sla.evidence.intervals import ALWAYS
from sla.evidence.records import Scope
from sla.measure.analysis import Analysis
from tests.support.timelines import DAY, HOUR, MINUTE, at, availability, calendar, contract, evidence, repair

SEEN = """
asset cam-2 camera tags=north
asset cam-1 camera
asset link link
check cam-1/icmp 1m critical reach
check cam-1/rtsp 5m major
check cam-2/icmp 1m critical reach
check cam-2/note 1m minor counts=no
check link/icmp 1m critical reach
cam-1/icmp 10-05 08:00 ok 09:00 fail 09:05 ok 10:00
cam-1/rtsp 10-05 08:00 ok 10:00
cam-2/note 10-05 08:00 fail 10:00
notified cam-1/icmp 10-05 09:03
notified cam-1/icmp 10-05 09:01
acknowledged cam-1/icmp 10-05 09:04
arrived link/icmp 10-05 09:30
"""
ALL_DAY, BY_DAY = repair(), repair(calendar="office")
OFFICE = {"office": calendar("09:00-18:00", ("mon", "tue", "wed", "thu", "fri"))}


def analysis_of(text=SEEN, as_of="10-31 24:00", **keys):
    what = contract(availability(), **{"term": "2026-10-01 2026-12-31", "calendars": OFFICE} | keys)
    return Analysis(what, evidence(text), at(as_of))


def test_what_is_recorded_after_as_of_is_not_known():
    found = analysis_of(as_of="10-05 09:02")
    assert found.notified == {"cam-1/icmp": [at("10-05 09:01")]}
    assert found.acknowledged == {}
    (incident,) = found.detection.incidents("cam-1/icmp")
    assert found.last_at(incident) == at("10-05 09:02")


def test_answers_stand_by_check_in_time_order():
    found = analysis_of()
    assert found.notified == {"cam-1/icmp": [at("10-05 09:01"), at("10-05 09:03")]}
    assert found.arrived == {"link/icmp": [(at("10-05 09:30"), at("10-05 09:30"))]}


FAILING = """
asset cam camera
check cam/icmp 1m critical reach
check cam/rtsp 5m major
cam/icmp 10-05 08:00 ok 09:00 fail 10:00
cam/rtsp 10-05 06:00 fail 07:00
"""


@pytest.mark.parametrize(("check", "last", "gap"), [("icmp", "10:00", 3 * MINUTE), ("rtsp", "07:00", 15 * MINUTE)])
def test_an_incident_is_fresh_for_three_intervals_and_not_a_millisecond_longer(check, last, gap):
    name, last = f"cam/{check}", at(f"10-05 {last}")
    what, seen = contract(availability()), evidence(FAILING)
    found = [Analysis(what, seen, last + late) for late in (gap, gap + 1)]
    incidents = [each.detection.incidents(name)[-1] for each in found]
    assert {each.gap(name, last) for each in found} == {gap}
    assert [one.is_fresh(each) for one, each in zip(found, incidents, strict=True)] == [True, False]


@pytest.mark.parametrize(
    ("scope", "assets"),
    [
        (Scope(), ["cam-1", "cam-2", "link"]),
        (Scope(kind=("camera",)), ["cam-1", "cam-2"]),
        (Scope(kind=("camera",), tags=("north",)), ["cam-2"]),
        (Scope(ids=("drone",)), []),
    ],
)
def test_what_lies_in_a_scope_comes_by_id(scope, assets):
    found = analysis_of()
    assert found.assets_in(scope, found.month_span("2026-10")) == [(each, ALWAYS) for each in assets]


def test_an_asset_s_states_are_those_of_its_checks_that_count():
    found = analysis_of()
    assert found.states("cam-2").down == ()
    assert found.states("cam-1").down == ((at("10-05 09:00"), at("10-05 09:04")),)


def test_service_time_is_month_and_term_and_calendar_up_to_as_of():
    found = analysis_of(as_of="10-06 12:00")
    # the 1st and 2nd are Thursday and Friday, the 5th and 6th Monday and Tuesday
    assert found.service_time("2026-10", BY_DAY) == (
        (at("10-01 09:00"), at("10-01 18:00")),
        (at("10-02 09:00"), at("10-02 18:00")),
        (at("10-05 09:00"), at("10-05 18:00")),
        (at("10-06 09:00"), at("10-06 12:00")),
    )
    assert found.service_time("2026-10", ALL_DAY) == ((at("10-01 00:00"), at("10-06 12:00")),)
    assert found.service_time("2026-11", ALL_DAY) == found.service_time("2026-09", ALL_DAY) == ()


def test_a_clause_with_days_of_its_own_has_a_term_of_its_own():
    found = analysis_of(as_of="10-31 24:00")
    clause = availability(valid="2026-10-05 2026-10-06")
    assert found.service_time("2026-10", clause) == ((at("10-05 00:00"), at("10-07 00:00")),)
    assert found.term_of(clause).months == ("2026-10",)


def test_a_month_outside_the_term_is_the_nearest_of_the_term():
    found = analysis_of()
    term = found.term_of(ALL_DAY)
    assert term.month_of(at("2026-01-15 00:00")) == "2026-10"
    assert term.month_of(at("2026-11-30 23:59")) == "2026-11"
    assert term.month_of(at("2027-05-01 00:00")) == "2026-12"
    assert found.month_of(at("2027-05-01 00:00")) == "2027-05"


def test_working_time_is_one_value_for_all_assets_that_are_excused_alike():
    found = analysis_of()
    assert found.work("cam-1/icmp", BY_DAY) is found.work("cam-2/icmp", BY_DAY)
    assert found.work("cam-1/icmp", BY_DAY) is not found.work("cam-1/icmp", ALL_DAY)
    assert found.work("cam-1/icmp", BY_DAY).work(at("10-05 00:00"), at("10-06 00:00")) == 9 * HOUR


def test_years_without_an_official_table_are_those_that_a_leaning_calendar_touches():
    leaning = {"cn": calendar("09:00-18:00", "workdays", "CN")}
    found = analysis_of(calendars=leaning, term="2026-10-01 2041-12-31")
    spans = [(at("2026-12-31 00:00"), at("2027-01-01 00:00")), (at("2040-05-01 00:00"), at("2041-01-01 00:01"))]
    assert found.years("always", spans) == frozenset()
    assert {2040, 2041} <= found.years("cn", spans)
    assert 2026 not in found.years("cn", spans)


def test_what_a_kind_works_out_for_all_months_is_worked_out_once():
    found, calls = analysis_of(), []
    for _ in range(3):
        assert found.kept(("courses", "R1"), lambda: calls.append(1) or "worked out") == "worked out"
    assert calls == [1]
    assert found.kept(("courses", "R2"), lambda: "another") == "another"


def test_a_month_s_span_is_local():
    begin, end = analysis_of().month_span("2026-10")
    assert (begin, end - begin) == (at("10-01 00:00"), 31 * DAY)
