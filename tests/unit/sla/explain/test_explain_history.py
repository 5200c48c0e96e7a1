"""Explanations of what was known when: dated definitions, late and backdated records, unseen ends, ranges (SPEC 2)."""

from __future__ import annotations

from dataclasses import replace

from sla.evidence.records import Acknowledged, Approved, Corrected
from sla.explain.explain import explained
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.reports.text.explain_text import document_of
from tests.support.explained import text_of
from tests.support.timelines import at, availability, contract, evidence_of, inspection, records, repair

CAM = """
asset cam camera
check cam/icmp 10m minor reach
cam/icmp 10-01 00:00 ok 10-02 08:00 fail 12:00 ok 10-03 00:00
"""
INCIDENT = "cam/icmp@2026-10-02T08:00:00+08:00"


def told_of(name, what, said, *more, as_of="10-03 00:00", month="2026-10"):
    analysis = Analysis(what, evidence_of([*records(said), *more]), at(as_of))
    judgement = judge_analysis(analysis, month)
    document = document_of(explained(analysis, judgement, name), judgement, "en")
    cells = [str(cell) for block in document.blocks for row in getattr(block, "rows", ()) for cell in row]
    return " ".join([*(getattr(block, "text", "") for block in document.blocks), *cells])


# -- definitions ----------------------------------------------------------------------------------


def test_the_definition_that_governs_is_named_with_its_r():
    said = CAM + "check cam/icmp 10m critical reach from=10-02T00:00 recorded 10-01 12:00\n"
    told = text_of(INCIDENT, contract(), said)
    assert (
        "cam/icmp is what was recorded of cam/icmp at 2026-10-01 12:00:00, governing from 2026-10-02 00:00:00 on."
        in told
    )
    assert "Its severity is critical, that of cam/icmp when it was detected." in told


def test_a_definition_that_comes_after_a_signature_governs_from_there_on():
    said = (
        CAM.replace("10-01 00:00 ok 10-02", "09-01 00:00 ok 10-02")
        + """
    check cam/icmp 10m critical reach from=09-10T00:00 recorded 10-02 00:00
    settled 2026-09 10000.00 0.00 10-01 09:00
    """
    )
    what = contract(term="2026-09-01 2026-12-31")
    told = text_of(INCIDENT, what, said)
    assert "what was signed before stays, so it governs from 2026-10-01 00:00:00 on." in told


def test_an_asset_that_is_in_service_for_a_part_of_the_month_says_for_how_long():
    said = CAM.replace("asset cam camera", "asset cam camera from=10-01T12:00")
    assert "In service and in scope for 30d 12h of it." in text_of("A1:cam", contract(availability()), said)


def test_an_incident_whose_check_left_is_told_as_withdrawn_and_does_not_apply():
    said = CAM.replace("check cam/icmp 10m minor reach", "check cam/icmp 10m minor reach to=10-02T10:00")
    what = contract(repair("4h"))
    told = text_of(f"R1:{INCIDENT}", what, said)
    assert "went out of service at 2026-10-02 10:00:00 and had not come back by 2026-10-03 00:00:00" in told
    assert "Its check went out of service at 2026-10-02 10:00:00, before it was done, 1h 50m ≤ 4h used" in told


def test_a_break_in_service_over_a_signed_month_parts_what_is_looked_at_together():
    said = """
    asset cam camera
    check cam/icmp 10m minor reach to=09-20T00:00
    check cam/icmp 10m minor reach from=10-02T00:00 recorded 10-02 00:00
    cam/icmp 09-19 00:00 ok 20:00 fail 24:00
    cam/icmp 10-02 00:00 ok 08:00 fail 12:00 ok 10-03 00:00
    settled 2026-09 10000.00 0.00 10-01 09:00
    """
    told = text_of(INCIDENT, contract(term="2026-09-01 2026-12-31"), said)
    assert "the month of that was settled before the return was recorded" in told


# -- severity -------------------------------------------------------------------------------------


def test_a_severity_that_is_raised_names_the_check_that_raised_it():
    said = CAM + "check cam/rtsp 10m critical\ncam/rtsp 10-01 00:05 ok 10-02 08:05 fail 11:55 ok 10-03 00:00\n"
    told = text_of(INCIDENT, contract(), said)
    assert "Its severity is raised from minor to critical, that of cam/rtsp of the same asset" in told


# -- clocks ---------------------------------------------------------------------------------------

TOLD = contract(repair("1h", clock="notified", notify_within="15m"))


def test_without_any_notice_the_clock_starts_when_it_should_have_come():
    told = text_of(f"R1:{INCIDENT}", TOLD, CAM)
    assert "No alert was delivered within notify_within = 15m: start = detected + 15m = 2026-10-02 08:15:00." in told


def test_a_late_notice_does_not_start_the_clock():
    told = text_of(f"R1:{INCIDENT}", TOLD, CAM + "notified cam/icmp 10-02 09:00\n")
    assert "The first alert was delivered at 2026-10-02 09:00:00, later than notify_within = 15m" in told
    assert "start = detected + 15m = 2026-10-02 08:15:00." in told


def acknowledged(recorded):
    return Acknowledged(check="cam/icmp", at=at("10-02 08:20"), by="王工", recorded_at=at(recorded))


