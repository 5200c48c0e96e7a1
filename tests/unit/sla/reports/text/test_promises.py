"""A clause's level, how it is reckoned and what breaking it costs, in a line each; the other kinds: test_monthly_kinds."""

from __future__ import annotations

import pytest

from config.text.figures import NONE
from sla.reports.text.contract_words import calendar_words, scope_words
from sla.reports.text.pen import Pen
from sla.reports.text.promises.registry import deduction_words, points_words, promised, reckoned
from tests.support.clauses import clause
from tests.support.timelines import availability, calendar, contract, inspection, repair

OVERTIME = {"per_started": "1h", "amount": "100", "cap_each": "2000", "cap": "10000"}


def pen(*clauses, language="en", **keys):
    return Pen(contract(*clauses, **keys), language)


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (availability("98%"), "≥ 98.00%", "≥ 98.00%"),
        (repair("4h"), "restored ≤ 4h, ≥ 100.00%", "≤ 4时, ≥ 100.00%"),
        (repair("30m", stage="respond", share="90%"), "answered ≤ 30m, ≥ 90.00%", "≤ 30分, ≥ 90.00%"),
        (inspection("day", coverage="90%"), "every day, ≥ 90.00%", ", ≥ 90.00%"),
    ],
)
def test_the_level_of_a_clause_is_told_in_a_cell(found, english, chinese):
    assert promised(found, pen(found)) == english
    assert promised(found, pen(found, language="zh")).endswith(chinese)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (availability(measure="fleet"), "over all assets together"),
        (availability(measure="each"), "each asset by itself"),
        (repair(clock="detected"), "the clock starts when the fault is detected"),
        (repair(clock="notified"), "the clock starts when the vendor is notified"),
        (
            repair(clock="notified", notify_within="15m"),
            "the clock starts when the vendor is notified, at the latest 15m after detection",
        ),
        (inspection(grace="12h"), "grace 12h"),
        (inspection(contradicted="void"), "a round that monitoring contradicts does not count"),
        (inspection(contradicted="flag"), "a round that monitoring contradicts counts, and is named"),
    ],
)
def test_what_a_figure_hangs_on_is_said_beside_it(found, words):
    assert words in reckoned(found, pen(found))
    assert words not in reckoned(found, pen(found, language="zh"))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (availability(deduct={"per": "0.1%", "amount": "200"}), "200 CNY for each started 0.1% below"),
        (
            availability(deduct={"per": "0.25%", "amount": "1500.50", "cap": "5000"}),
            "1,500.50 CNY for each started 0.25% below; at most 5,000 CNY a month",
        ),
        (availability(measure="each", deduct={"amount_each": "50"}), "50 CNY for each breached asset"),
        (repair(deduct={"per_breach": "500"}), "500 CNY for each breach"),
        (
            repair(deduct=OVERTIME),
            "100 CNY for each started 1h over; at most 2,000 CNY for one incident; at most 10,000 CNY a month",
        ),
        (
            inspection(deduct={"per_missed": "200", "per_late": "50", "per_asset": "5"}),
            "200 CNY for each missed period; 50 CNY for each late period; 5 CNY for each asset left out",
        ),
        (inspection(deduct={"per_late": "50"}), "50 CNY for each late period"),
        (clause("replace", limit="1d", deduct={"per_breach": "50"}), "50 CNY for each breach"),
        (clause("manual", target="90%", deduct={"per": "5%", "amount": "30"}), "30 CNY for each started 5% below"),
    ],
)
def test_what_a_breach_costs_is_told_with_all_digits(found, words):
    assert deduction_words(found, pen(found)) == words


def test_a_clause_that_costs_nothing_has_a_dash():
    assert deduction_words(availability(), pen()) == NONE
    assert points_words(availability(), pen()) == NONE


def test_points_are_told_by_the_same_rule_in_points():
    found = repair(points="20", lose={"per_breach": "2", "cap": "10"})
    assert points_words(found, pen(found)) == "2 points for each breach; at most 10 points a month"
    assert deduction_words(found, pen(found)) == NONE


# -- scopes and calendars -----------------------------------------------------------------------------


def test_a_scope_names_what_narrows_it_and_everything_else_is_everything():
    assert scope_words(availability(scope={}).scope, pen()) == "everything"
    found = scope_words(availability(scope={"kind": ("camera", "link"), "severity": "critical"}).scope, pen())
    assert found == "Kind: camera, link; Severity: critical"


def test_a_long_list_of_assets_says_how_many_are_not_named():
    names = tuple(f"cam-{n}" for n in range(8))
    assert (
        scope_words(availability(scope={"ids": names}).scope, pen())
        == "Assets: cam-0, cam-1, cam-2, cam-3, cam-4 and 3 more"
    )


def test_a_calendar_is_told_with_its_days_and_hours():
    calendars = {
        "office": calendar("08:30-12:00 14:00-24:00", days="workdays"),
        "some": calendar("00:00-24:00", days=("mon", "sat")),
    }
    found = pen(calendars=calendars)
    assert calendar_words("always", found) == "around the clock"
    assert calendar_words("office", found) == "office: workdays 08:30–12:00, 14:00–24:00"
    assert calendar_words("some", found) == "some: Mon, Sat 00:00–24:00"
