"""The few jobs of APScheduler: fired by the pulse, whatever is done to the wall clock."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import pytest

from agent.clock import SystemClock
from agent.service_notification import notify_systemd
from agent.timer import Every, Timer
from sla.ledger import Stamp
from tests.support.patience import until

NOW = datetime(2026, 10, 1, tzinfo=UTC)


class SetClock:
    """The machine's clock, of which the wall clock can be set."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self.by_ms = 0

    def now(self) -> Stamp:
        stamp = self._real.now()
        return Stamp(wall_ms=stamp.wall_ms + self.by_ms, boot_ms=stamp.boot_ms, boot_id="b")

    def boot_ms(self) -> int:
        return self._real.boot_ms()


class Job:
    def __init__(self, error: Exception | None = None) -> None:
        self.fired = 0
        self._error = error

    async def go(self) -> None:
        self.fired += 1
        if self._error is not None:
            raise self._error


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.timer.PULSE_MS", 50)


@pytest.mark.usefixtures("quick")
async def test_the_pulse_tells_both_clocks_and_fires_what_is_due():
    beats: list[tuple[Stamp, bool]] = []
    job, errors = Job(), []
    timer = Timer(SystemClock(), lambda stamp, stalled: beats.append((stamp, stalled)), errors.append)
    timer.every(1, job.go)
    timer.start()
    await until(lambda: job.fired == 3)
    timer.stop()
    # at once, and twice after a second, less half a pulse
    assert beats[-1][0].boot_ms - beats[0][0].boot_ms >= 2 * (1_000 - 25 - 10)
    assert len(beats) >= 3
    assert errors == []


@pytest.mark.usefixtures("quick")
async def test_a_job_s_error_is_handed_on():
    error, errors = ValueError("broken"), []
    timer = Timer(SystemClock(), lambda *_: None, errors.append)
    timer.every(60, Job(error).go)
    timer.start()
    await until(lambda: errors)
    timer.stop()
    assert errors == [error]


async def test_a_job_that_the_end_breaks_off_is_no_failure():
    errors: list[BaseException] = []
    begun = asyncio.Event()

    async def seals() -> None:
        begun.set()
        await asyncio.sleep(60)

    timer = Timer(SetClock(), lambda _stamp, _stalled: None, errors.append)
    timer.every(1, seals)
    timer.start()
    await begun.wait()
    timer.stop()
    await asyncio.sleep(0.05)  # in which it ends
    assert errors == []


@pytest.mark.usefixtures("quick")
async def test_a_clock_that_is_set_back_by_a_year_does_not_stop_the_jobs():
    clock, job, beats = SetClock(), Job(), []
    timer = Timer(clock, lambda *_: beats.append(job.fired), lambda _: None)
    timer.every(3_600, job.go)
    timer.start()
    await until(lambda: len(beats) >= 4)
    clock.by_ms = -365 * 24 * 3_600_000
    already = len(beats)
    await until(lambda: len(beats) >= already + 6)
    timer.stop()
    assert (beats[already - 1], job.fired) == (1, 2), "each is fired anew, once"


def test_what_was_slept_through_is_not_made_up_for():
    trigger = Every(60)
    assert trigger.get_next_fire_time(None, NOW) == NOW
    years_later = NOW + timedelta(days=7_000)
    assert trigger.get_next_fire_time(NOW, years_later) - years_later <= timedelta(seconds=60)


def test_systemd_is_told_where_it_listens(monkeypatch: pytest.MonkeyPatch, tmp_path):
    notify_systemd("READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify_systemd("WATCHDOG=1")
        assert listener.recv(100) == b"WATCHDOG=1"
