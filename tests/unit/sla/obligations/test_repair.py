"""Repair clauses (SPEC §7): one camera, looked at every minute unless a test says otherwise."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.support.one_camera import FOUR_HOURS, NOTIFIED, STILL, THREE, judge, only
from tests.support.timelines import HOUR, MINUTE, at, contract, judged, repair

# -- what is listed -----------------------------------------------------------------------------


def test_without_an_incident_nothing_applies():
    found = judge("cam/icmp 10-09 06:00 ok 18:00")
    assert (found.verdict, found.value, found.certain, found.items) == ("not_applicable", None, True, ())


def test_an_incident_shows_both_bounds_of_its_beginning_and_its_end():
    item = only(FOUR_HOURS)
    assert (item.began_after, item.detected) == (at("10-09 08:59"), at("10-09 09:00"))
    assert (item.last_fail, item.restored) == (at("10-09 12:59"), at("10-09 13:00"))


def test_incidents_of_other_severities_are_out_of_scope():
    assert judge(FOUR_HOURS, repair(scope={"severity": "minor"})).items == ()
    assert len(judge(FOUR_HOURS, repair(scope={"severity": ["minor", "critical"]})).items) == 1


def test_a_blip_is_not_tested():
    said = "cam/icmp 10-09 06:00 ok 09:00 fail 09:03 ok 12:00"  # last_fail 09:02: 2 min for the vendor
    assert len(judge(said, ignore_shorter="2m").items) == 1
    assert judge(said, ignore_shorter="121s").items == ()


def test_an_incident_that_ended_before_the_term_is_no_matter_of_the_contract():
    assert judge(FOUR_HOURS, term="2026-10-10 2026-12-31").items == ()


def test_an_incident_whose_last_fail_is_the_terms_first_instant_is_one():
    said = "cam/icmp 09-30 23:00 ok 23:30 fail 10-01 00:01 ok 06:00"
    item = only(said, term="2026-10-01 2026-12-31")
    assert (item.start, item.elapsed) == (at("10-01 00:00"), 0)


def test_an_incident_detected_at_the_terms_end_is_none():
    said = "cam/icmp 10-31 23:00 ok 24:00 fail 11-01 02:00 ok 06:00"
    assert judge(said, term="2026-10-01 2026-10-31").items == ()


def test_down_since_before_the_term_is_measured_from_its_beginning():
    said = "cam/icmp 09-29 00:00 ok 12:00 fail 10-01 03:00 ok 09:00"
    item = only(said, term="2026-10-01 2026-12-31")
    assert (item.detected, item.start) == (at("09-29 12:00"), at("10-01 00:00"))
    assert (item.elapsed, item.verdict) == (2 * HOUR + 59 * MINUTE, "met")


# -- restore, and whom the doubt benefits -------------------------------------------------------


@pytest.mark.parametrize(
    ("doubt", "done", "elapsed"),
    [
        ("vendor", "10-09 12:59", 239 * MINUTE),
        ("customer", "10-09 13:00", 240 * MINUTE),
        ("split", "10-09 12:59:30", 239 * MINUTE + 30_000),
    ],
)
def test_the_end_of_an_outage_is_taken_by_the_doubt(doubt, done, elapsed):
    item = only(FOUR_HOURS, doubt=doubt)
    assert (item.done, item.elapsed, item.verdict) == (at(done), elapsed, "met")


def test_exactly_at_the_limit_is_met_and_a_millisecond_more_is_breached():
    # customer: 09:00 to 13:00
    assert only(FOUR_HOURS, repair("4h"), doubt="customer").verdict == "met"
    assert only(FOUR_HOURS, repair("14399999ms"), doubt="customer").verdict == "breached"


def test_a_verdict_that_depends_on_the_doubt_is_not_certain():
    assert (
        only(FOUR_HOURS, repair("239m")).certain is False
    )  # vendor 239 min: met; customer 08:59 to 13:00, 241: breached
    assert only(FOUR_HOURS, repair("240m")).certain is False
    assert only(FOUR_HOURS, repair("241m")).certain is True
    assert only(FOUR_HOURS, repair("238m")).certain is True


def test_a_met_one_is_decided_when_it_is_done_and_a_breached_one_at_its_deadline():
    assert only(FOUR_HOURS, repair("4h")).decided == at("10-09 12:59")
    item = only(FOUR_HOURS, repair("1h"))
    assert (item.decided, item.deadline) == (at("10-09 10:00"), at("10-09 10:00"))


def test_ok_readings_that_do_not_last_end_no_incident():
    # ok 10:00 to 10:09 lasts 9 min from first to last; 10 are wanted
    item = only("cam/icmp 10-09 06:00 ok 09:00 fail 10:00 ok 10:10 fail 11:00 ok 18:00")
    assert (item.detected, item.last_fail) == (at("10-09 09:00"), at("10-09 10:59"))


def test_ok_readings_that_last_exactly_stable_for_end_it():
    found = judge("cam/icmp 10-09 06:00 ok 09:00 fail 10:00 ok 10:11 fail 11:00 ok 18:00")
    assert [item.detected for item in found.items] == [at("10-09 09:00"), at("10-09 10:11")]


def test_flapping_is_one_incident_from_its_first_to_its_last_fail():
    flapping = " ".join(f"09:{minute:02d} {'ok' if minute % 2 else 'fail'}" for minute in range(60))
    item = only(f"cam/icmp 10-09 06:00 ok {flapping} 10:00 ok 18:00")
    assert (item.detected, item.last_fail, item.restored) == (
        at("10-09 09:00"),
        at("10-09 09:58"),
        at("10-09 09:59"),
    )


def test_unknown_time_never_ends_an_incident():
    # nobody looked from 10:00 to 12:00; found ok at 12:00 for 5 min only, then failing again
    item = only("cam/icmp 10-09 06:00 ok 09:00 fail 10:00 gap 12:00 ok 12:05 fail 13:00 ok 18:00")
    assert (item.detected, item.last_fail) == (at("10-09 09:00"), at("10-09 12:59"))


def test_a_running_outage_within_its_limit_is_pending():
    item = only(STILL, as_of="10-09 11:00")
    assert (item.verdict, item.done, item.decided) == ("pending", None, None)
    assert (item.measured_to, item.elapsed) == (at("10-09 11:00"), 2 * HOUR)


def test_a_running_outage_beyond_its_limit_is_breached_at_the_deadline():
    item = only(STILL, repair("119m"), as_of="10-09 11:00")
    assert (item.verdict, item.done, item.decided) == ("breached", None, at("10-09 10:59"))


def test_at_the_deadline_itself_it_is_still_pending():
    # last_fail 11:00; the limit of 2 h ends at as_of; nobody has seen more
    assert only(STILL, repair("2h"), as_of="10-09 11:00").verdict == "pending"


def test_nobody_looked_until_the_deadline_had_passed():
    # G = 3 min: at 13:00 the reading of 11:00 is not fresh
    assert only(STILL, repair("2h"), as_of="10-09 11:03:00.001").verdict == "not_assessable"


def test_a_reading_of_exactly_g_ago_is_fresh():
    assert only(STILL, repair("2h"), as_of="10-09 11:03").verdict == "pending"


def test_what_nobody_looked_at_is_decided_at_the_deadline():
    item = only(STILL, repair("2h"), as_of="10-10 00:00")
    assert (item.verdict, item.decided, item.certain) == ("not_assessable", at("10-09 11:00"), False)


def test_for_the_customer_it_runs_until_g_after_the_last_reading():
    item = only(STILL, doubt="customer", as_of="10-10 00:00")
    assert (item.measured_to, item.elapsed) == (at("10-09 11:03"), 123 * MINUTE)


def test_for_the_customer_it_runs_no_further_than_as_of():
    assert only(STILL, doubt="customer", as_of="10-09 11:01").measured_to == at("10-09 11:01")


def test_readings_that_could_not_be_made_do_not_prolong_it():
    said = "cam/icmp 10-09 06:00 ok 09:00 fail 11:00 fail*1 11:01 none 12:00"
    assert only(said, doubt="customer", as_of="10-10 00:00").measured_to == at("10-09 11:03")


def test_restored_but_not_yet_closed_runs_to_restored_for_the_customer():
    said = "cam/icmp 10-09 06:00 ok 09:00 fail 11:00 ok 11:05"
    item = only(said, doubt="customer", as_of="10-09 11:05")
    assert (item.done, item.measured_to, item.verdict) == (None, at("10-09 11:00"), "pending")
    assert only(said, as_of="10-09 11:05").measured_to == at("10-09 10:59")


def test_a_restoration_seen_later_corrects_the_verdict():
    assert only(FOUR_HOURS, as_of="10-09 12:00").verdict == "pending"
    assert only(FOUR_HOURS, as_of="10-09 13:10").verdict == "met"


def test_the_clock_starts_with_the_first_notification():
    said = FOUR_HOURS + "notified cam/icmp 10-09 09:30 09:20 10:00"
    item = only(said, repair(**NOTIFIED))
    assert (item.start, item.elapsed, item.notified) == (at("10-09 09:20"), 219 * MINUTE, True)


def test_a_notification_at_detection_counts_and_one_before_does_not():
    assert only(FOUR_HOURS + "notified cam/icmp 10-09 09:00", repair(**NOTIFIED)).start == at("10-09 09:00")
    before = only(FOUR_HOURS + "notified cam/icmp 10-09 08:59:59.999", repair(**NOTIFIED))
    assert before.notified is False


def test_a_notification_at_restoration_comes_too_late():
    assert only(FOUR_HOURS + "notified cam/icmp 10-09 13:00", repair(**NOTIFIED)).notified is False
    assert only(FOUR_HOURS + "notified cam/icmp 10-09 12:59:59.999", repair(**NOTIFIED)).notified is True


def test_notified_after_the_last_fail_is_met_at_the_notification():
    # vendor: done at 12:59, before the clock started at 12:59:30
    item = only(FOUR_HOURS + "notified cam/icmp 10-09 12:59:30", repair(**NOTIFIED))
    assert (item.verdict, item.elapsed, item.decided) == ("met", 0, at("10-09 12:59:30"))


def test_never_notified_and_restored_in_time_is_met():
    item = only(FOUR_HOURS, repair("4h", **NOTIFIED))
    assert (item.verdict, item.start, item.notified) == ("met", at("10-09 09:00"), False)


def test_never_notified_and_too_late_cannot_be_assessed():
    item = only(FOUR_HOURS, repair("1h", **NOTIFIED))
    assert (item.verdict, item.decided, item.deduction) == ("not_assessable", at("10-09 09:00"), 0)


def test_never_notified_and_still_failing_is_pending_while_somebody_looks():
    clause = repair("1h", **NOTIFIED)
    assert only(STILL, clause, as_of="10-09 11:00").verdict == "pending"
    stale = only(STILL, clause, as_of="10-09 11:03:00.001")
    assert (stale.verdict, stale.decided) == ("not_assessable", at("10-09 09:00"))


def test_a_notification_before_the_term_starts_the_clock_at_its_beginning():
    said = "cam/icmp 09-30 20:00 ok 22:00 fail 10-01 03:00 ok 09:00\nnotified cam/icmp 09-30 22:05"
    item = only(said, repair(**NOTIFIED), term="2026-10-01 2026-12-31")
    assert (item.start, item.notified) == (at("10-01 00:00"), True)


# -- respond and arrive -------------------------------------------------------------------------

RESPOND, ARRIVE = repair("30m", stage="respond"), repair("2h", stage="arrive")


def test_the_first_acknowledgement_is_the_response():
    item = only(FOUR_HOURS + "acknowledged cam/icmp 10-09 09:40 09:10", RESPOND)
    assert (item.done, item.elapsed, item.verdict) == (at("10-09 09:10"), 10 * MINUTE, "met")


def test_the_first_arrival_is_the_arrival():
    item = only(FOUR_HOURS + "acknowledged cam/icmp 10-09 09:10\narrived cam/icmp 10-09 11:00", ARRIVE)
    assert (item.done, item.verdict) == (at("10-09 11:00"), "met")


def test_a_response_a_millisecond_beyond_the_limit_is_breached():
    assert only(FOUR_HOURS + "acknowledged cam/icmp 10-09 09:30", RESPOND).verdict == "met"
    assert only(FOUR_HOURS + "acknowledged cam/icmp 10-09 09:30:00.001", RESPOND).verdict == "breached"


def test_restored_before_anybody_answered_is_an_answer():
    said = "cam/icmp 10-09 06:00 ok 09:00 fail 09:20 ok 18:00\n"
    assert only(said, RESPOND).done == at("10-09 09:20")
    assert only(said + "acknowledged cam/icmp 10-09 09:50", RESPOND).done == at("10-09 09:20")
    assert only(said + "acknowledged cam/icmp 10-09 09:15", RESPOND).done == at("10-09 09:15")


def test_an_answer_before_the_detection_or_after_the_next_one_is_not_this_ones():
    said = "cam/icmp 10-09 06:00 ok 09:00 fail 13:00 ok 14:00 fail 15:00 ok 18:00\n"
    first, second = judge(said + "acknowledged cam/icmp 10-09 08:00 14:00", RESPOND).items
    assert (first.done, second.done) == (at("10-09 13:00"), at("10-09 14:00"))


def test_an_answer_to_what_is_restored_but_not_closed_counts():
    said = "cam/icmp 10-09 06:00 ok 09:00 fail 09:10 ok 09:15\nacknowledged cam/icmp 10-09 09:14"
    assert only(said, RESPOND, as_of="10-09 09:15").done == at("10-09 09:14")


def test_without_an_answer_the_stage_runs_to_as_of():
    item = only(STILL, ARRIVE, as_of="10-09 11:00:30")
    assert (item.verdict, item.measured_to, item.decided) == ("breached", at("10-09 11:00:30"), at("10-09 11:00"))
    assert only(STILL, ARRIVE, as_of="10-09 11:00").verdict == "pending"


def test_the_share_of_met_ones_is_held_against_the_contracts():
    assert judge(THREE, repair("1h")).value == Fraction(2, 3)
    assert judge(THREE, repair("1h")).verdict == "breached"
    assert judge(THREE, repair("1h", share="66.6%")).verdict == "met"
    assert judge(THREE, repair("1h", share="66.7%")).verdict == "breached"


def test_what_cannot_be_assessed_counts_in_no_share():
    said = THREE + "notified cam/icmp 10-09 08:01 10:01"  # the third, too late, was never notified
    found = judge(said, repair("1h", **NOTIFIED))
    assert (found.value, found.verdict, found.certain) == (1, "met", True)


def test_nothing_tested_but_something_unseen_is_not_assessable():
    found = judge(STILL, repair("2h"), as_of="10-10 00:00")
    assert (found.verdict, found.value) == ("not_assessable", None)


def test_the_clause_is_certain_only_if_every_tested_incident_is():
    assert judge(THREE, repair("3570s")).certain is False  # 59 min for the vendor, 60 for the customer
    assert judge(THREE, repair("61m")).certain is True


def test_incidents_of_several_checks_come_in_the_order_of_detection():
    said = """
    asset cam camera
    check cam/icmp 60s
    check cam/rtsp 60s
    cam/icmp 10-09 06:00 ok 12:00 fail 13:00 ok 18:00
    cam/rtsp 10-09 06:00 ok 09:00 fail 10:00 ok 18:00
    """
    found = judged(contract(repair()), said).obligations[0]
    assert [item.check for item in found.items] == ["cam/rtsp", "cam/icmp"]
