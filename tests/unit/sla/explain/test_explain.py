"""Which ids name what, and the steps that only some evidence brings about."""

from __future__ import annotations

from fractions import Fraction

import pytest

from config.text.figures import exact_percent
from sla.explain.explain import UnknownIdError, explained, known_ids
from sla.explain.incident import stable_run
from sla.explain.model import At, Length, Name, Share, Word, say
from sla.judge.judge import judge_analysis
from sla.reports.text.explain_text import to_json
from sla.reports.text.value_writer import ValueWriter, json_value
from tests.support.explained import CAM, OUTAGE, analysis_of, explained_as, text_of
from tests.support.timelines import at, availability, contract, inspection, repair

# -- ids ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("A1", "obligation"),
        ("A1:cam", "item"),
        ("A1:deduction", "deduction"),
        ("R1:cam/icmp@2026-10-02T08:00:00+08:00", "item"),
        ("R1:cam/icmp@2026-10-02T00:00:00Z", "item"),
        ("I1:2026-10-01", "item"),
        ("cam/icmp@2026-10-02T08:00:00+08:00", "incident"),
        ("payment", "payment"),
    ],
)
def test_an_id_names_one_thing(name, kind):
    what = contract(availability("99%"), repair("1h"), inspection("day"))
    assert explained_as(name, what, OUTAGE).kind == kind


@pytest.mark.parametrize(
    "name",
    [
        "A2",
        "A1:dog",
        "A1:deductions",
        "cam/icmp",
        "cam/icmp@noon",
        "dog/icmp@2026-10-02T08:00:00+08:00",
        "cam/icmp@2026-10-01T08:00:00+08:00",  # a reading of that instant, but ok
        "cam/icmp@2026-10-02T08:00:01+08:00",  # no reading of that instant
        "cam/icmp@2027-10-02T08:00:00+08:00",
        "R1:cam/icmp@2026-10-02T08:10:00+08:00",  # a fail of it, not its detection
    ],
)
def test_what_names_nothing_is_told_with_what_does(name):
    with pytest.raises(UnknownIdError) as caught:
        explained_as(name, contract(availability("99%"), repair("1h")), OUTAGE)
    assert caught.value.nearest


def test_every_known_id_can_be_explained():
    what = contract(availability("99%"), repair("1h"), inspection("day"))
    analysis = analysis_of(what, OUTAGE)
    judgement = judge_analysis(analysis, "2026-10")
    for name in known_ids(analysis, judgement):
        assert to_json(explained(analysis, judgement, name), judgement, "zh")["explained"]["id"] == name


def test_an_obligation_goes_before_a_word_of_ours():
    assert explained_as("payment", contract(availability("99%", id="payment")), OUTAGE).kind == "obligation"


def test_a_longer_obligation_id_goes_before_a_shorter_one():
    what = contract(availability("99%", id="A"), availability("90%", id="A:cam"))
    assert explained_as("A:cam:deduction", what, OUTAGE).obligation == "A:cam"
    assert explained_as("A:cam", what, OUTAGE).kind == "obligation"


# -- incidents ------------------------------------------------------------------------------------


def test_a_stable_run_is_found_exactly_where_the_incident_is_closed():
    # closed after 10 minutes of ok: 12:00 and 12:10
    analysis = analysis_of(contract(repair("1h")), OUTAGE)
    (incident,) = analysis.detection.incidents("cam/icmp")
    (runs,) = analysis.detection.runs("cam/icmp")
    assert stable_run(runs, incident.last_fail, 600_000) == (at("10-02 12:00"), at("10-03 00:00"))
    assert stable_run(runs, incident.last_fail, 13 * 3_600_000) is None


def test_an_incident_without_any_ok_reading_is_open():
    said = CAM + "cam/icmp 10-01 00:00 fail 10-02 08:00\n"
    assert "No ok reading has followed: it is open." in text_of(
        "cam/icmp@2026-10-01T00:00:00+08:00", contract(), said
    )


def test_an_incident_whose_ok_readings_do_not_last_is_open():
    said = CAM + "cam/icmp 10-01 00:00 fail 01:00 ok 01:05\n"
    told = text_of("cam/icmp@2026-10-01T00:00:00+08:00", contract(), said)
    assert "First ok at 2026-10-01 01:00:00, but no run of ok readings of 10m followed: it is open." in told


@pytest.mark.parametrize(
    ("doubt", "said"),
    [
        ("customer", "doubt = customer: End = the first ok, 2026-10-02 12:00:00."),
        ("split", "doubt = split: End = the middle, 2026-10-02 11:55:00."),
    ],
)
def test_the_end_by_doubt_is_told(doubt, said):
    assert said in text_of("cam/icmp@2026-10-02T08:00:00+08:00", contract(doubt=doubt), OUTAGE)


def test_a_blip_is_told_and_why_no_clause_tests_it():
    # 08:00 to 11:50 is 3 h 50 min, shorter than 4 h
    told = text_of("cam/icmp@2026-10-02T08:00:00+08:00", contract(repair("1h"), ignore_shorter="4h"), OUTAGE)
    assert "End − detected = 3h 50m, less than ignore_shorter = 4h: a blip, not tested." in told
    assert "R1: a blip is listed, not tested." in told


