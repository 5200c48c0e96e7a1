"""Availability while assets come, go and change (SPEC §1, §6), of the few that nobody saw, and its range (§9)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.support.camera_day import CAMERA, HOUR_DOWN, TODAY, TWO
from tests.support.timelines import HOUR, MINUTE, availability, contract, result

DAY_UP = "cam/icmp 10-01 00:00 ok 24:00\n"


def day(said, clause=None, **pieces):
    return result(contract(clause or availability(), **(TODAY | pieces)), CAMERA + said)


def times(item):
    return item.up, item.down, item.changing, item.unknown


def test_only_the_time_in_service_is_service_time():
    found = day(DAY_UP + "asset cam camera from=10-01T06:00 to=10-01T06:00\n")
    # its check serves as long as the asset: the last reading is at 05:59
    assert times(found.items[0]) == (6 * HOUR - MINUTE, 0, 0, MINUTE)


def test_only_the_time_in_scope_is_service_time():
    clause = availability(scope={"kind": "dome"})
    found = day(DAY_UP + "asset cam dome from=10-01T06:00\n", clause)
    assert times(found.items[0]) == (18 * HOUR, 0, 0, 0)


def test_an_asset_that_never_is_in_scope_in_the_month_is_no_item():
    assert day(DAY_UP + "asset cam dome from=10-02T00:00\n", availability(scope={"kind": "dome"})).items == ()
    assert day(DAY_UP + "asset cam camera from=09-30T00:00 to=09-30T00:00\n").items == ()


def test_an_asset_that_comes_at_the_end_of_the_day_is_an_item():
    found = day("asset box camera from=10-01T23:00\n" + DAY_UP, availability(measure="each"))
    assert [item.asset for item in found.items] == ["box", "cam"]
    assert times(found.items[0]) == (0, 0, 0, HOUR)


def test_a_check_that_counts_no_more_says_nothing_from_then_on():
    # down all day; from 12:00 on it does not count, and no check does: unknown
    said = "cam/icmp 10-01 00:00 fail 24:00\ncheck cam/icmp 60s counts=no from=10-01T12:00\n"
    assert times(day(said).items[0]) == (0, 12 * HOUR, 0, 12 * HOUR)


def test_a_second_check_counts_only_while_it_is_in_service():
    # rtsp, in service from 12:00 on, was never looked at: unknown from then on
    said = DAY_UP + "check cam/rtsp 60s from=10-01T12:00\n"
    assert times(day(said).items[0]) == (12 * HOUR, 0, 0, 12 * HOUR)


def test_a_break_in_service_takes_its_time_away_and_ends_nothing():
    # away from 06:00 to 18:00; the last reading before is at 05:59, the first one after at 18:00: unknown between,
    # which but for the last minute lies in the break
    away = "check cam/icmp 60s from=10-01T00:00 to=10-01T06:00\ncheck cam/icmp 60s from=10-01T18:00\n"
    asset = "asset cam camera from=10-01T00:00 to=10-01T06:00\nasset cam camera from=10-01T18:00\n"
    assert times(day(DAY_UP + away + asset).items[0]) == (12 * HOUR - MINUTE, 0, 0, MINUTE)


def test_excused_time_in_which_it_was_up_stays():
    # up 1379 of 1440 minutes; the other 61 are excused
    found = day(HOUR_DOWN + "\nmaintenance m1 09-30 00:00 10-03 00:00 said 09-29 00:00")
    assert (found.verdict, found.value) == ("met", 1)
    assert times(found.items[0]) == (1379 * MINUTE, 0, 0, 0)


# -- the few that nobody saw


FIFTY = "".join(f"asset c{n} camera\ncheck c{n}/icmp 1h\n" for n in range(50))


def fleet(seen, said="", clause=None, **pieces):
    ok = "".join(f"c{n}/icmp 10-01 00:00 ok 24:00\n" for n in range(seen))
    return result(contract(clause or availability("98%"), **(TODAY | pieces)), FIFTY + ok + said)


def test_where_the_few_cannot_matter_the_fleet_is_met():
    # one of fifty unseen: low = 98 %
    found = fleet(49)
    assert (found.verdict, found.low, found.coverage) == ("met", Fraction(98, 100), Fraction(98, 100))


def test_where_the_few_may_be_the_bad_ones_nobody_can_say():
    # two unseen: coverage 96 % is enough of the whole, low 96 % is not
    found = fleet(48)
    assert (found.verdict, found.value, found.low, found.certain) == ("not_assessable", 1, Fraction(96, 100), False)


@pytest.mark.parametrize("unknown", ["up", "down"])
def test_where_the_contract_says_what_unknown_is_it_is_so(unknown):
    assert fleet(48, unknown=unknown).verdict == ("met" if unknown == "up" else "breached")


def test_a_little_missing_from_each_hides_nobody():
    # each unseen for 1 of 24 h after 00:00: own coverage 95.8 %, low 95.8 % < 98 %
    said = "".join(f"c{n}/icmp 10-01 01:00 ok 24:00\n" for n in range(50))
    found = fleet(0, said)
    assert (found.verdict, found.low) == ("met", Fraction(23, 24))


def test_an_asset_without_a_check_that_counts_is_not_one_of_the_few():
    blind = "asset d0 camera\nasset d1 camera\ncheck d1/icmp 1h counts=no\n"
    found = fleet(50, blind)
    assert (found.verdict, found.low) == ("met", Fraction(50, 52))


def test_one_of_the_few_that_was_excused_is_none():
    claims = "".join(
        f"claim k{n} c{n} 10-01 00:00 24:00 power said 10-02 09:00 accepted 10-02 10:00\n" for n in (48, 49)
    )
    assert fleet(48, claims).verdict == "met"
    assert fleet(48, claims, excused="up").verdict == "met"


def test_measured_each_nobody_hides_behind_the_others():
    assert fleet(48, clause=availability("98%", measure="each")).verdict == "met"
    found = fleet(48, clause=availability("98%", measure="each", deduct={"amount_each": "50"}))
    assert (found.deduction, found.least.deduction, found.most.deduction) == (0, 0, 100)


def test_what_is_breached_stays_so():
    down = "c48/icmp 10-01 00:00 fail 24:00\n"
    found = fleet(48, down)  # 48 / 49 = 97.96 %
    assert (found.verdict, found.value) == ("breached", Fraction(48, 49))


# -- certain although too little was seen, and the range


STEPS = {"deduct": {"per": "1%", "amount": "10"}}


@pytest.mark.parametrize(
    ("said", "target", "verdict", "deductions"),
    [
        # ok for 12 h, then nobody: low 50 %, high 100 %; the most: 48 steps below 98 %
        ("ok 12:00", "98%", "not_assessable", (0, 0, 480)),
        ("ok 12:00", "50%", "met", (0, 0, 0)),
        # down for 12 h: low 0, high 50 %
        ("fail 12:00", "98%", "breached", (480, 480, 980)),
        ("fail 12:00", "50%", "not_assessable", (0, 0, 500)),
        ("", "98%", "not_assessable", (0, 0, 980)),
    ],
)
def test_too_little_seen_is_judged_where_it_is_certain(said, target, verdict, deductions):
    seen = f"cam/icmp 10-01 00:00 {said}\n" if said else ""
    found = day(seen, availability(target, **STEPS))
    assert (found.verdict, (found.deduction, found.least.deduction, found.most.deduction)) == (verdict, deductions)


def test_the_range_is_from_value_high_to_value_low_whatever_the_coverage():
    # up 12 h − 1 min, changing 1 min, down 11:59, then 1 min … : fails from 12:00 to 23:59, unknown the last minute
    found = day("cam/icmp 10-01 00:00 ok 12:00 fail 23:59\n", availability(**STEPS))
    # low 719 / 1440 = 49.93 % → 49 steps; high (1440 − 719) / 1440 = 50.07 % → 48
    assert (found.low, found.high) == (Fraction(719, 1440), Fraction(721, 1440))
    assert (found.least.deduction, found.most.deduction) == (480, 490)
    assert found.deduction == 480  # for the vendor 720 / 1439


def test_the_range_loses_points_too_but_never_more_than_there_are():
    clause = availability(points="20", lose={"per": "1%", "amount": "1"})
    found = day("", clause)
    assert (found.least.lost, found.most.lost, found.lost) == (0, 20, 0)


def test_without_service_time_there_is_no_range():
    gone = "asset cam camera from=09-30T00:00 to=09-30T00:00\n"
    found = day(gone, availability(**STEPS))
    assert (found.verdict, found.least.deduction, found.most.deduction) == ("not_applicable", 0, 0)


# -- the clause's own days


def test_a_clause_with_days_of_its_own_is_measured_in_them():
    what = {"term": "2026-10-01 2026-10-03"}
    said = "cam/icmp 10-01 00:00 ok 10-02 00:00 fail 10-03 00:00 ok 24:00\n"
    assert day(said, availability(valid="2026-10-01 2026-10-01"), **what).value == 1
    second = day(said, availability(valid="2026-10-02 2026-10-02"), **what)
    assert (second.value, times(second.items[0])) == (Fraction(1, 1440), (0, 24 * HOUR - MINUTE, MINUTE, 0))
    third = day(said, availability(valid="2026-10-03 -"), **what)
    assert times(third.items[0]) == (24 * HOUR, 0, 0, 0)


def test_a_clause_whose_days_lie_in_other_months_does_not_apply():
    found = day(DAY_UP, availability(valid="2026-10-02 -"), term="2026-10-01 2026-10-03")
    assert times(found.items[0]) == (0, 0, 0, 48 * HOUR)
    other = result(contract(availability(valid="2026-11-01 -"), term="2026-10-01 2026-11-30"), CAMERA + DAY_UP)
    assert (other.verdict, other.items) == ("not_applicable", ())


def test_two_assets_in_and_out_of_scope_are_summed_over_their_own_times():
    # cam-1 is a camera up to 12:00, cam-2 from then on; cam-1 is up, cam-2 down
    said = (
        TWO
        + "asset cam-1 box from=10-01T12:00\nasset cam-2 box from=09-01T00:00\nasset cam-2 camera from=10-01T12:00\n"
        "cam-1/icmp 10-01 00:00 ok 24:00\ncam-2/icmp 10-01 00:00 fail 24:00\n"
    )
    found = result(contract(availability(scope={"kind": "camera"}), **TODAY), said)
    assert (found.value, [times(item) for item in found.items]) == (
        Fraction(1, 2), [(12 * HOUR, 0, 0, 0), (0, 12 * HOUR, 0, 0)],
    )  # fmt: skip
