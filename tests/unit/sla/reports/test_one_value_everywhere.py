"""A figure or an instant that stands in two places of a paper is the same in both: it is judged once and only shown."""

from __future__ import annotations

import pytest

from sla.explain.explain import explained
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.reports.json.month import to_json
from sla.reports.layout.document import Grid, text_of
from sla.reports.monthly.document import monthly_document
from sla.reports.text.explain_text import document_of
from tests.support.reports import months
from tests.support.timelines import at, calendar, contract, evidence, repair

OUTAGE = """
asset cam camera
check cam/x 1m critical
cam/x 10-01 00:00 ok 10-02 08:00 fail 10:00 ok 10-03 00:00
"""
LATE_ALERT = OUTAGE + "notified cam/x 10-02 10:05\n"
"""The alert left when the fault had been over for five minutes."""


def grids(said, *clauses, **keys):
    """The tables of the month's paper, by the beginning of their titles."""
    found = monthly_document(months.basis(evidence(said), contract(*clauses, **keys)), "en")
    return {block.title: block for block in found.blocks if isinstance(block, Grid)}


def cell(tables, title, column, row=0):
    table = next(each for name, each in tables.items() if name.startswith(title))
    return text_of(table.rows[row][table.columns.index(column)])


def explanation(said, name, *clauses):
    analysis = Analysis(contract(*clauses), evidence(said), at("10-03 00:00"))
    judgement = judge_analysis(analysis, "2026-10")
    found = document_of(explained(analysis, judgement, name), judgement, "en")
    return " ".join(getattr(block, "text", "") for block in found.blocks)


# -- repair: the instants that the verdict used -----------------------------------------------------


def test_an_alert_delivered_after_restoration_is_shown_as_delivered_nowhere():
    """Restored 10:00, the alert left at 10:05: it did not start the clock, and no table says that it came in time."""
    clause = repair("1h", clock="notified")
    tables = grids(LATE_ALERT, clause)
    assert cell(tables, "Incidents, both ends", "Notified") == "–"
    assert cell(tables, "Reckoning", "Clock starts") == "never notified"
    (item,) = to_json(months.basis(evidence(LATE_ALERT), contract(clause)).judgement)["obligations"][0]["items"]
    assert item["notified"] is False
    told = explanation(LATE_ALERT, "R1:cam/x@2026-10-02T08:00:00+08:00", clause)
    assert "No alert was delivered while it was open" in told


@pytest.mark.parametrize("clock", ["detected", "notified"])
def test_clauses_with_different_clocks_show_the_same_alert_of_one_incident(clock):
    early = OUTAGE + "notified cam/x 10-02 09:00\nnotified cam/x 10-02 10:05\n"
    assert cell(grids(early, repair("1h", clock=clock)), "Incidents, both ends", "Notified") == "2026-10-02 09:00:00"
    assert cell(grids(LATE_ALERT, repair("1h", clock=clock)), "Incidents, both ends", "Notified") == "–"


def test_the_clock_starts_at_the_alert_that_the_other_table_names():
    early = OUTAGE + "notified cam/x 10-02 08:30\n"
    tables = grids(early, repair("1h", clock="notified"))
    assert cell(tables, "Incidents, both ends", "Notified") == cell(tables, "Reckoning", "Clock starts")


@pytest.mark.parametrize(("stage", "record"), [("respond", "acknowledged"), ("arrive", "arrived")])
def test_the_answer_that_ended_a_stage_is_the_one_that_the_other_table_names(stage, record):
    said = OUTAGE + f"{record} cam/x 10-02 08:20\n{record} cam/x 10-02 08:40\n"
    tables = grids(said, repair("1h", stage=stage))
    shown = cell(tables, "Incidents, both ends", record.capitalize())
    assert shown == cell(tables, "Reckoning", "Done") == "2026-10-02 08:20:00"
    told = explanation(said, "R1:cam/x@2026-10-02T08:00:00+08:00", repair("1h", stage=stage))
    assert "2026-10-02 08:20:00" in told


def test_raw_less_excused_is_net_and_names_whoever_excused_it():
    """From 08:00 to 09:59, an hour of it excused: raw 1 h 59 min, excused 1 h, net 59 min."""
    said = OUTAGE + "claim c1 cam 10-02 08:30 09:30 power said 11:00 accepted 12:00\n"
    tables = grids(said, repair("1h"))
    assert [cell(tables, "Reckoning", name) for name in ("Raw", "Excused", "Net")] == ["1h 59m", "1h", "59m"]
    assert "Claim c1" in cell(tables, "Reckoning", "By whose word")


def test_a_ground_that_excuses_no_counted_time_is_not_named():
    """The clock runs from 08:00 to 12:00 only; the claim of the evening excuses nothing of it."""
    said = """
    asset cam camera
    check cam/x 1m critical
    cam/x 10-01 00:00 ok 10-02 08:00 fail 23:00 ok 10-03 00:00
    claim c1 cam 10-02 20:00 21:00 power said 22:00 accepted 10-02 23:30
    """
    tables = grids(said, repair("1h", calendar="day"), calendars={"day": calendar("08:00-12:00")})
    assert cell(tables, "Reckoning", "Excused") == "0s"
    assert cell(tables, "Reckoning", "By whose word") == "–"
