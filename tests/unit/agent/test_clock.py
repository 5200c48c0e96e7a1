"""The agent's time: it never goes back, a clock that is set changes no duration, and doubt is told."""

from __future__ import annotations

import time

import pytest

from agent.clock import DOUBT_MS, AgentTime, SystemClock, boot_ms
from sla.ledger import Stamp

START = 1_800_000_000_000
HOUR = 3_600_000


def stamp(boot: int, *, by: int = 0, synced: bool | None = False) -> Stamp:
    """Both clocks `boot` ms after the start, the wall clock set by `by`."""
    return Stamp(wall_ms=START + boot + by, boot_ms=boot, boot_id="b", synced=synced, error_ms=1)


def seconds(agent_time: AgentTime, begin: int, end: int, **kwargs) -> list[tuple[int, str]]:
    found = []
    for boot in range(begin, end, 1_000):
        step = agent_time.observe(stamp(boot, **kwargs))
        if step is not None:
            found.append((boot, step.decision))
    return found


def test_the_machine_s_clocks_are_read():
    now = SystemClock().now()
    assert abs(now.wall_ms - time.time() * 1000) < 5_000  # noqa: TID251 - what it is compared with
    assert abs(now.boot_ms - boot_ms()) < 5_000
    assert len(now.boot_id) == 36
    assert now.synced in (True, False)
    assert now.error_ms is not None


def test_an_undisturbed_clock_is_followed():
    agent_time = AgentTime(stamp(0))
    assert seconds(agent_time, 0, 10_000) == []
    assert agent_time.at(10_000) == START + 10_000
    assert agent_time.is_trusted(10_000)


@pytest.mark.parametrize("by", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR, 20 * 365 * 24 * HOUR, -20 * 365 * 24 * HOUR])
def test_a_step_that_nobody_vouches_for_changes_no_duration(by: int):
    agent_time = AgentTime(stamp(0))
    before = agent_time.at(5_000)
    assert seconds(agent_time, 10_000, 120_000, by=by) == [(10_000, "doubted"), (10_000 + DOUBT_MS, "kept")]
    assert agent_time.at(120_000) - before == 115_000


def test_nothing_is_trusted_right_after_a_step():
    agent_time = AgentTime(stamp(0))
    assert agent_time.is_trusted(9_000)
    seconds(agent_time, 10_000, 11_000, by=HOUR)
    assert not agent_time.is_trusted(10_500)
    seconds(agent_time, 11_000, 11_000 + DOUBT_MS, by=HOUR)
    assert agent_time.is_trusted(11_000 + DOUBT_MS)


def test_a_step_forward_that_ntp_vouches_for_is_followed():
    agent_time = AgentTime(stamp(0))
    assert seconds(agent_time, 10_000, 60_000, by=HOUR, synced=True)[-1][1] == "adopted"
    assert agent_time.at(60_000) == START + 60_000 + HOUR
    assert agent_time.is_trusted(60_000)


def test_after_a_step_back_that_ntp_vouches_for_time_stands_still_until_it_is_caught_up():
    agent_time = AgentTime(stamp(0))
    seconds(agent_time, 10_000, 60_000, by=-HOUR, synced=True)
    before = agent_time.at(60_000)
    assert agent_time.at(120_000) == before
    assert not agent_time.is_trusted(120_000)
    assert agent_time.behind_ms(120_000) > HOUR - 120_000
    assert agent_time.at(60_000 + HOUR + DOUBT_MS) > before
    assert agent_time.is_trusted(60_000 + HOUR + DOUBT_MS)


def test_a_step_that_is_undone_leaves_no_trace_in_time():
    agent_time = AgentTime(stamp(0))
    seconds(agent_time, 10_000, 15_000, by=HOUR)
    assert seconds(agent_time, 15_000, 20_000) == [(15_000, "returned")]
    assert agent_time.at(20_000) == START + 20_000
    assert agent_time.is_trusted(20_000)


def test_a_clock_that_ntp_comes_to_vouch_for_later_is_followed_then():
    agent_time = AgentTime(stamp(0))
    seconds(agent_time, 10_000, 100_000, by=HOUR)
    assert seconds(agent_time, 100_000, 102_000, by=HOUR, synced=True) == [(100_000, "adopted")]
    assert agent_time.at(102_000) == START + 102_000 + HOUR


def test_small_differences_are_followed_without_a_word():
    agent_time = AgentTime(stamp(0))
    for second in range(1, 600):
        assert agent_time.observe(stamp(second * 1_000, by=second * 10)) is None
    assert agent_time.at(599_000) == START + 599_000 + 5_990


def test_time_never_goes_back_however_the_clock_is_moved():
    agent_time = AgentTime(stamp(0))
    given = []
    for second in range(600):
        agent_time.observe(stamp(second * 1_000, by=(-1) ** second * second * 700, synced=second % 7 == 0))
        given.append(agent_time.at(second * 1_000))
    assert given == sorted(given)


def test_a_clock_behind_the_ledger_is_not_trusted_until_it_has_caught_up():
    agent_time = AgentTime(stamp(0), newest=START + 5_000)
    assert agent_time.at(1_000) == START + 5_000
    assert not agent_time.is_trusted(1_000)
    assert agent_time.is_trusted(6_000)


def test_a_step_is_a_fact_for_the_ledger():
    agent_time = AgentTime(stamp(0))
    step = agent_time.observe(stamp(10_000, by=HOUR))
    assert step is not None
    record = step.record()
    assert (record.event, record.at) == ("clock_step", START + 10_000)
    assert record.details == {"by_ms": HOUR, "decision": "doubted", "synced": False}


def test_two_answers_are_stamped_each_at_its_own_instant_in_any_order():
    agent_time = AgentTime(stamp(0))
    assert agent_time.at(9_000) == START + 9_000
    assert agent_time.at(8_000) == START + 8_000
    assert agent_time.is_trusted(8_000)