def test_an_answer_that_is_recorded_too_late_counts_from_then_on():
    what = contract(repair("1h", stage="respond"))
    told = told_of(f"R1:{INCIDENT}", what, CAM, acknowledged("10-02 09:40"))
    assert "recorded only at 2026-10-02 09:40:00, more than backdate = 0s later: it counts from then on" in told


def test_an_answer_that_may_be_backdated_counts_at_the_instant_that_it_names():
    what = contract(repair("1h", stage="respond"), backdate="2h")
    told = told_of(f"R1:{INCIDENT}", what, CAM, acknowledged("10-02 09:40"))
    assert "recorded at 2026-10-02 09:40:00, which backdate = 2h allows: done at 2026-10-02 08:20:00." in told


def test_an_answer_that_was_taken_back_is_listed_as_such():
    back = Corrected(of={"type": "acknowledged", "check": "cam/icmp"}, by="李", at=at("10-02 10:00"))
    told = told_of(INCIDENT, contract(), CAM, acknowledged("10-02 08:20"), back)
    assert "taken back by 李" in told


def test_an_end_that_nobody_saw_is_not_assessable_and_ranges_over_both_ends():
    said = CAM.replace("fail 12:00 ok", "fail*3\ncam/icmp 10-02 12:00 ok")
    what = contract(repair("2h", deduct={"per_breach": "50"}))
    told = text_of(f"R1:{INCIDENT}", what, said)
    assert "Nobody looked at the end: between 2026-10-02 08:20:00 and 2026-10-02 12:00:00" in told
    assert "20m were used by the last fail, 4h by the first ok" in told
    assert "Of 2026-10 at least 0 and at most 50" in told
    payment = text_of("payment", what, said)
    assert "payable is low = 9,950.00" in payment
    assert "high = 10,000.00" in payment


def test_an_incident_that_outlasts_the_term_does_not_apply():
    what = contract(repair("8h"), term="2026-09-01 2026-10-01")
    said = CAM.replace("10-02 08:00 fail 12:00", "22:00 fail 10-02 03:00")
    told = text_of("R1:cam/icmp@2026-10-01T22:00:00+08:00", what, said)
    assert "The term ended at 2026-10-02 00:00:00, before it was done" in told


# -- shares ---------------------------------------------------------------------------------------


def test_the_few_that_nobody_saw_are_named():
    dark = "asset dark camera\ncheck dark/icmp 10m minor reach\ndark/icmp 10-01 00:00 ok*1\n"
    said = CAM.replace("10-02 08:00 fail 12:00 ok 10-03 00:00", "10-21 00:00") + dark
    what = contract(availability("99%"), min_coverage="30%")
    told = text_of("A1", what, said, as_of="10-21 00:00")
    assert "of dark less than min_coverage 30% was seen: the few that nobody saw may be the bad ones of A1" in told


def test_what_is_surely_breached_is_whatever_happened_unseen():
    said = CAM.replace("fail 12:00 ok 10-03 00:00", "fail 20:00")
    told = text_of("A1", contract(availability("99.9%")), said, as_of="10-05 00:00")
    assert "whatever happened unseen: breached, deducted by high." in told
    said = CAM.replace("10-02 08:00 fail 12:00 ok 10-03 00:00", "10-02 12:00")
    told = text_of("A1", contract(availability("30%")), said, as_of="10-05 00:00")
    assert "whatever happened unseen: met." in told


# -- excuses and rounds ---------------------------------------------------------------------------

SIGNED = (
    CAM.replace("10-01 00:00 ok", "09-01 00:00 ok 09-10 08:00 fail 12:00 ok")
    + "settled 2026-09 10000.00 0.00 10-01 09:00\n"
)
SEPTEMBER = contract(availability("99.9%"), term="2026-09-01 2026-12-31")


def test_a_ruling_that_comes_after_the_signature_is_told_to_be_too_late():
    said = (
        SIGNED
        + """
    claim c cam 09-10 08:00 09-10 12:00 power said 09-11 08:00 rejected 09-12 08:00
    ruling c accepted 10-02 08:00
    """
    )
    told = told_of("A1:cam", SEPTEMBER, said, month="2026-09")
    assert "rejected by – at 2026-09-12 08:00:00; what was said after its month was settled is too late" in told


def test_an_approval_that_comes_after_the_signature_is_told_to_be_too_late():
    said = SIGNED + "maintenance m ids=cam 09-10 08:00 12:00 said 09-01 08:00 unapproved\n"
    approved = Approved(maintenance="m", by="甲方", at=at("10-02 08:00"))
    told = told_of("A1:cam", SEPTEMBER, said, approved, month="2026-09")
    assert "maintenance m, approved only after its month was settled" in told


def test_a_round_that_was_recorded_too_late_says_from_when_on_it_counts():
    made = records("inspection i I1 cam 10-01 09:00")
    late = [replace(each, recorded_at=at("10-02 09:00")) for each in made]
    what = contract(inspection("day", grace="12h"))
    told = told_of("I1:2026-10-01", what, CAM, *late)
    assert "recorded too late, counts from 2026-10-02 09:00:00" in told


def test_the_assets_that_a_round_has_to_cover_change_with_what_is_in_service():
    said = CAM + "asset new camera from=10-02T00:00\n"
    told = text_of("I1", contract(inspection("day")), said)
    assert "Which assets are required changes within the month: see each period." in told
