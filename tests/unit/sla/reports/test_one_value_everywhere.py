"""A figure or an instant that stands in two places of a paper is the same in both: it is judged once and only shown."""

from __future__ import annotations

import pytest

from sla.explain.explain import explained
from sla.explain.payment import sections as payment_sections
from sla.explain.registry import EXPLANATIONS
from sla.explain.time import excused_steps
from sla.judge.judge import judge_analysis
from sla.judge.payment import is_scored
from sla.judge.period import judge_period, parse_period
from sla.measure.analysis import Analysis
from sla.reports.json.events import events_json
from sla.reports.json.month import to_json
from sla.reports.layout.document import Facts, Grid, text_of
from sla.reports.monthly.document import monthly_document
from sla.reports.period.document import period_document
from sla.reports.period.json_format import period_json
from sla.reports.period.trend_chart import trend
from sla.reports.text.explain_text import document_of
from tests.support.clauses import clause
from tests.support.reports import months
from tests.support.reports.columns import column, rows_by, texts
from tests.support.timelines import HOUR, at, availability, calendar, contract, evidence, inspection, repair

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


# -- a signed month that comes to something else -----------------------------------------------------

SIGNED = """
asset cam camera
check cam/x 1h critical
settled 2026-10 10000.00 0.00 11-02 09:00
claim c1 cam 10-04 00:00 10-06 00:00 power said 10-07 09:00 accepted 11-03 09:00
cam/x 2026-10-01 00:00 ok 10-05 06:00 fail 10-05 12:00 ok 11-30 00:00
"""
"""Six hours of the 5th were down when October was signed; a ruling of the day after excuses them."""


def november(*clauses, language="en"):
    agreed = contract(*clauses, term="2026-09-01 2026-12-31")
    found = months.basis(evidence(SIGNED), agreed, "2026-11")
    blocks = monthly_document(found, language).blocks
    table = next(block for block in blocks if isinstance(block, Grid) and "2026-10" in block.title)
    rows = [tuple(text_of(each) for each in row) for row in table.rows]
    return found.judgement, {row[:2]: row[2:] for row in rows}


def test_a_roll_call_that_changed_is_told_in_assets_not_in_time():
    """One asset was down at 08:00: `Down 1`. As the summary's words were read back it had been `Down 0s`."""
    _, rows = november(clause("online", id="O1", at="08:00", target="98%"))
    then, now, why = rows["O1", "2026-10-05"]
    assert (then, now) == ("not applicable Up 0 Down 1 Changing 0 Unknown 0", "–")
    assert why == "ruling on claim c1 by – at 2026-11-03 09:00:00"


def test_time_that_changed_is_told_as_time_with_the_ruling_that_changed_it():
    """Of 744 hours 5 were down and 2 changing; these seven lie in two days that are excused now."""
    _, rows = november(availability("99.9%", id="A1"))
    then, now, why = rows["A1", "cam"]
    assert then == "breached Up 30d 17h Down 5h Changing 2h Unknown 0s"
    assert now == "met Up 30d 17h Down 0s Changing 0s Unknown 0s"
    assert why == "ruling on claim c1 by – at 2026-11-03 09:00:00"


def test_a_ruling_whose_claim_is_not_known_yet_changed_nothing():
    """The claim is said at a later instant than everything else: as of then nobody knows what was ruled on."""
    late = SIGNED + "claim c2 cam 10-05 00:00 10-06 00:00 power said 12-20 09:00 accepted 11-04 09:00\n"
    agreed = contract(availability("99.9%", id="A1"), term="2026-09-01 2026-12-31")
    judgement = judge_analysis(Analysis(agreed, evidence(late), at("12-01 00:00")), "2026-11")
    (adjustment,) = judgement.adjustments
    assert {cause.id for item in adjustment.items for cause in item.causes} == {"c1"}


