"""What is due is probed, and what comes of it is readings; and when to probe again, given what was seen."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import agent.site_prober
from agent.probing.rescheduler import Rescheduler
from agent.probing.runner import Observation
from agent.probing.schedule import Schedule
from agent.site_prober import SiteProber
from agent.trust.readings import ReadingStamper
from probes.outcome import fail, none, ok
from tests.support.agents.parts import BEGIN, MINUTE, Watch, clock_of, readings_of, small_site, watcher_of

SITE = small_site()
CHECKS = [plan.id for plan in SITE.checks]
PLANS = {plan.id: plan for plan in SITE.checks}
SECOND = 1_000


class Runner:
    """Keeps what it was told to probe; a test says how each ends."""

    def __init__(self, _kinds, boot_ms, deliver) -> None:
        self.boot_ms, self.deliver = boot_ms, deliver
        self.under_way: dict[str, int] = {}
        self.closed = False

    def start(self, plans) -> None:
        self.under_way |= {plan.id: self.boot_ms() for plan in plans}

    @property
    def in_flight(self) -> int:
        return len(self.under_way)

    async def close(self) -> None:
        self.closed = True


class Doubt:
    """Trusts what it is told to trust."""

    def __init__(self) -> None:
        self.word = "trusted"
        self.samples = 0
        self.blind = False
        self.closed = False

    def trust(self, _seen) -> str:
        return self.word

    def sample(self, _now) -> None:
        self.samples += 1

    def is_blind(self, _now) -> bool:
        return self.blind

    def filtered(self) -> list[str]:
        return ["icmp"]

    async def close(self) -> None:
        self.closed = True


class World:
    """A prober whose clock and runner stand still until they are moved."""

    def __init__(self, monkeypatch, past: str = "", trust: Doubt | None = None) -> None:
        monkeypatch.setattr(agent.site_prober, "Runner", Runner)
        self.watch = Watch()
        self.clock = clock_of(self.watch)
        self.watcher = watcher_of(SITE, past)
        self.schedule = Schedule(SITE.checks, 0, SECOND)
        self.rescheduler = Rescheduler(self.schedule, self.watcher, self.clock)
        self.rescheduler.resume(CHECKS)
        self.traps = SimpleNamespace(closed=False, close=lambda: setattr(self.traps, "closed", True))
        self.trust = trust
        self.prober = SiteProber(
            {},
            self.watch.boot_ms,
            schedule=self.schedule,
            rescheduler=self.rescheduler,
            stamper=ReadingStamper(self.clock.time, trust),  # type: ignore[arg-type]
            trust=trust,  # type: ignore[arg-type]
            traps=self.traps,  # type: ignore[arg-type]
        )
        self.runner: Runner = self.prober._runner  # type: ignore[assignment]

    def at(self, ms: int) -> None:
        self.watch.ms = ms
        self.prober.begin_due()

    def end(self, check: str, outcome) -> None:
        began = self.runner.under_way.pop(check)
        seen = Observation(plan=PLANS[check], began_ms=began, ended_ms=self.watch.ms, outcome=outcome)
        self.runner.deliver(seen)

    def whole_interval(self) -> list[str]:
        """Which checks were begun in one interval, tick by tick, none of them ending."""
        for tick in range(61):
            self.at(tick * SECOND)
        return sorted(self.runner.under_way)


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def test_within_an_interval_every_check_is_begun_once(world):
    assert world.whole_interval() == sorted(CHECKS)
    assert world.prober.in_flight == len(CHECKS)


def test_what_ended_is_a_reading_at_the_instant_of_its_answer(world):
    world.whole_interval()
    assert not world.prober.is_waiting
    world.watch.ms = 70 * SECOND
    world.end("link/icmp", ok())
    world.watch.ms = 71 * SECOND
    world.end("cam-1/icmp", fail("silent"))
    assert world.prober.is_waiting
    found = {each.check: each for each in world.prober.take()}
    assert (found["link/icmp"].at, found["link/icmp"].outcome) == (BEGIN + 70 * SECOND, "ok")
    assert (found["cam-1/icmp"].outcome, str(found["cam-1/icmp"].reason)) == ("fail", "silent")
    assert not world.prober.is_waiting
    assert world.prober.take() == []


def test_turns_that_nobody_used_are_readings_that_say_nothing(world):
    """The loop stood for five minutes: each check missed turns, and is not probed five times now."""
    world.at(0)
    began = set(world.runner.under_way)
    world.at(5 * MINUTE)
    found = [each for each in world.prober.take() if each.check not in began]
    assert {each.outcome for each in found} == {"none"}
    assert all(each.metrics["turns"] >= 4 for each in found)


def test_a_fail_while_the_loop_stood_still_says_nothing(world):
    world.whole_interval()
    world.watch.ms = 65 * SECOND
    world.prober.stalled(64 * SECOND)
    world.end("link/icmp", fail("silent"))
    world.end("cam-1/icmp", ok())
    assert [each.outcome for each in world.prober.take() if each.check == "link/icmp"] == ["none"]


def test_a_fail_that_needs_a_second_opinion_waits_and_ends_as_none_when_the_agent_does(monkeypatch):
    world = World(monkeypatch, trust=Doubt())
    world.whole_interval()
    world.trust.word = "wait"
    world.end("link/icmp", fail("silent"))
    assert world.prober.take() == []
    assert world.prober.is_waiting, "it is held"
    (rest,) = world.prober.take_rest()
    assert rest.outcome == "none"
    assert not world.prober.is_waiting


def test_a_second_opinion_that_comes_makes_it_a_fail(monkeypatch):
    world = World(monkeypatch, trust=Doubt())
    world.whole_interval()
    world.trust.word = "wait"
    world.end("link/icmp", fail("silent"))
    world.prober.take()
    world.trust.word = "trusted"
    assert [each.outcome for each in world.prober.take()] == ["fail"]


def test_while_the_disk_is_slow_only_so_much_is_begun(world, monkeypatch):
    monkeypatch.setattr(agent.site_prober, "MOST_WAITING", 2)
    world.whole_interval()
    for check in CHECKS[:2]:
        world.end(check, ok())
    world.at(3 * MINUTE)
    assert not set(CHECKS[:2]) & set(world.runner.under_way), "both wait for the disk"
    assert len(world.prober.take()) == 2
    world.at(3 * MINUTE + SECOND)
    assert world.prober.is_waiting, "the turns that went by are missed"


def test_without_a_network_to_watch_nothing_is_blind_or_filtered(world):
    assert (world.prober.is_blind, world.prober.filtered) == (False, [])


def test_the_network_is_sampled_while_something_is_under_way_and_when_the_status_asks(monkeypatch):
    world = World(monkeypatch, trust=Doubt())
    world.whole_interval()
    sampled = world.trust.samples
    assert sampled > 0
    world.trust.blind = True
    assert world.prober.is_blind
    assert world.trust.samples == sampled + 1
    assert world.prober.filtered == ["icmp"]


async def test_stopping_closes_runner_and_traps_and_closing_the_rest(monkeypatch):
    world = World(monkeypatch, trust=Doubt())
    await world.prober.stop()
    assert (world.runner.closed, world.traps.closed, world.trust.closed) == (True, True, False)
    assert world.prober.take_rest() == []
    await world.prober.close()
    assert world.trust.closed


# When to probe again


def due_within(world, ms: int) -> set[str]:
    """The checks that are begun in the next `ms`."""
    before = set(world.runner.under_way)
    for tick in range(ms // SECOND + 1):
        world.at(world.watch.ms + (SECOND if tick else 0))
    return set(world.runner.under_way) - before


def test_what_fails_is_probed_again_after_its_failing_interval_and_what_is_well_is_not(world):
    world.whole_interval()
    world.end("cam-1/icmp", fail("silent"))
    world.end("cam-2/icmp", ok())
    failing_s = PLANS["cam-1/icmp"].failing_interval_ms
    assert due_within(world, failing_s + SECOND) == {"cam-1/icmp"}


def test_a_fail_hurries_the_link_that_could_explain_it(world):
    world.whole_interval()
    world.end("link/icmp", ok())
    world.end("cam-1/icmp", fail("silent"))
    assert "link/icmp" in due_within(world, SECOND)


def test_a_link_that_is_back_hurries_what_waited_for_it(world):
    world.whole_interval()
    for check in CHECKS:
        world.end(check, fail("silent"))
    world.watcher.observe(readings_of("\n".join(f"{check} 1 fail" for check in CHECKS)))
    due_within(world, 11 * SECOND)
    world.end("link/icmp", ok())
    assert due_within(world, SECOND) >= {"cam-1/icmp", "cam-2/icmp", "cam-3/icmp"} - set(world.runner.under_way)


@pytest.mark.parametrize("link", ["fail", "ok"])
def test_a_check_that_is_cut_off_keeps_its_turns_and_another_is_probed_more_often(world, link):
    """What cuts it off is probed more often instead; once that is back, this one is hurried."""
    world.watcher.observe(readings_of(f"link/icmp 0 ok 1 {link}"))
    world.whole_interval()
    world.watch.ms = 61 * SECOND
    world.end("cam-1/icmp", fail("silent"))
    turn = world.schedule._turns["cam-1/icmp"]
    soon = 61 * SECOND + PLANS["cam-1/icmp"].failing_interval_ms
    assert (turn.due == soon) == (link == "ok")
    assert ((turn.due - turn.phase) % MINUTE == 0) == (link == "fail")


def test_none_does_not_count_as_a_change(world):
    world.whole_interval()
    world.end("cam-1/icmp", ok())
    world.at(2 * MINUTE)
    for _ in range(60):
        if "cam-1/icmp" in world.runner.under_way:
            break
        world.at(world.watch.ms + SECOND)
    world.end("cam-1/icmp", none("refused"))
    assert world.rescheduler._outcomes["cam-1/icmp"] == "ok"


def test_after_a_start_what_failed_when_the_ledger_ended_comes_first(monkeypatch):
    world = World(monkeypatch, "cam-2/icmp 0 ok 1 fail\ncam-1/icmp 0 ok")
    world.at(0)
    assert "cam-2/icmp" in world.runner.under_way


def test_hurrying_what_the_site_has_no_longer_is_nothing(world):
    world.rescheduler.hurry(["gone/icmp", "link/icmp"])
    world.at(0)
    assert set(world.runner.under_way) >= {"link/icmp"}


def first_looks(world) -> list[str]:
    """The checks in the order in which they are begun for the first time; each ends at once."""
    found: list[str] = []
    begin = world.watch.ms
    for tick in range(62):
        world.at(begin + tick * SECOND)
        for name in sorted(world.runner.under_way):
            found.append(name)
            world.end(name, ok())
    return list(dict.fromkeys(found))


def assert_reach_comes_first(order: list[str]) -> None:
    """The link is pinged before its page is asked for, and before any camera behind it."""
    assert sorted(order) == sorted(CHECKS)
    assert order[0] == "link/icmp"


def test_after_a_start_what_may_explain_is_looked_at_first(world):
    world.rescheduler.reach_first(CHECKS)
    assert_reach_comes_first(first_looks(world))


def test_without_that_a_page_or_a_camera_comes_first(world):
    """The negative control: by their places in the interval alone, the link is not the first."""
    assert first_looks(world)[0] != "link/icmp"


def test_after_our_own_silence_what_may_explain_is_looked_at_first(monkeypatch):
    doubt = Doubt()
    world = World(monkeypatch, trust=doubt)
    doubt.blind = True
    world.at(0)
    doubt.blind = False
    assert_reach_comes_first(first_looks(world))


def test_after_a_stall_what_may_explain_is_looked_at_first(world):
    world.prober.stalled(0)
    assert_reach_comes_first(first_looks(world))


def test_what_is_out_of_the_schedule_is_put_before_nothing():
    schedule = Schedule(SITE.checks, 0, SECOND)
    schedule.put_before("gone/icmp", ["link/icmp"], 0)
    schedule.put_before("link/page", ["gone/icmp"], 0)
    assert sorted(schedule.checks()) == sorted(CHECKS)
