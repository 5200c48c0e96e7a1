"""The few jobs that APScheduler fires, and the pulse that keeps them going when somebody sets the clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from agent.clock import Clock
    from sla.ledger import Stamp

PULSE_MS = 1_000
STALL_MS = 1_000
"""A loop that was silent for this long beyond its pulse stood still."""
SET_MS = 500
"""A wall clock that moved by this much more or less than the boot-time clock has been set."""


class _Scheduler(AsyncIOScheduler):  # type: ignore[misc]
    """APScheduler without a timer of its own, which would hang on the wall clock: the pulse asks what is due."""

    def wakeup(self) -> None:
        """See APScheduler: something was added or moved. The next pulse finds it."""

    def fire(self) -> None:
        """Start the jobs that are due."""
        self._process_jobs()


class Every(BaseTrigger):  # type: ignore[misc]
    """At every so many pulses; what was slept through is not made up for.

    APScheduler's own interval trigger counts every missed turn one by one: a clock that is set
    twenty years ahead would keep it busy for hours.
    """

    __slots__ = ("interval",)

    def __init__(self, seconds: int) -> None:
        """Due half a pulse early, so that the pulse that is meant cannot come just before."""
        self.interval = timedelta(seconds=seconds, milliseconds=-PULSE_MS / 2)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """See APScheduler."""
        return now if previous_fire_time is None else now + self.interval


class Timer:
    """Fires jobs, reports each second's clocks to `beat(stamp, is_stalled)`, and a job's error to `failed`."""

    def __init__(
        self, clock: Clock, beat: Callable[[Stamp, bool], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._clock = clock
        self._beat = beat
        self._failed = failed
        self._scheduler = _Scheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(self._report, EVENT_JOB_ERROR)
        self._pulse: asyncio.TimerHandle | None = None
        self._last: Stamp | None = None

    def every(self, seconds: int, job: Callable[[], Awaitable[object]]) -> None:
        """Fire a job every so often, in whole seconds; while it is under way it is not fired again."""
        self._scheduler.add_job(job, Every(seconds), id=job.__qualname__)

    def start(self) -> None:
        """Begin, at once and then as agreed."""
        self._scheduler.start()
        self._on_pulse()

    def stop(self) -> None:
        """Fire nothing any more, and break off jobs under way."""
        if self._pulse is not None:
            self._pulse.cancel()
        self._scheduler.shutdown(wait=False)

    def _on_pulse(self) -> None:
        self._pulse = asyncio.get_running_loop().call_later(PULSE_MS / 1000, self._on_pulse)
        stamp, last = self._clock.now(), self._last
        self._last = stamp
        is_stalled = last is not None and stamp.boot_ms - last.boot_ms > PULSE_MS + STALL_MS
        if last is not None and abs(stamp.wall_ms - last.wall_ms - stamp.boot_ms + last.boot_ms) > SET_MS:
            for job in self._scheduler.get_jobs():
                job.reschedule(job.trigger)
        self._beat(stamp, is_stalled)
        self._scheduler.fire()

    def _report(self, event: Any) -> None:
        if not isinstance(event.exception, asyncio.CancelledError):  # what `stop` breaks off is no failure
            self._failed(event.exception)