def test_repeated_faults_that_changed_are_told_in_the_report_s_language():
    _, rows = november(clause("repeat", id="F1", within="30d", repeats=0), language="zh")
    then, now, _ = rows["F1", "cam/x"]
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(f"{then}{now}".lower())


def test_the_difference_of_a_signed_month_is_the_adjustment_in_every_form():
    agreed = availability("99.9%", id="A1", deduct={"per": "1%", "amount": "100"})
    judgement, _ = november(agreed)
    (adjustment,) = judgement.adjustments
    assert adjustment.difference == judgement.payment.adjustment == adjustment.payable - adjustment.settled
    (written,) = to_json(judgement)["adjustments"]
    assert written["difference"] == str(judgement.payment.adjustment)


# -- money and counts --------------------------------------------------------------------------------


def test_deductions_before_and_after_the_month_s_cap_are_those_of_the_judgement_in_every_table():
    """Two clauses deduct 150.00 each; the cap is a hundredth of the fee."""
    clauses = (
        repair("1h", id="R1", deduct={"per_breach": "150"}),
        repair("1h", id="R2", deduct={"per_breach": "150"}),
    )
    found = months.basis(evidence(OUTAGE), contract(*clauses, deduction_cap="1%"))
    paid = found.judgement.payment
    assert (paid.summed, paid.cap, paid.deductions) == (300, paid.fee / 100, min(300, paid.fee / 100))
    tables = [block for block in monthly_document(found, "en").blocks if isinstance(block, Grid)]
    paper = next(each for each in tables if each.title == "Payment")
    money = dict(zip(texts(paper, "Item"), texts(paper, "Amount, CNY"), strict=True))
    assert money["Deductions of all obligations"] == f"{paid.summed:,}"
    assert money["Cap on deductions"] == f"{paid.cap:,}"
    assert money["Deductions"] == f"{paid.deductions:,}"
    overview = next(each for each in tables if "Points lost" in each.columns)
    assert texts(overview, "Deduction")[-1] == f"{paid.summed:,}"
    steps = {each.rule: each.statement.values for each in payment_sections(found.judgement)[0].steps}
    assert steps["§9 deduction_cap"]["most"].value == paid.cap
    assert steps["§9 deduction_cap"]["sum"].value == paid.summed


def test_a_blip_is_no_incident_in_the_facts_nor_month_by_month():
    """An outage of an hour, and one of ten minutes that is too short to be tested."""
    said = """
    asset cam camera
    check cam/x 10m critical
    cam/x 10-01 00:00 ok 10-02 08:00 fail 09:00 ok 10-05 08:00 fail 08:10 ok 11-01 00:00
    """
    agreed = contract(repair("1h"), ignore_shorter="15m")
    found = judge_period(Analysis(agreed, evidence(said), at("11-01 00:00")), parse_period("2026-Q4"))
    assert (found.faults, found.blips, found.judgements[0].faults) == (1, 1, 1)
    paper = period_document(found, "en")
    facts = dict(next(block for block in paper.blocks if isinstance(block, Facts)).pairs)
    by_month = next(block for block in paper.blocks if isinstance(block, Grid) and "2026-10" in block.columns)
    row = rows_by(by_month, "Obligation")["Incidents"]
    assert (text_of(facts["Incidents"]), row["2026-10"]) == ("1", "1")
    told = period_json(found)["incidents"]
    assert (told["count"], told["blips"], told["by_month"]["2026-10"]) == (1, 1, 1)


def test_the_trend_of_rounds_is_drawn_against_what_their_value_is_held_against():
    """Every period has to be done; that a round covers 90 % of the assets in it is another figure."""

    def drawn(coverage):
        agreed = contract(inspection("month", id="I1", coverage=coverage), term="2026-07-01 2026-12-31")
        found = judge_period(Analysis(agreed, evidence(OUTAGE), at("2026-11-01 00:00")), parse_period("2026-Q4"))
        (clause,) = found.clauses
        return clause.results[0].level, trend(clause, ["2026-10"], "promised")

    assert drawn("90%") == drawn("100%") == (1, drawn("100%")[1])


