"""Explanations of the kinds of docs/obligations.md: each with a breach that costs money, and its arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sla.explain.explain import explained, known_ids
from sla.explain.model import Amount
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.reports.text.explain_text import document_of, to_json
from tests.property.test_explanations import wrong
from tests.support.clauses import HASH, clause, delivered, diagnosed, readings, replaced, scored
from tests.support.reports.columns import column
from tests.support.timelines import at, calendar, contract, evidence_of, records

OFFICE = {"office": calendar("08:00-18:00", "workdays", "CN")}


def analysis_of(one, said="", more=(), as_of="11-30 24:00", **pieces):
    what = contract(one, **({"term": "2026-10-01 2026-12-31", "calendars": OFFICE} | pieces))
    return Analysis(what, evidence_of([*records(said), *more]), at(as_of))


def told(analysis, name="X1", month="2026-10", language="en"):
    judgement = judge_analysis(analysis, month)
    assert wrong(analysis, judgement) == {}
    explanation = explained(analysis, judgement, name)
    assert to_json(explanation, judgement, language)["result"] is not None
    document = document_of(explanation, judgement, language)
    return explanation, " ".join(getattr(block, "text", "") for block in document.blocks)


def deduction(explanation):
    return explanation.figures["deduction"]


def test_quality_shows_the_worst_readings_and_the_units_beyond_the_limit():
    # 60 readings, 50 of 10 ms and 10 of 31 ms: the 95th percentile is rank 57 = 31 ms, 11 ms beyond 20 = 3 started units
    rule = {"per_unit": "5", "amount": "100"}
    one = clause("quality", metric="rtt_ms", at_most=20, percentile=95, measure="each", deduct=rule)
    more = readings("link/icmp", "rtt_ms", "10-01 00:00", "1m", "10*50 31*10")
    analysis = analysis_of(one, "asset link link\ncheck link/icmp 1m\n", more, "10-01 01:00")
    explanation, text = told(analysis)
    assert deduction(explanation) == Amount(Decimal("300.00"))
    assert "value = g / n = 50 / 60 = 83.3333…%" in text
    part, text = told(analysis, "X1:link")
    assert (part.kind, part.id) == ("item", "X1:link")
    assert [each.text for each in column(part.sections[0].steps[0].rows, "Metrics")] == ["other=7, rtt_ms=31"] * 5


def test_quality_of_all_together_shows_the_percentile_asked_for():
    # 20 readings: rank 19 of 20 is 25 ms, 5 ms beyond 20 = 1 unit of 5
    one = clause("quality", metric="rtt_ms", at_most=20, percentile=95, deduct={"per_unit": "5", "amount": "100"})
    more = readings("link/icmp", "rtt_ms", "10-01 00:00", "1m", "10*18 25*2")
    explanation, text = told(
        analysis_of(one, "asset link link\ncheck link/icmp 1m\n", more, "10-01 00:19", min_coverage="0%")
    )
    assert "The percentile asked for is 25." in text
    assert deduction(explanation) == Amount(Decimal("100.00"))


def test_quality_of_all_together_at_least():
    one = clause("quality", metric="margin_db", at_least=3, share="100%", deduct={"per": "10%", "amount": "7"})
    more = readings("link/icmp", "margin_db", "10-01 00:00", "1m", "5*45 1*15")
    explanation, text = told(analysis_of(one, "asset link link\ncheck link/icmp 1m\n", more, "10-01 01:00"))
    assert deduction(explanation) == Amount(Decimal("21.00"))  # 75 % is 25 points below: 3 started steps of 10 % at 7
    assert "margin_db at least 3" in text


def test_repeat_names_the_incident_that_was_one_too_many():
    said = (
        "asset cam camera\ncheck cam/icmp 1h critical\n"
        "cam/icmp 10-01 00:00 ok 10-02 08:00 fail 09:00 ok 10-03 08:00 fail 09:00 ok 10-31 24:00\n"
    )
    one = clause("repeat", within="30d", repeats=0, deduct={"per_breach": "200", "cap_each": "150", "cap": "1000"})
    explanation, text = told(analysis_of(one, said, stable_for="1h"))
    assert deduction(explanation) == Amount(Decimal("150.00"))
    (table,) = (step.rows for step in explanation.sections[0].steps if step.rows and len(step.rows.rows) == 2)
    assert [each.template for each in column(table, "Verdict")] == ["allowed", "one too many"]
    assert "cam/icmp@2026-10-03T08:00:00+08:00" in column(table, "Incident")[1].text
    assert "at most 0 times within 30d" in text


@pytest.mark.parametrize(("worst", "amount"), [("90%", "70.00"), (None, "20.00")])
def test_online_counts_days_below_their_level_and_steps_of_the_mean(worst, amount):
    # day 1: both up; day 2: one of two down: mean (1 + 1/2) / 2 = 75 %, 15 points below 90 %: 2 started steps of 10 %
    said = (
        "asset a camera\nasset b camera\ncheck a/icmp 10m\ncheck b/icmp 10m\n"
        "a/icmp 10-01 00:00 ok 10-02 24:00\nb/icmp 10-01 00:00 ok 10-02 00:00 fail 24:00\n"
    )
    rule = {"per": "10%", "amount": "10"} | ({"per_day": "50"} if worst else {})
    keys = {"worst_day": worst} if worst else {}
    one = clause("online", at=["08:00"], target="90%", deduct=rule, **keys)
    explanation, text = told(analysis_of(one, said, term="2026-10-01 2026-10-02"))
    assert deduction(explanation) == Amount(Decimal(amount))
    assert "at 08:00 on average at least 90% up" in text
    assert "The mean over all roll calls is 75%: breached." in text


def test_report_counts_started_days_of_lateness():
    # due by 5 November, the 3rd working day of it or not: handed in 30 h after the end of that day = 2 started days
    rule = {"per_late": "100", "per_day": "10", "per_missed": "500"}
    one = clause("report", due=5, grace="5d", deduct=rule)
    late = delivered("d", "2026-10", "11-07 06:00", by="乙", sha256=HASH)
    explanation, text = told(analysis_of(one, "", [late]), month="2026-11")
    assert deduction(explanation) == Amount(Decimal("120.00"))
    assert "due by day 5 of the month after" in text


def test_report_due_in_the_month_itself():
    one = clause("report", due=20, due_in="same", calendar="office")
    explanation, text = told(analysis_of(one, ""))
    assert "due by day 20 of the last month, by the calendar office" in text
    assert "The clause says no deduction." in text
    assert explanation.sections[0].title.values["id"].text == "X1"


@pytest.mark.parametrize(("stage", "said"), [("replace", "replaced within 5d"), ("substitute", "a spare within 5d")])
def test_replace_shows_the_working_time_from_diagnosis_to_swap(stage, said):
    # 10-02 10:00 to 10-09 10:00 is 7 d, 2 d over: units k = 0, 1 of 1 d
    one = clause("replace", stage=stage, limit="5d", deduct={"per_started": "1d", "amount": "50"})
    more = [diagnosed("x1", "cam", "10-02 10:00"), replaced("x1", "10-09 10:00")]
    analysis = analysis_of(one, "asset cam camera\n", more)
    explanation, text = told(analysis)
    assert deduction(explanation) == Amount(Decimal("100.00"))
    assert said in text
    part, text = told(analysis, "X1:x1")
    assert deduction(part) == Amount(Decimal("100.00"))
    assert "7d of 5d used: breached." in text


def test_replace_without_a_swap_is_measured_up_to_as_of():
    more = [diagnosed("x1", "cam", "10-02 10:00"), replaced("x1", "10-03 10:00", temporary=True)]
    one = clause("replace", limit="90d")
    _, text = told(analysis_of(one, "asset cam camera\n", more), "X1:x1")
    assert "59d 14h of 90d used: pending." in text


@pytest.mark.parametrize(
    ("rule", "amount"),
    [({"per": "1%", "amount": "10"}, "100.00"), ({"amount_each": "70"}, "70.00"), (None, "0.00")],
)
def test_manual_shows_every_score_and_the_last_stands(rule, amount):
    one = clause("manual", target="90%", **({"deduct": rule} if rule else {}))
    more = [scored("2026-10", "95", "11-01 09:00"), scored("2026-10", "80", "11-02 09:00")]
    explanation, text = told(analysis_of(one, "", more))
    assert deduction(explanation) == Amount(Decimal(amount))
    assert "score / best score = 80%: breached." in text


def test_every_further_item_and_deduction_has_an_id():
    more = [scored("2026-10", "95", "11-01 09:00")]
    analysis = analysis_of(clause("manual", target="90%", deduct={"per": "1%", "amount": "10"}), "", more)
    judgement = judge_analysis(analysis, "2026-10")
    assert {"X1", "X1:deduction", "X1:2026-10", "payment"} <= set(known_ids(analysis, judgement))
    explanation, text = told(analysis, "X1:deduction")
    assert explanation.kind == "deduction"
    assert "Nothing to deduct: deduction 0.00." in text
    assert told(analysis, "X1:2026-10")[0].kind == "item"


@pytest.mark.parametrize(
    "one",
    [
        clause("quality", metric="rtt_ms", at_most=20, share="95%"),
        clause("repeat", within="30d", repeats=0),
        clause("online", at=["08:00"], target="90%"),
        clause("replace", limit="5d"),
        clause("report", due=5),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_clause_without_a_deduction_says_so(one):
    _, text = told(analysis_of(one, "asset cam camera\ncheck cam/icmp 1h\n"))
    assert "The clause says no deduction." in text


def test_online_a_mean_that_cannot_be_assessed_costs_nothing_beside_the_worst_day():
    # day 1: both down; day 2: unknown: coverage 50 %, below min_coverage; the first day is breached all the same
    said = (
        "asset a camera\nasset b camera\ncheck a/icmp 10m\ncheck b/icmp 10m\n"
        "a/icmp 10-01 00:00 fail 24:00\nb/icmp 10-01 00:00 fail 24:00\n"
    )
    rule = {"per": "10%", "amount": "10", "per_day": "50"}
    one = clause("online", at=["08:00"], target="90%", worst_day="80%", deduct=rule)
    explanation, _ = told(analysis_of(one, said, term="2026-10-01 2026-10-02"))
    assert deduction(explanation) == Amount(Decimal("50.00"))


def test_repeat_tells_checks_that_kept_to_it_from_those_that_did_not():
    said = (
        "asset cam camera\ncheck cam/icmp 1h critical\ncheck cam/rtsp 1h critical\n"
        "cam/rtsp 10-01 00:00 ok 10-31 24:00\n"
        "cam/icmp 10-01 00:00 ok 10-02 08:00 fail 09:00 ok 10-03 08:00 fail 09:00 ok 10-31 24:00\n"
    )
    one = clause("repeat", within="30d", repeats=0, deduct={"per_breach": "200"})
    explanation, text = told(analysis_of(one, said, stable_for="1h"))
    assert deduction(explanation) == Amount(Decimal("200.00"))
    assert "checks met / (met + breached) = 50%: breached." in text
