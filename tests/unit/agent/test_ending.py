"""How an end comes about: asked for once, and the first error is the one that counts."""

from __future__ import annotations

import asyncio
import gc
import getpass
import logging
import os

import pytest

from agent.clock import AgentTime
from agent.clock_follower import ClockFollower
from agent.ending import Ending
from agent.garbage_collection import exempt_what_is_there
from agent.local_user import actor_of, own_actor, own_name
from agent.service_notification import notify_systemd
from agent.version import software
from tests.support.agents.parts import MINUTE, Watch
from tests.support.patience import PATIENCE_S


async def test_whoever_waits_goes_on_when_somebody_asks():
    ending = Ending()
    waiting = asyncio.get_running_loop().create_task(ending.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert not ending.is_asked
    ending.ask()
    await asyncio.wait_for(waiting, PATIENCE_S)
    assert ending.is_asked
    assert ending.failure is None


async def test_an_error_ends_it_too_and_only_the_first_one_is_told(caplog):
    ending = Ending()
    first, second = OSError(28, "No space left on device"), ValueError("later")
    ending.fail(first)
    ending.fail(second)
    await asyncio.wait_for(ending.wait(), PATIENCE_S)
    assert ending.failure is first
    critical = [each for each in caplog.records if each.levelno == logging.CRITICAL]
    assert len(critical) == 1
    assert "nothing more is recorded" in critical[0].getMessage()


async def test_an_error_after_somebody_asked_is_still_the_failure():
    ending = Ending()
    ending.ask()
    error = OSError("disk")
    ending.fail(error)
    assert ending.failure is error


class Kept:
    """A recorder and a prober that only remember."""

    def __init__(self) -> None:
        self.events: list = []
        self.stalls: list[int] = []

    def keep(self, event) -> None:
        self.events.append(event)

    def stalled(self, now: int) -> None:
        self.stalls.append(now)


def follower_of(watch: Watch, kept: Kept) -> ClockFollower:
    return ClockFollower(AgentTime(watch.now()), kept, kept)  # type: ignore[arg-type]


def test_a_wall_clock_that_was_set_is_on_record_with_what_was_made_of_it(caplog):
    """NTP vouches for the new time: doubted at once, adopted after half a minute."""
    watch, kept = Watch(), Kept()
    follower = follower_of(watch, kept)
    for second in range(40):
        watch.ms = second * 1_000
        watch.off_ms = 5 * MINUTE if second >= 5 else 0
        follower.beat(watch.now(), is_stalled=False)
    assert [(each.event, each.details["decision"]) for each in kept.events] == [
        ("clock_step", "doubted"),
        ("clock_step", "adopted"),
    ]
    assert kept.events[0].details["by_ms"] == 5 * MINUTE
    assert caplog.text.count("wall clock differs") == 2
    assert kept.stalls == []


def test_a_clock_that_only_drifts_is_no_event():
    watch, kept = Watch(), Kept()
    follower = follower_of(watch, kept)
    for second in range(100):
        watch.ms, watch.off_ms = second * 1_000, second * 5
        follower.beat(watch.now(), is_stalled=False)
    assert kept.events == []


def test_a_loop_that_stood_still_is_told_to_the_prober():
    watch, kept = Watch(), Kept()
    follower = follower_of(watch, kept)
    watch.ms = 9_000
    follower.beat(watch.now(), is_stalled=True)
    assert kept.stalls == [9_000]


def test_what_is_there_at_the_start_is_never_collected_again():
    before = gc.get_threshold()
    try:
        exempt_what_is_there()
        assert gc.get_freeze_count() > 1_000
        assert gc.get_threshold()[0] > before[0]
        kept: list = []
        kept.append(kept)
        del kept
        assert gc.collect() >= 1, "what is made later still is"
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_a_local_user_is_named_or_numbered():
    assert own_actor() == f"local:{getpass.getuser()}" == actor_of(os.getuid())
    assert own_name() == getpass.getuser()
    assert actor_of(4_000_000_000 - 7) == "local:3999999993"


def test_the_program_names_itself_with_its_version():
    name, _, number = software().partition(" ")
    assert name == "sla-agent"
    assert number[0].isdigit()


@pytest.mark.parametrize("address", ["", "/nowhere/at/all/notify"])
def test_where_systemd_does_not_listen_nothing_is_told_or_it_is_an_error_of_the_system(monkeypatch, address):
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    if address:
        with pytest.raises(OSError, match="No such file"):
            notify_systemd("READY=1")
    else:
        notify_systemd("READY=1")
