"""Turns: spread, faster while changing, never silently lost, no burst after a stall."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from agent.probing.schedule import PLACES, Missed, Schedule, phase_of
from tests.support.agents.checks import check_plan

if TYPE_CHECKING:
    from config.site.model import CheckPlan

TICK = 1_000


def plan(name: str, interval_ms: int = 60_000, failing_interval_ms: int = 10_000) -> CheckPlan:
    return check_plan(id=name, probe="tcp", interval_ms=interval_ms, failing_interval_ms=failing_interval_ms)


def drive(schedule: Schedule, begin: int, end: int, step: int = TICK) -> tuple[list[tuple[int, str]], list[Missed]]:
    looks, missed = [], []
    for now in range(begin, end, step):
        due, lost = schedule.due(now)
        missed += lost
        for each in due:
            looks.append((now, each.id))
            schedule.done(each.id, now, soon=False)
    return looks, missed


def test_a_check_has_one_turn_in_each_interval():
    schedule = Schedule([plan("a/icmp")], now=0, tick_ms=TICK)
    looks, missed = drive(schedule, 0, 600_000)
    assert len(looks) == 10
    assert missed == []


def test_turns_are_spread_over_the_interval():
    plans = [plan(f"cam-{n}/icmp") for n in range(1_200)]
    looks, _ = drive(Schedule(plans, now=0, tick_ms=TICK), 0, 61_000)
    each_second = Counter(now for now, _ in looks)
    assert {name for _, name in looks} == {each.id for each in plans}
    assert max(each_second.values()) < 45  # 20 a second is the mean; all at once would be 1,200


def test_the_phase_of_a_check_is_the_same_in_every_run():
    assert phase_of("link-03/icmp", 60_000) == 58_873
    assert phase_of("link-03/icmp", 60_000, 5_000) == 55_000
    assert phase_of("link-03/icmp", 5, 0) < 5


def test_checks_of_kinds_that_look_at_many_things_at_once_share_places():
    plans = [plan(f"cam-{n}/tcp") for n in range(1_200)]
    looks, _ = drive(Schedule(plans, now=0, tick_ms=TICK, together={"tcp"}), 0, 60_000)
    each_second = Counter(now for now, _ in looks)
    assert len(each_second) == PLACES
    assert max(each_second.values()) < 150  # 100 a place is the mean


@pytest.mark.parametrize("shorter", [10_000, 20_000, 30_000, 60_000])
def test_each_turn_of_a_longer_interval_is_one_of_a_shorter_one_of_the_same_address(shorter: int):
    for n in range(200):
        plans = [replace(plan(f"{n}/{ms}", interval_ms=ms), address=f"10.0.0.{n}") for ms in (shorter, 60_000)]
        looks, _ = drive(Schedule(plans, now=0, tick_ms=TICK, by_address={"tcp"}), 0, 120_000)
        often, seldom = ({now for now, each in looks if each == one.id} for one in plans)
        assert seldom <= often


def test_checks_of_one_address_meet_although_their_intervals_differ():
    plans = [plan("switch/port-1"), plan("switch/port-2"), plan("switch/health", interval_ms=300_000)]
    looks, _ = drive(Schedule(plans, now=0, tick_ms=TICK, by_address={"tcp"}), 0, 600_000)
    moments = {name: {now for now, each in looks if each == name} for name in ("switch/port-1", "switch/port-2")}
    assert moments["switch/port-1"] == moments["switch/port-2"]
    assert {now for now, each in looks if each == "switch/health"} <= moments["switch/port-1"]
    apart, _ = drive(Schedule(plans, now=0, tick_ms=TICK), 0, 600_000)
    assert len({now for now, _ in apart}) == 22  # 10 + 10 + 2 moments instead of 10


@pytest.mark.parametrize("jitter", [0, 3, 499, 997])
def test_an_interval_of_one_tick_loses_no_turn_to_timer_jitter(jitter: int):
    check = plan("a/tcp", interval_ms=TICK)
    schedule = Schedule([check], now=0, tick_ms=TICK)
    edge = phase_of(check.id, TICK)
    looks = 0
    for n in range(100):
        now = n * TICK + edge + (jitter if n % 2 else -jitter // 7)
        due, missed = schedule.due(now)
        assert missed == []
        for each in due:
            looks += 1
            schedule.done(each.id, now, soon=False)
    assert looks >= 98


def test_a_changing_check_is_looked_at_after_its_failing_interval():
    schedule = Schedule([plan("a/icmp")], now=0, tick_ms=TICK)
    first = next(now for now in range(0, 60_000, TICK) if schedule.due(now)[0])
    schedule.done("a/icmp", first, soon=True)
    assert schedule.due(first + 9_000) == ([], [])
    assert [each.id for each in schedule.due(first + 10_000)[0]] == ["a/icmp"]


def test_a_steady_check_returns_to_its_grid():
    schedule = Schedule([plan("a/icmp")], now=0, tick_ms=TICK)
    first = next(now for now in range(0, 60_000, TICK) if schedule.due(now)[0])
    schedule.done("a/icmp", first, soon=True)
    schedule.due(first + 10_000)
    schedule.done("a/icmp", first + 10_000, soon=False)
    looks, missed = drive(schedule, first + 11_000, first + 300_000)
    assert [now for now, _ in looks] == [first + 60_000, first + 120_000, first + 180_000, first + 240_000]
    assert missed == []


def test_a_check_in_flight_is_not_looked_at_again():
    schedule = Schedule([plan("a/tcp", interval_ms=2_000)], now=0, tick_ms=TICK)
    taken = [each.id for now in range(0, 10_000, TICK) for each in schedule.due(now)[0]]
    assert taken == ["a/tcp"]


def test_turns_that_a_slow_look_ran_over_are_told_as_overload():
    schedule = Schedule([plan("a/tcp", interval_ms=2_000)], now=0, tick_ms=TICK)
    first = next(now for now in range(0, 3_000, TICK) if schedule.due(now)[0])
    schedule.done("a/tcp", first + 7_000, soon=False)
    looks, missed = schedule.due(first + 7_000)
    assert looks == []
    assert [(each.reason, each.turns) for each in missed] == [("overload", 3)]


def test_after_a_stall_lost_turns_are_told_and_do_not_come_in_a_burst():
    plans = [plan(f"cam-{n}/icmp") for n in range(600)]
    schedule = Schedule(plans, now=0, tick_ms=TICK)
    drive(schedule, 0, 60_000)
    looks, missed = schedule.due(3_660_000)  # an hour later
    assert looks == []
    assert len(missed) == 600
    assert {each.reason for each in missed} == {"missed"}
    assert {each.turns for each in missed} <= {60, 61}
    after, lost = drive(schedule, 3_661_000, 3_721_000)
    assert len(after) == pytest.approx(600, abs=15)
    assert max(Counter(now for now, _ in after).values()) < 30
    assert lost == []


def test_a_short_stall_loses_no_turn():
    schedule = Schedule([plan(f"cam-{n}/icmp") for n in range(600)], now=0, tick_ms=TICK)
    drive(schedule, 0, 60_000)
    looks, missed = schedule.due(64_000)
    assert missed == []
    assert len(looks) > 20


def test_a_hurried_check_is_due_at_the_next_tick():
    schedule = Schedule([plan("link/icmp")], now=0, tick_ms=TICK)
    first = next(now for now in range(0, 60_000, TICK) if schedule.due(now)[0])
    schedule.done("link/icmp", first, soon=False)
    schedule.hurry("link/icmp", first + 1_500)
    assert [each.id for each in schedule.due(first + 2_000)[0]] == ["link/icmp"]


def test_a_check_hurried_in_flight_is_looked_at_once_more():
    schedule = Schedule([plan("link/icmp")], now=0, tick_ms=TICK)
    first = next(now for now in range(0, 60_000, TICK) if schedule.due(now)[0])
    schedule.hurry("link/icmp", first)
    schedule.done("link/icmp", first + 500, soon=False)
    assert [each.id for each in schedule.due(first + 1_000)[0]] == ["link/icmp"]


def test_late_counts_the_checks_that_wait():
    schedule = Schedule([plan(f"cam-{n}/icmp") for n in range(10)], now=0, tick_ms=TICK)
    assert schedule.late(0) == 0
    assert schedule.late(120_000) == 10
