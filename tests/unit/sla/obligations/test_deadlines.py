"""Until when an open incident has to be done, under every clause that is about it: what its alert says."""

from __future__ import annotations

import pytest

from sla.measure.analysis import Analysis
from sla.obligations.registry import deadlines_of
from tests.support.timelines import (
    HOUR,
    MINUTE,
    at,
    availability,
    calendar,
    contract,
    evidence,
    inspection,
    judged,
    repair,
)

HEAD = """
asset cam camera
check cam/icmp 1m critical reach
"""
OPEN = HEAD + "cam/icmp 10-05 08:00 ok 10-05 17:00 fail 10-05 17:20\n"
OFFICE = {"office": calendar("09:00-18:00", ("mon", "tue", "wed", "thu", "fri"))}


def deadlines(*clauses, text=OPEN, as_of="10-05 17:20", **keys):
    """(clause, stage, due, is it an estimate) of the check's only incident."""
    analysis = Analysis(contract(*clauses, calendars=OFFICE, **keys), evidence(text), at(as_of))
    (incident,) = analysis.detection.incidents("cam/icmp")
    return [(each.clause.id, each.stage, each.due_at, each.is_estimate) for each in deadlines_of(incident, analysis)]


def test_the_limit_runs_from_detection():
    assert deadlines(repair("4h")) == [("R1", "restore", at("10-05 21:00"), False)]


def test_only_clauses_about_incidents_have_one_in_the_contract_s_order():
    clauses = (
        inspection(),
        repair("4h"),
        availability(),
        repair("15m", id="R2", stage="respond"),
        repair("1h", id="R3", scope={"kind": "nvr"}),
        repair("1h", id="R4", scope={"severity": "minor"}),
    )
    assert deadlines(*clauses) == [
        ("R1", "restore", at("10-05 21:00"), False),
        ("R2", "respond", at("10-05 17:15"), False),
    ]


def test_working_time_goes_on_in_the_next_morning():
    # Monday 17:00 to 18:00 is the first hour, the other three are Tuesday from 09:00
    assert deadlines(repair("4h", calendar="office")) == [("R1", "restore", at("10-06 12:00"), False)]


def test_announced_maintenance_stops_the_clock():
    text = OPEN + "maintenance m1 ids=cam 10-05 18:00 10-05 20:00 said 10-01 00:00\n"
    assert deadlines(repair("4h"), text=text) == [("R1", "restore", at("10-05 23:00"), False)]


def test_a_clock_that_runs_from_the_notice_is_estimated_until_there_is_one():
    clause = repair("4h", clock="notified")
    assert deadlines(clause) == [("R1", "restore", at("10-05 21:20"), True)]
    known = OPEN + "notified cam/icmp 10-05 16:00\nnotified cam/icmp 10-05 17:02\n"
    assert deadlines(clause, text=known) == [("R1", "restore", at("10-05 21:02"), False)]


@pytest.mark.parametrize(
    ("term", "due"),
    [
        ("2026-10-05 2026-12-31", "10-05 21:00"),
        ("2026-10-06 2026-12-31", None),  # over before the term begins
        ("2026-01-01 2026-10-04", None),  # detected after it ended
    ],
)
def test_outside_the_term_there_is_none(term, due):
    found = deadlines(repair("4h"), term=term)
    assert found == ([] if due is None else [("R1", "restore", at(due), False)])


def test_what_goes_on_into_the_term_is_counted_from_its_beginning():
    text = HEAD + "cam/icmp 10-05 08:00 ok 10-05 17:00 fail 10-06 00:10\n"
    found = deadlines(repair("4h"), text=text, as_of="10-06 00:10", term="2026-10-06 2026-12-31")
    assert found == [("R1", "restore", at("10-06 04:00"), False)]


def test_a_calendar_without_any_day_never_reaches_the_limit():
    never = {"office": calendar("09:00-18:00", ())}
    analysis = Analysis(contract(repair("4h", calendar="office"), calendars=never), evidence(OPEN), at("10-05 17:20"))
    (incident,) = analysis.detection.incidents("cam/icmp")
    assert [each.due_at for each in deadlines_of(incident, analysis)] == [None]


@pytest.mark.parametrize("minutes", [239, 241])
def test_the_deadline_that_an_alert_gives_is_the_one_that_the_verdict_counts(minutes):
    end = at("10-05 17:00") + minutes * MINUTE
    text = OPEN.replace("10-05 17:20", "10-05 21:02")
    known = evidence(text)
    clause = repair("4h")
    analysis = Analysis(contract(clause), known, end)
    (incident,) = analysis.detection.incidents("cam/icmp")
    (item,) = judged(contract(clause), known).obligations[0].items
    assert deadlines_of(incident, analysis)[0].due_at == item.deadline == at("10-05 17:00") + 4 * HOUR
