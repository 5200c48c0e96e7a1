"""Repair clauses (SPEC §7): one camera, looked at every minute unless a test says otherwise."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.timelines import HOUR, MINUTE, at, calendar, contract, judged, repair, result

CAMERA = """
asset cam camera
check cam/icmp 60s critical
"""
OFFICE = {"office": calendar("08:00-18:00", "workdays", "CN")}
WEEKDAYS = {"week": calendar("08:00-18:00", ("mon", "tue", "wed", "thu", "fri"))}


def judge(said: str, clause=None, *, month: str = "2026-10", as_of: str | None = None, **pieces):
    return result(contract(clause or repair(), **pieces), CAMERA + said, month, as_of)


def only(said: str, clause=None, **pieces):
    (item,) = judge(said, clause, **pieces).items
    return item


# Fails from 09:00 to 12:59, ok from 13:00: detected 09:00, last_fail 12:59, restored 13:00.
FOUR_HOURS = "cam/icmp 10-09 06:00 ok 09:00 fail 13:00 ok 18:00\n"


# -- what is listed -----------------------------------------------------------------------------


def test_without_an_incident_nothing_applies():
    found = judge("cam/icmp 10-09 06:00 ok 18:00")
    assert (found.verdict, found.value, found.certain, found.items) == ("not_applicable", None, None, ())


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
    assert only(FOUR_HOURS, repair("239m")).certain is False  # vendor 239 min: met; customer 240: breached
    assert only(FOUR_HOURS, repair("240m")).certain is True
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


# -- not done -----------------------------------------------------------------------------------

STILL = "cam/icmp 10-09 06:00 ok 09:00 fail 11:00\n"
"""Still failing at 11:00, the last reading."""


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


# -- notified -----------------------------------------------------------------------------------

NOTIFIED = {"clock": "notified"}


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


# -- working time -------------------------------------------------------------------------------


def test_only_working_time_counts():
    # Fri 10-09 17:00 to Sat 10-10 (a make-up working day) 10:00: 1 h + 2 h, less a minute for the vendor
    said = "cam/icmp 10-09 12:00 ok 17:00 fail 10-10 10:00 ok 18:00"
    item = only(said, repair("3h", calendar="office"), calendars=OFFICE)
    assert (item.elapsed, item.deadline) == (179 * MINUTE, at("10-10 10:00"))


def test_holidays_stop_the_clock():
    # Wed 09-30 17:00 to Thu 10-08 09:00: the holidays 10-01 to 10-07 count nothing
    said = "cam/icmp 09-30 12:00 ok 17:00 fail 10-08 09:00 ok 18:00"
    item = only(said, repair("2h", calendar="office"), calendars=OFFICE)
    assert (item.elapsed, item.deadline, item.verdict) == (119 * MINUTE, at("10-08 09:00"), "met")


def test_a_deadline_at_the_end_of_working_hours_is_that_evening():
    said = "cam/icmp 10-09 12:00 ok 17:00 fail 10-10 10:00 ok 18:00"
    assert only(said, repair("1h", calendar="office"), calendars=OFFICE).deadline == at("10-09 18:00")


def test_excused_time_stops_the_clock():
    said = FOUR_HOURS + "claim c1 cam 10-09 10:00 11:30 power said 12:00 accepted 14:00"
    item = only(said, repair("2h"))
    assert (item.elapsed, item.deadline) == (239 * MINUTE - 90 * MINUTE, at("10-09 12:30"))


def test_overlapping_maintenance_across_the_beginning_stops_the_clock_once():
    said = FOUR_HOURS + ("maintenance m1 10-09 08:00 10:00 said 07:00\nmaintenance m2 10-09 09:30 10:30 said 07:00")
    assert only(said).elapsed == 239 * MINUTE - 90 * MINUTE


def test_without_a_calendar_that_ever_works_there_is_no_deadline():
    never = {"never": calendar("08:00-18:00", ())}
    item = only(FOUR_HOURS, repair(calendar="never"), calendars=never)
    assert (item.deadline, item.elapsed, item.verdict) == (None, 0, "met")
    assert only(STILL, repair(calendar="never"), calendars=never, as_of="10-20 00:00").verdict == "pending"


@pytest.mark.parametrize(("one_day", "hours"), [("03-08", 3), ("11-01", 5)])
def test_in_another_zone_a_night_of_changing_clocks_has_its_true_length(one_day, hours):
    # local 00:00 to 04:00 on the day of the change, restored at 04:00
    said = f"cam/icmp {one_day} 00:00 fail 04:00 ok 12:00"
    place = contract(repair(), zone="America/New_York", doubt="customer")
    (item,) = result(place, CAMERA + said, f"2026-{one_day[:2]}").items
    assert item.elapsed == hours * HOUR


def test_the_29th_of_february_counts_as_a_working_day():
    # Mon 2028-02-28 17:00 + 3 h of 08-18: 1 h on Monday, 2 h on Tuesday the 29th
    said = "cam/icmp 2028-02-28 12:00 ok 17:00 fail 2028-02-29 12:00 ok 18:00"
    leap = {"term": "2028-01-01 2028-12-31", "calendars": WEEKDAYS}
    item = only(said, repair("3h", calendar="week"), month="2028-02", as_of="2028-03-05 00:00", **leap)
    assert item.deadline == at("2028-02-29 10:00")


def test_a_deadline_in_a_year_without_an_official_calendar_is_said():
    said = "cam/icmp 2026-12-31 12:00 ok 17:00 fail 2027-01-04 12:00 ok 18:00"
    both = {"term": "2026-01-01 2027-12-31", "calendars": OFFICE, "as_of": "2027-02-01 00:00"}
    assert judge(said, repair("4h", calendar="office"), month="2027-01", **both).years == {2027}


# -- which month --------------------------------------------------------------------------------


def test_an_outage_over_the_month_end_belongs_to_the_month_in_which_it_is_decided():
    said = "cam/icmp 09-30 20:00 ok 22:00 fail 10-01 01:00 ok 09:00"  # 4 h end at 02:00 in October
    assert judge(said, month="2026-09").items == ()
    assert only(said, month="2026-10").verdict == "met"
    assert only(said, repair("1h"), month="2026-09").decided == at("09-30 23:00")


def test_a_pending_one_is_listed_from_the_month_of_its_detection_to_that_of_as_of():
    said = "cam/icmp 09-30 20:00 ok 22:00 fail 10-01 01:00"
    for month, count in (("2026-08", 0), ("2026-09", 1), ("2026-10", 1), ("2026-11", 0)):
        found = judge(said, month=month, as_of="10-01 01:00")
        assert len(found.items) == count
        assert found.verdict == "not_applicable"


def test_what_is_decided_after_the_term_belongs_to_its_last_month():
    said = "cam/icmp 10-31 20:00 ok 23:00 fail 11-01 02:00 ok 09:00"
    assert only(said, term="2026-01-01 2026-10-31").decided == at("11-01 01:59")
    assert judge(said, term="2026-01-01 2026-10-31", month="2026-11").items == ()


def test_what_is_decided_before_the_term_belongs_to_its_first_month():
    # never notified, too late: decided at `detected`, before the term
    said = "cam/icmp 09-29 00:00 ok 12:00 fail 10-03 03:00 ok 09:00"
    item = only(said, repair(**NOTIFIED), term="2026-10-01 2026-12-31")
    assert (item.verdict, item.decided) == ("not_assessable", at("09-29 12:00"))


# -- the clause ---------------------------------------------------------------------------------

THREE = "cam/icmp 10-09 06:00 ok 08:00 fail 09:00 ok 10:00 fail 11:00 ok 12:00 fail 15:00 ok 18:00\n"
"""Two incidents of 59 minutes, one of 179."""


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


# -- deductions ---------------------------------------------------------------------------------


def deduction(said: str, rule: dict[str, str], limit: str = "1h", **pieces) -> Decimal:
    return judge(said, repair(limit, deduct=rule), **pieces).deduction


def test_a_breach_costs_its_amount_once():
    assert deduction(FOUR_HOURS, {"per_breach": "500"}) == Decimal("500.00")
    assert deduction(FOUR_HOURS, {"per_breach": "500"}, "4h") == Decimal("0.00")


def test_the_share_of_the_clause_does_not_spare_a_breach():
    clause = repair("1h", share="10%", deduct={"per_breach": "500"})
    found = judge(THREE, clause)
    assert (found.verdict, found.deduction) == ("met", Decimal("500.00"))


def test_each_started_unit_of_overtime_costs_its_amount():
    # customer: 240 min − 60 = 180 min over: 3 hours exactly, or 3 started units of 61 min
    rule = {"per_started": "1h", "amount": "100"}
    assert deduction(FOUR_HOURS, rule, doubt="customer") == Decimal("300.00")
    assert deduction(FOUR_HOURS, rule, "59m", doubt="customer") == Decimal("400.00")
    assert deduction(FOUR_HOURS, {"per_started": "61m", "amount": "100"}, doubt="customer") == Decimal("300.00")


def test_one_millisecond_over_starts_a_unit():
    rule = {"per_started": "1h", "amount": "100"}
    assert deduction(FOUR_HOURS, rule, "14399999ms", doubt="customer") == Decimal("100.00")


def test_a_limit_of_nothing_starts_the_first_unit_at_once():
    assert deduction(FOUR_HOURS, {"per_started": "4h", "amount": "100"}, "0s") == Decimal("100.00")


def test_cap_each_bounds_one_incident_and_cap_the_month():
    rule = {"per_started": "30m", "amount": "100"}  # vendor: 179 min over 0: 6, 2 × 59 min over: 2 each
    assert deduction(THREE, rule, "0s") == Decimal("1000.00")
    assert deduction(THREE, rule | {"cap_each": "250"}, "0s") == Decimal("650.00")
    assert deduction(THREE, rule | {"cap_each": "250", "cap": "600"}, "0s") == Decimal("600.00")


def test_cap_each_bounds_a_single_amount_too():
    assert deduction(FOUR_HOURS, {"per_breach": "500", "cap_each": "120"}) == Decimal("120.00")


OVER_THE_END = "cam/icmp 09-30 12:00 ok 20:00 fail 10-01 06:00 ok 18:00\n"
"""From 20:00 to 06:00 (customer): with a limit of 2 h, units fall due at 22:00, 23:00, 00:00 … 05:00."""
HOURLY = {"per_started": "1h", "amount": "100"}


def by_month(clause, said: str = OVER_THE_END, **pieces) -> list[Decimal]:
    return [
        judge(said, clause, month=month, doubt="customer", **pieces).deduction for month in ("2026-09", "2026-10")
    ]


def test_units_of_overtime_fall_into_the_month_in_which_they_begin():
    # units at 22:00 and 23:00 are September's, those at 00:00 to 05:00 October's: 8 in all
    assert by_month(repair("2h", deduct=HOURLY)) == [Decimal("200.00"), Decimal("600.00")]


def test_cap_each_runs_through_the_months_in_order():
    assert by_month(repair("2h", deduct=HOURLY | {"cap_each": "500"})) == [Decimal("200.00"), Decimal("300.00")]
    assert by_month(repair("2h", deduct=HOURLY | {"cap_each": "150"})) == [Decimal("150.00"), Decimal("0.00")]


def test_overtime_in_another_month_is_carried_and_not_tested_again():
    clause = repair("2h", deduct=HOURLY)
    found = judge(OVER_THE_END, clause, month="2026-10", doubt="customer")
    (item,) = found.items
    assert (item.carried, item.verdict, item.deduction) == (True, "breached", Decimal("600.00"))
    assert (found.verdict, found.value) == ("not_applicable", None)


def test_what_costs_nothing_in_another_month_is_not_carried():
    assert (
        judge(OVER_THE_END, repair("2h", deduct={"per_breach": "500"}), month="2026-10", doubt="customer").items == ()
    )
    capped = repair("2h", deduct=HOURLY | {"cap_each": "150"})
    assert judge(OVER_THE_END, capped, month="2026-10", doubt="customer").items == ()


def test_points_lost_alone_carry_nothing():
    clause = repair("2h", points="20", lose=HOURLY | {"amount": "1"})
    found = judge(OVER_THE_END, clause, month="2026-10", doubt="customer")
    assert (found.items, found.lost) == ((), 6)


def test_units_after_the_term_belong_to_its_last_month():
    # the term ends with September: all 8 units are billed there
    found = judge(
        OVER_THE_END, repair("2h", deduct=HOURLY), month="2026-09", doubt="customer", term="2026-01-01 2026-09-30"
    )
    assert found.deduction == Decimal("800.00")


def test_a_unit_owed_at_the_last_working_instant_of_a_month_is_that_months():
    # office hours: limit 2 h from Wed 09-30 16:00 is reached at 18:00 on the 30th, the first instant of it
    said = "cam/icmp 09-30 12:00 ok 16:00 fail 10-08 09:00 ok 18:00"
    clause = repair("2h", calendar="office", deduct=HOURLY)
    assert by_month(clause, said, calendars=OFFICE) == [Decimal("100.00"), Decimal("0.00")]


def test_overtime_over_many_months_is_billed_once_in_each():
    # from 08-31 23:00: limit 1 h is reached at 09-01 00:00; units of a day from there to 11-30 24:00
    said = "cam/icmp 08-31 20:00 ok 23:00 fail 12-01 00:00 ok 12:00"
    clause = repair("1h", deduct={"per_started": "1d", "amount": "1"})
    sums = [
        judge(said, clause, month=f"2026-{month:02d}", doubt="customer").deduction for month in (8, 9, 10, 11, 12)
    ]
    assert sums == [0, 30, 31, 30, 0]


def test_a_running_outage_has_been_billed_what_it_has_cost_so_far():
    # at 10-01 01:00 units of 22:00, 23:00 and 00:00 are owed; that of 01:00 is not exceeded yet
    early = [
        judge(OVER_THE_END, repair("2h", deduct=HOURLY), month=month, doubt="customer", as_of="10-01 01:00").deduction
        for month in ("2026-09", "2026-10")
    ]
    assert early == [Decimal("200.00"), Decimal("100.00")]


def test_points_are_lost_by_the_same_rule_and_never_more_than_there_are():
    clause = repair("1h", points="10", lose={"per_breach": "4", "cap": "3"})
    assert judge(FOUR_HOURS, clause).lost == 3
    greedy = repair("1h", points="10", lose={"per_breach": "40"})
    assert judge(FOUR_HOURS, greedy).lost == 10


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