def test_clauses_that_are_not_about_it_say_why():
    what = contract(
        availability("99%"),
        repair("1h", {"severity": "minor"}, id="R2"),
        repair("1h", id="R3"),
        term="2026-11-01 2026-12-31",
    )
    told = text_of("cam/icmp@2026-10-02T08:00:00+08:00", what, OUTAGE)
    assert "R2: its scope does not hold this check." in told
    assert "R3: it lies outside the term." in told


CHAIN = """
    asset core link
    asset hub link behind=core
    asset cam camera behind=hub
    check core/icmp 1m major reach
    check hub/icmp 1m major reach
    check hub/snmp 1m minor
    check cam/icmp 1m critical reach
    check cam/rtsp 1m critical
    core/icmp 10-01 00:00 ok 01:00 fail 02:00 ok 03:00
    hub/icmp 10-01 00:00 ok 01:00 fail 02:00 ok 03:00
    hub/snmp 10-01 00:00 ok 03:00
    cam/icmp 10-01 00:00 ok 01:00 fail 02:00 ok 03:00
    cam/rtsp 10-01 00:00 ok 01:00 fail 02:00 ok 02:30 fail 02:40 ok 03:00
"""


def test_an_explained_fail_names_everything_upstream_that_was_out_and_the_incident_behind_it():
    told = text_of("cam/icmp@2026-10-01T01:30:00+08:00", contract(), CHAIN)
    assert "core was out then by its own reach check. " in told
    assert "hub was out then by its own reach check." in told
    assert "cam was out" not in told
    assert told.count("Its incident is") == 1  # the hub's own fails are explained by the core's
    assert "Its incident is core/icmp@2026-10-01T01:00:00+08:00." in told


def test_a_fail_beside_its_asset_s_own_reach_check_is_its_own_while_that_is_ok():
    told = text_of("cam/rtsp@2026-10-01T02:35:00+08:00", contract(), CHAIN)
    assert "cam itself was not out then, so the fail is this check's own." in told


def test_fails_in_between_that_something_else_explains_are_counted_apart():
    said = CHAIN.replace("cam/rtsp 10-01 00:00 ok 01:00 fail 02:00", "cam/rtsp 10-01 00:00 ok 00:40 fail 02:20")
    said = said.replace("ok 02:30 fail 02:40 ok 03:00", "ok 03:00")
    told = text_of("cam/rtsp@2026-10-01T00:40:00+08:00", contract(), said)
    # out from 00:59 (changing) to 02:00 + 2 min settle: the fails 00:59 to 02:01 are 63
    assert "63 fail readings between are explained by something upstream" in told


# -- words ----------------------------------------------------------------------------------------


def test_figures_are_told_exactly_or_say_that_they_are_cut():
    teller = ValueWriter("en", "Asia/Shanghai")
    assert exact_percent(Fraction(9995, 10000)) == "99.95%"
    assert exact_percent(Fraction(99995, 100000)) == "99.995%"
    assert exact_percent(Fraction(2, 3)) == "66.6666…%"
    assert exact_percent(None) == "–"
    assert teller.figure(Length(Fraction(90_061_001, 1))) == "1d 1h 1m 1.001s"
    assert teller.figure(Length(Fraction(1, 2))) == "0.0005s"
    assert teller.figure(Length(0)) == "0s"
    assert teller.figure(Length(3_600_000)) == "1h"
    assert teller.figure(At(at("10-01 08:00") + 7)) == "2026-10-01 08:00:00.007"
    assert teller.figure(At(None)) == "–"


def test_a_name_from_outside_cannot_steer_and_is_never_a_template():
    teller = ValueWriter("en", "UTC")
    assert teller.figure(Name("a\x1b[2J{b}")) == "a\\x1b[2J{b}"
    assert teller.sentence(say("{id} {title}", id=Name("{title}"), title=Name("t"))) == "{title} t"


def test_for_machines_figures_are_numbers():
    teller = ValueWriter("zh", "UTC")
    assert json_value(Length(1500), teller) == 1.5
    assert json_value(Length(2000), teller) == 2
    assert json_value(Share(None), teller) is None
    assert json_value(At(0), teller) == "1970-01-01T00:00:00Z"
    assert json_value(Word("met"), teller) == "合格"


@pytest.mark.parametrize(
    ("keys", "month", "said"),
    [
        ({}, "2026-10", "120,000.00 / 12 months, rounded down to the cent: fee 10,000.00."),
        ({"fee": "100.00"}, "2026-12", "The last month takes the rest: 100.00 − 11 × 8.33 = 8.37."),
        ({"monthly": "8000.00"}, "2026-12", "A month costs 8,000.00."),
        ({"changes": {"2026-10": "7500.50"}}, "2026-09", "12 months, rounded down to the cent: fee 10,000.00."),
        ({"changes": {"2026-10": "7500.50"}}, "2026-12", "From 2026-10 on a month costs 7,500.50."),
        ({"changes": {"2026-10": "7500.50"}}, "2027-01", "2027-01 lies outside the term: fee 0.00."),
    ],
)
def test_the_fee_of_a_month_says_where_it_comes_from(keys, month, said):
    assert said in text_of("payment", contract(availability("99%"), **keys), OUTAGE, month=month)


def test_an_obligation_with_days_of_its_own_says_them():
    held = "The clause holds from 2026-10-01 to 2026-12-31, both days included."
    assert held in text_of("A1", contract(availability("99%", valid="2026-10-01 2027-06-30")), OUTAGE)
    assert "The clause holds" not in text_of("A1", contract(availability("99%")), OUTAGE)