def test_points_of_a_clause_that_could_not_be_judged_are_counted_nowhere():
    """R1 has no incident at all in the month: it drops out of the score, and its row says so."""
    clauses = (repair("1h", id="R1", points="40"), availability("90%", id="A1", points="60", scope={"ids": "cam"}))
    quiet = "asset cam camera\ncheck cam/x 1h\ncam/x 10-01 00:00 ok 11-01 00:00\n"
    found = months.basis(evidence(quiet), contract(*clauses))
    assert [is_scored(found.judgement.contract, each) for each in found.judgement.obligations] == [False, True]
    assert (found.judgement.score.total, found.judgement.score.lost) == (60, 0)
    tables = [block for block in monthly_document(found, "en").blocks if isinstance(block, Grid)]
    overview = next(each for each in tables if "Points lost" in each.columns)
    assert texts(overview, "Points lost")[:2] == ["not counted", "0/60"]
    steps = {each.rule: each for each in payment_sections(found.judgement)[0].steps}
    assert steps["§9 score"].statement.values["total"].value == 60


# -- what the parties said ---------------------------------------------------------------------------


def test_maintenance_beyond_the_allowance_excuses_nothing_in_any_table():
    """Two hours a month are allowed and used up by M1: of M2 nothing is excused, and nobody says that it is."""
    said = """
    asset cam camera
    check cam/x 1m
    cam/x 10-01 00:00 ok 10-04 00:00
    maintenance M1 ids=cam 10-02 08:00 10:00 said 10-01 08:00
    maintenance M2 ids=cam 10-03 08:00 09:00 said 10-01 08:00
    """
    found = months.basis(evidence(said), contract(availability(), allowance="2h"))
    tables = {each.title: each for each in monthly_document(found, "en").blocks if isinstance(each, Grid)}
    shown = {name: row["Excuses"] for name, row in rows_by(tables["Maintenance"], "Maintenance").items()}
    assert shown == {"M1": "yes", "M2": "no, over the allowance"}
    grounds = texts(tables["Excused time, and by whose word"], "Ground")
    assert grounds == ["Maintenance M1"]
    written = {each["id"]: each["excuses"] for each in events_json(found.analysis, "2026-10")["maintenance"]}
    assert written == {"M1": True, "M2": False}
    listed, over = excused_steps(found.analysis, "cam", found.analysis.month_span("2026-10"))
    assert [each.text for each in column(listed.rows, "Excuses")] == ["yes", "no"]
    assert over.statement.values["lost"].ms == HOUR


def test_the_rounds_of_a_period_are_those_that_the_verdict_counted():
    """I1 is of the 2nd; I2 lies in its grace and is made good for it: both count for the 2nd, wherever they are told."""
    said = """
    asset cam camera
    inspection i1 I1 cam 10-02 09:00
    inspection i2 I1 cam 10-03 01:00 for=2026-10-02
    agent 10-03 12:00 start
    """
    clause = inspection("day", id="I1", grace="2h")
    found = months.basis(evidence(said), contract(clause))
    item = next(each for each in found.judgement.obligations[0].items if each.begin == at("10-02 00:00"))
    assert [each.record.id for each in item.rounds] == ["i1", "i2"]
    table = grids(said, clause)["Periods and rounds"]
    assert (
        rows_by(table, "Period from")["2026-10-02 00:00:00"]["Rounds made"]
        == "2026-10-02 09:00:00; 2026-10-03 01:00:00"
    )
    steps = EXPLANATIONS["inspection"].item_sections(found.judgement.obligations[0], item, found.analysis, "2026-10")
    listed = next(each for each in steps[0].steps if each.rows is not None)
    assert [each.text for each in column(listed.rows, "Round")] == ["i1", "i2"]
