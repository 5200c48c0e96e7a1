"""The main loop by itself: what a tick does in which order, that flushes never overlap, and how it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agent.ending import Ending
from agent.main_loop import MainLoop
from sla.evidence.records import Reading
from tests.support.agents.parts import BEGIN, Watch, clock_of
from tests.support.patience import PATIENCE_S

READING = Reading(check="link/icmp", at=BEGIN, outcome="ok")


class Parts:
    """Every part of a main loop at once; each call is written down, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.jobs: dict[str, int] = {}
        self.readings: list[Reading] = []
        self.is_waiting = False
        self.events: list[str] = []
        self.commits: list[list[Reading]] = []
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.progress = type("Progress", (), {"last_tick_at": None})()

    def call(self, name: str) -> None:
        self.calls.append(name)

    def every(self, seconds: int, job: Any) -> None:
        self.jobs[job.__qualname__] = seconds

    def keep(self, event: Any) -> None:
        self.events.append(event.event)

    async def commit(self, *, readings=()) -> None:
        self.call("commit")
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.commits.append(list(readings))

    async def follow(self, readings) -> None:
        self.call(f"follow {len(readings)}")

    def take(self) -> list[Reading]:
        found, self.readings = self.readings, []
        return found

    def take_rest(self) -> list[Reading]:
        self.call("take rest")
        return self.take()

    def write(self) -> None:
        self.call("write status")


class Part:
    """One part, whose calls are written down under its name."""

    def __init__(self, parts: Parts, name: str) -> None:
        self._parts, self._name = parts, name

    def __getattr__(self, name: str) -> Any:
        own = getattr(self._parts, name, None)
        if own is not None or name == "is_waiting":
            return own

        async def coroutine() -> None:
            self._parts.call(f"{self._name}.{name}")

        def function() -> None:
            self._parts.call(f"{self._name}.{name}")

        is_async = name in ("open", "close", "deliver", "repeat", "seal") or (self._name, name) == ("prober", "stop")
        found = coroutine if is_async or (name == "begin_due" and self._name == "housekeeping") else function
        found.__qualname__ = f"{self._name}.{name}"
        return found


class World:
    def __init__(self) -> None:
        self.parts = Parts()
        self.ending = Ending()
        self.watch = Watch()
        names = ("timer", "prober", "recorder", "follower", "alerts", "housekeeping", "control_socket", "report")
        made: dict[str, Any] = {name: Part(self.parts, name) for name in names}
        self.loop = MainLoop(clock=clock_of(self.watch), ending=self.ending, **made)

    async def tick(self) -> None:
        await self.loop._tick()
        if self.loop._flushing is not None:
            await asyncio.sleep(0)

    async def run_to_the_end(self) -> BaseException | None:
        running = asyncio.get_running_loop().create_task(self.loop.run())
        await asyncio.sleep(0)
        self.ending.ask()
        return await asyncio.wait_for(running, PATIENCE_S)


@pytest.fixture
async def world():
    return World()


async def test_the_jobs_and_how_often_each_comes(world):
    assert world.parts.jobs == {
        "MainLoop._tick": 1,
        "MainLoop._write_status": 30,
        "alerts.deliver": 5,
        "alerts.repeat": 60,
        "recorder.seal": 600,
        "housekeeping.begin_due": 30,
    }


async def test_a_quiet_second_touches_no_disk_and_counts_as_a_tick(world):
    world.watch.ms = 7_000
    await world.tick()
    assert world.parts.calls == ["prober.begin_due"]
    assert world.parts.progress.last_tick_at == BEGIN + 7_000


async def test_what_was_seen_is_kept_before_anything_follows_from_it(world):
    world.parts.readings, world.parts.is_waiting = [READING], True
    await world.tick()
    await world.loop._flushing
    assert world.parts.calls == ["prober.begin_due", "commit", "follow 1"]
    assert world.parts.commits == [[READING]]
    assert world.parts.progress.last_tick_at == BEGIN


async def test_flushes_never_overlap_and_probing_goes_on_meanwhile(world):
    world.parts.gate = asyncio.Event()
    world.parts.readings, world.parts.is_waiting = [READING], True
    await world.tick()
    world.parts.readings = [READING, READING]
    for _ in range(3):
        await world.tick()
    assert world.parts.calls.count("commit") == 1
    assert world.parts.calls.count("prober.begin_due") == 4
    assert world.parts.progress.last_tick_at is None, "nothing is on disk yet"
    world.parts.gate.set()
    await world.loop._flushing
    await world.tick()
    await world.loop._flushing
    assert world.parts.commits == [[READING], [READING, READING]]


async def test_an_error_of_the_disk_ends_the_agent_and_nothing_follows(world):
    world.parts.error = OSError(28, "No space left on device")
    world.parts.readings, world.parts.is_waiting = [READING], True
    await world.tick()
    await world.loop._flushing
    assert world.ending.failure is world.parts.error
    assert "follow 1" not in world.parts.calls
    assert world.parts.progress.last_tick_at is None


async def test_a_clean_end_keeps_the_rest_and_says_so_last(world):
    world.parts.readings = [READING]
    assert await world.run_to_the_end() is None
    assert world.parts.calls == [
        "control_socket.open",
        "timer.start",
        "timer.stop",
        "control_socket.close",
        "prober.stop",
        "take rest",
        "commit",
        "follow 1",
        "follower.close",
        "alerts.close",
        "housekeeping.close",
        "commit",
        "write status",
        "prober.close",
        "recorder.close",
    ]
    assert world.parts.events == ["stop"]


async def test_after_an_error_nothing_more_is_kept_but_everything_is_closed(world):
    running = asyncio.get_running_loop().create_task(world.loop.run())
    await asyncio.sleep(0)
    error = ValueError("a bug")
    world.ending.fail(error)
    assert await asyncio.wait_for(running, PATIENCE_S) is error
    assert "commit" not in world.parts.calls
    assert world.parts.events == []
    for name in ("prober.stop", "alerts.close", "housekeeping.close", "prober.close", "recorder.close"):
        assert name in world.parts.calls
    assert "write status" in world.parts.calls


async def test_a_flush_that_is_under_way_is_waited_for_before_the_last_one(world):
    world.parts.gate = asyncio.Event()
    world.parts.readings, world.parts.is_waiting = [READING], True
    running = asyncio.get_running_loop().create_task(world.loop.run())
    await asyncio.sleep(0)
    await world.loop._tick()
    await asyncio.sleep(0)
    world.ending.ask()
    await asyncio.sleep(0.01)
    assert "take rest" not in world.parts.calls
    world.parts.gate.set()
    assert await asyncio.wait_for(running, PATIENCE_S) is None
    assert world.parts.commits[0] == [READING]


async def test_a_status_that_cannot_be_written_still_lets_go_of_the_ledger(world, monkeypatch):
    def broken() -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(world.parts, "write", broken)
    with pytest.raises(OSError, match="Read-only"):
        await world.run_to_the_end()
    assert world.parts.calls[-2:] == ["prober.close", "recorder.close"]


async def test_systemd_is_told_when_it_is_ready_alive_and_stopping(world, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("agent.main_loop.notify_systemd", told.append)
    running = asyncio.get_running_loop().create_task(world.loop.run())
    await asyncio.sleep(0)
    await world.loop._tick()
    world.ending.ask()
    await asyncio.wait_for(running, PATIENCE_S)
    assert told[:2] == ["READY=1", "WATCHDOG=1"]
    assert told[2] == "STOPPING=1"
