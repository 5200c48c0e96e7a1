"""Repair where the end was not seen, the check left, or nobody was told (SPEC §7), and what it may cost (§9)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.one_camera import FOUR_HOURS, NOTIFIED, STILL, judge, only
from tests.support.timelines import HOUR, MINUTE, at, repair

HOURLY = {"deduct": {"per_started": "1h", "amount": "100"}}
TERM = {"term": "2026-10-01 2026-12-31"}

UNSEEN = "cam/icmp 10-09 06:00 ok 09:00 fail 09:10 gap 15:00 ok 18:00\n"
"""Fails from 09:00 to 09:09, then nobody looks for more than 3 min until it is ok at 15:00."""


def stakes(said, clause, **pieces):
    found = judge(said, clause, **pieces)
    return found.deduction, found.least.deduction, found.most.deduction


def test_an_end_that_nobody_saw_is_not_assessable_if_it_matters():
    # 9 min to the last fail, 6 h to the first ok; the limit lies between
    item = only(UNSEEN, repair("4h"))
    assert (item.verdict, item.decided, item.certain) == ("not_assessable", at("10-09 13:00"), False)
    assert judge(UNSEEN, repair("4h")).verdict == "not_assessable"


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [("9m", "not_assessable"), ("8m", "breached"), ("359m", "not_assessable"), ("6h", "met"), ("7h", "met")],
)
def test_an_end_that_nobody_saw_is_judged_where_it_does_not_matter(limit, verdict):
    assert only(UNSEEN, repair(limit)).verdict == verdict


def test_an_end_that_was_looked_at_is_no_such():
    # a look each minute between last fail and first ok: none, as an ok would be the restoration
    assert only(FOUR_HOURS, repair("239m")).verdict == "met"


def test_explained_fails_are_looks():
    # the link's outage explains the camera's fails up to 15:00, by which somebody looked; its own last fail is at 09:09
    world = "asset link link\ncheck link/icmp 1m reach\nlink/icmp 10-09 06:00 ok 09:10 fail 15:00 ok 18:00\n"
    behind = "asset cam camera behind=link from=10-01T00:00\n"
    said = world + behind + "cam/icmp 10-09 06:00 ok 09:00 fail 15:02 ok 18:00\n"
    item = next(each for each in judge(said, repair("4h", {"kind": "camera"})).items)
    assert (item.last_fail, item.restored, item.verdict) == (at("10-09 09:08"), at("10-09 15:02"), "met")


@pytest.mark.parametrize("stage", ["respond", "arrive"])
def test_only_a_restoration_has_an_unseen_end(stage):
    item = only(UNSEEN, repair("4h", stage=stage))
    assert (item.verdict, item.done) == ("breached", at("10-09 15:00"))


def test_the_range_of_an_unseen_end_is_from_nothing_to_all_of_it():
    # at most from 08:59 (the last ok) to 15:00: 6 h 1 min, 2 h 1 min over: three hours begun
    assert stakes(UNSEEN, repair("4h", **HOURLY)) == (0, 0, 300)


def test_the_range_of_what_was_seen_is_that_of_the_doubt():
    # vendor 239 min: 9 min over 230, one; customer from 08:59 to 13:00, 241 min: 11 over, one as well
    assert stakes(FOUR_HOURS, repair("230m", **HOURLY)) == (100, 100, 100)
    # 239 − 180 = 59 min: one; 241 − 180 = 61 min: two
    assert stakes(FOUR_HOURS, repair("3h", **HOURLY)) == (100, 100, 200)
    assert stakes(FOUR_HOURS, repair("3h", **HOURLY), doubt="customer") == (100, 100, 200)  # 240: begins at detected
    assert stakes(FOUR_HOURS, repair("5h", **HOURLY)) == (0, 0, 0)


def test_the_least_never_exceeds_what_is_deducted_nor_that_the_most():
    for doubt in ("vendor", "customer", "split"):
        for limit in ("1m", "1h", "239m", "4h", "6h"):
            own, least, most = stakes(UNSEEN, repair(limit, **HOURLY), doubt=doubt)
            assert least <= own <= most


LOST = "cam/icmp 10-09 06:00 ok 09:00 fail 10:00\n"


def test_what_nobody_looked_at_any_more_may_last_until_now():
    # as of 10-09 20:00 it is not assessable (the last look was at 10:00); at most from 08:59 on: 11 h 1 min − 4 h
    found = judge(LOST, repair("4h", **HOURLY), as_of="10-09 20:00")
    assert [each.verdict for each in found.items] == ["not_assessable"]
    assert (found.deduction, found.least.deduction, found.most.deduction) == (0, 0, 800)


def test_pending_repairs_are_of_no_month_yet():
    found = judge(STILL, repair("4h", **HOURLY), as_of="10-09 11:02")
    assert [each.verdict for each in found.items] == ["pending"]
    assert (found.least.deduction, found.most.deduction) == (0, 0)


GONE = "check cam/icmp 60s critical from=10-09T11:00 to=10-09T11:00\n"


def test_an_incident_whose_check_left_is_of_no_verdict():
    item = only(STILL + GONE, repair("4h"))
    assert (item.verdict, item.decided, item.done) == ("not_applicable", at("10-09 11:00"), None)


def test_who_was_too_late_before_the_check_left_is_so_all_the_same():
    item = only(STILL + GONE, repair("1h"))
    # fails up to 10:59, the look at 11:00 is out of service
    assert (item.verdict, item.elapsed) == ("breached", 119 * MINUTE)


def test_what_left_may_have_lasted_as_if_it_were_in_service():
    # as of 20:00, from 08:59: 11 h 1 min − 4 h = 7 h 1 min, eight hours begun
    found = judge(STILL + GONE, repair("4h", **HOURLY), as_of="10-09 20:00")
    assert (found.deduction, found.least.deduction, found.most.deduction) == (0, 0, 800)


def test_a_check_that_left_in_time_and_was_mended_before_costs_nothing():
    gone = GONE.replace("11:00", "18:00")
    found = judge(FOUR_HOURS + gone, repair("5h", **HOURLY))
    assert ([each.verdict for each in found.items], found.most.deduction) == (["met"], 0)


def test_time_out_of_service_is_no_working_time():
    # out of service from 10:00 to 12:00 of the four hours, and back: one incident of 2 h less a minute
    away = (
        "check cam/icmp 60s critical from=10-09T06:00 to=10-09T10:00\n"
        "check cam/icmp 60s critical from=10-09T12:00 recorded 10-09 12:00\n"
    )
    item = only(FOUR_HOURS + away, repair("4h"))
    assert (item.detected, item.done, item.elapsed) == (at("10-09 09:00"), at("10-09 12:59"), 119 * MINUTE)


# -- who was told


WITHIN = {**NOTIFIED, "notify_within": "15m"}


@pytest.mark.parametrize(
    ("said", "keys", "start"),
    [
        ("notified cam/icmp 10-09 09:10\n", WITHIN, "09:10"),
        ("notified cam/icmp 10-09 09:40\n", WITHIN, "09:15"),  # later than we owe them
        ("", WITHIN, "09:15"),
        ("notified cam/icmp 10-09 08:59\n", WITHIN, "09:15"),  # before it was detected
        ("notified cam/icmp 10-09 09:40\n", NOTIFIED, "09:40"),
    ],
)
def test_the_clock_starts_with_the_notice_or_when_it_was_due(said, keys, start):
    item = only(FOUR_HOURS + said, repair("8h", **keys))
    assert (item.start, item.verdict) == (at(f"10-09 {start}"), "met")


def test_a_notice_that_was_due_after_the_end_never_started_a_clock():
    short = "cam/icmp 10-09 06:00 ok 09:00 fail 09:10 ok 18:00\n"
    item = only(short, repair("8h", **WITHIN))
    assert (item.start, item.notified, item.verdict) == (at("10-09 09:00"), False, "met")


def test_without_any_notice_a_breach_is_not_assessable():
    assert only(FOUR_HOURS, repair("1h", **NOTIFIED)).verdict == "not_assessable"
    assert only(FOUR_HOURS, repair("1h", **WITHIN)).verdict == "breached"


def test_a_notice_in_the_next_incident_starts_no_earlier_one():
    two = "cam/icmp 10-09 06:00 ok 09:00 fail 10:00 ok 11:00 fail 12:00 ok 15:00\nnotified cam/icmp 10-09 11:01\n"
    first, second = judge(two, repair("4h", **NOTIFIED)).items
    assert (first.notified, second.notified, second.start) == (False, True, at("10-09 11:01"))


# -- answers put in later


def responded(said, **pieces):
    return only(FOUR_HOURS + said, repair("30m", stage="respond"), **pieces)


def test_a_backdated_answer_counts_when_it_was_taken_in():
    late = "acknowledged cam/icmp 10-09 09:10 recorded 10-09 12:00\n"
    item = responded(late)
    assert (item.verdict, item.done, item.elapsed) == ("breached", at("10-09 12:00"), 3 * HOUR)
    item = responded(late, backdate="4h")
    assert (item.verdict, item.done) == ("met", at("10-09 09:10"))


def test_a_backdated_answer_belongs_to_the_incident_that_its_own_instant_falls_in():
    two = "cam/icmp 10-09 06:00 ok 09:00 fail 10:00 ok 11:00 fail 12:00 ok 15:00\n"
    late = "acknowledged cam/icmp 10-09 09:10 recorded 10-09 11:10\n"
    first, second = judge(two + late, repair("30m", stage="respond")).items
    # the first was restored at 10:00, before 11:10; the second has no answer: restored at 12:00
    assert (first.done, second.done) == (at("10-09 10:00"), at("10-09 12:00"))


def test_the_earliest_instant_at_which_an_answer_counts_is_the_one():
    said = "acknowledged cam/icmp 10-09 09:10 recorded 10-09 12:00\nacknowledged cam/icmp 10-09 09:20\n"
    assert responded(said).done == at("10-09 09:20")


def test_no_month_s_report_bills_a_range_twice():
    found = [judge(UNSEEN, repair("4h", **HOURLY), month=month, **TERM) for month in ("2026-10", "2026-11")]
    assert [each.most.deduction for each in found] == [Decimal("300.00"), Decimal("0.00")]
