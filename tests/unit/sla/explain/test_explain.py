"""Which ids name what, and the steps that only some evidence brings about."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from config.text.figures import exact_percent
from sla.contract.holidays_cn import KNOWN_YEARS
from sla.evidence.instants import format_instant
from sla.explain.explain import UnknownIdError, explained, known_ids
from sla.explain.incident import stable_run
from sla.explain.model import At, Length, Name, Share, Word, say
from sla.explain.time import why_day
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.reports.text.explain_text import document_of, to_json
from sla.reports.text.value_writer import ValueWriter, json_value
from tests.property.test_explanations import wrong
from tests.support.reports.columns import column
from tests.support.timelines import at, availability, calendar, contract, evidence, inspection, repair

CAM = "asset cam camera\ncheck cam/icmp 10m critical\n"
OUTAGE = CAM + "cam/icmp 10-01 00:00 ok 10-02 08:00 fail 12:00 ok 10-03 00:00\n"


def analysis_of(what, said, as_of="10-03 00:00"):
    return Analysis(what, evidence(said, what.timezone), at(as_of, what.timezone))


def explained_as(name, what, said, month="2026-10", as_of="10-03 00:00"):
    analysis = analysis_of(what, said, as_of)
    judgement = judge_analysis(analysis, month)
    assert wrong(analysis, judgement) == {}
    return explained(analysis, judgement, name)


def text_of(name, what, said, month="2026-10", as_of="10-03 00:00"):
    analysis = analysis_of(what, said, as_of)
    judgement = judge_analysis(analysis, month)
    document = document_of(explained(analysis, judgement, name), judgement, "en")
    cells = [str(cell) for block in document.blocks for row in getattr(block, "rows", ()) for cell in row]
    return " ".join([*(getattr(block, "text", "") for block in document.blocks), *cells])


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
    runs = analysis.detection.runs("cam/icmp")
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


# -- time -----------------------------------------------------------------------------------------


def test_a_clause_whose_calendar_never_has_time_has_no_deadline():
    what = contract(repair("1h", calendar="early"), calendars={"early": calendar("08:00-09:00", "workdays")})
    assert "the deadline." in text_of("R1:cam/icmp@2026-10-02T08:00:00+08:00", what, OUTAGE)
    lasting = OUTAGE + "claim c1 cam 10-02 00:00 2256-10-02 00:00 power said 2026-10-02 13:00 accepted 14:00\n"
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
    what = contract(repair("1000h"), term="2026-09-01 2026-10-02")
    long = CAM + "cam/icmp 10-01 00:00 ok 10-02 22:00 fail 11-30 03:00 ok 12-01 00:00\n"
    told = text_of("R1:cam/icmp@2026-10-02T22:00:00+08:00", what, long, as_of="12-01 00:00")
    assert "Decided outside the term: it belongs to the nearest month of the term, 2026-10." in told


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
    assert "Outages shorter than 4h count as up: 3h 50m." in text_of("A1:cam", what, OUTAGE)


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
