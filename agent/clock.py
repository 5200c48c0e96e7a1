"""The only reader of the time of day, and the agent's own time made from it.

Durations must not change because somebody sets a clock. So the agent's time runs on the boot-time
clock (which also counts while the machine sleeps) from what the wall clock said at the start, and
follows the wall clock only where that is plainly right (ADR 0006).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from probes.machine.clock import kernel_sync
from sla.evidence.records import AgentEvent
from sla.ledger import Stamp

STEP_MS = 1_000
"""A wall clock that differs by more than this from the agent's time has been set, not slewed."""
ROUNDING_MS = 2
"""Two clocks read one after the other, each rounded down, may differ by this much without having moved."""
DOUBT_MS = 30_000
"""How long after a step nothing is trusted, so that a clock that is being corrected can settle."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_ms() -> int:
    """Milliseconds since this machine booted, sleep included. It never goes back and nobody sets it."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class Clock(Protocol):
    """What the agent asks for the time; tests hand in their own."""

    def now(self) -> Stamp:
        """Both clocks at this instant, and what the kernel knows of the wall clock's error."""

    def boot_ms(self) -> int:
        """The boot-time clock alone: cheap enough to ask for each answer."""


class SystemClock:
    """This machine's clocks."""

    def __init__(self) -> None:
        self._boot_id = _BOOT_ID.read_text(encoding="ascii").strip()

    def now(self) -> Stamp:
        """Both clocks at this instant; `synced` and `error_ms` are None where the kernel does not say."""
        synced, error_ms = kernel_sync()
        return Stamp(
            wall_ms=time.time_ns() // 1_000_000,
            boot_ms=boot_ms(),
            boot_id=self._boot_id,
            synced=synced,
            error_ms=error_ms,
        )

    def boot_ms(self) -> int:
        """Milliseconds since the machine booted, sleep included."""
        return boot_ms()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """The wall clock was set by `by_ms`, or what the agent then made of it. `at` is the agent's time.

    `doubted`: seen just now; `returned`: the step was undone; `adopted`: NTP vouches for the new
    time, so the agent follows it; `kept`: nobody vouches for it, so the agent does not; `set_back`: it
    was ahead in an earlier run, so that time goes on from an earlier instant than the ledger ends at.
    """

    at: int
    by_ms: int
    decision: Literal["doubted", "returned", "adopted", "kept", "set_back"]
    synced: bool | None

    def record(self) -> AgentEvent:
        """The fact for the ledger."""
        details = {"by_ms": self.by_ms, "decision": self.decision, "synced": self.synced}
        return AgentEvent(at=self.at, event="clock_step", details=details)


class AgentTime:
    """The time that readings are stamped with: never goes back, and knows when not to be trusted."""

    def __init__(self, start: Stamp, newest: int | None = None) -> None:
        """`newest`: the latest instant that the ledger already holds, below which none is given."""
        self._offset = start.wall_ms - start.boot_ms
        self._floor = self._newest = newest if newest is not None else start.wall_ms
        self._step_ms: int | None = None
        self._doubted_until: int | None = None

    def at(self, boot: int) -> int:
        """The instant at that boot-time, in wall milliseconds; for a later boot-time never an earlier one."""
        at = max(self._floor, boot + self._offset)
        self._newest = max(self._newest, at)
        return at

    def is_trusted(self, boot: int) -> bool:
        """Whether a reading may be stamped at that boot-time: no doubt is open, and time does not stand still."""
        return self._doubted_until is None and boot + self._offset >= self._floor - STEP_MS

    def behind_ms(self, boot: int) -> int:
        """By how much this time is behind the newest that was given; 0 where it is not."""
        return max(0, self._floor - boot - self._offset)

    def observe(self, stamp: Stamp) -> ClockStep | None:
        """Compare with the wall clock; call this about once a second."""
        gap = stamp.wall_ms - stamp.boot_ms - self._offset
        if abs(gap) <= STEP_MS:
            returned = self._step_ms is not None
            self._step_ms, self._doubted_until = None, None
            if abs(gap) > ROUNDING_MS:
                self._move(gap)
            return self._step(stamp, gap, "returned") if returned else None
        if self._step_ms is None or abs(gap - self._step_ms) > STEP_MS:
            self._step_ms, self._doubted_until = gap, stamp.boot_ms + DOUBT_MS
            return self._step(stamp, gap, "doubted")
        if self._doubted_until is not None and stamp.boot_ms < self._doubted_until:
            return None
        return self._decided(stamp, gap)

    def _decided(self, stamp: Stamp, gap: int) -> ClockStep | None:
        was_doubted, self._doubted_until = self._doubted_until is not None, None
        if stamp.synced:
            self._move(gap)
            self._step_ms = None
            return self._step(stamp, gap, "adopted")
        return self._step(stamp, gap, "kept") if was_doubted else None

    def _move(self, by_ms: int) -> None:
        """Follow the wall clock; time that was given already is never gone below."""
        if by_ms < 0:
            self._floor = self._newest
        self._offset += by_ms

    def _step(self, stamp: Stamp, gap: int, decision: Literal["doubted", "returned", "adopted", "kept"]) -> ClockStep:
        return ClockStep(at=self.at(stamp.boot_ms), by_ms=gap, decision=decision, synced=stamp.synced)


class AgentClock:
    """The machine's clocks with the agent's time on them, as the agent's parts ask for it now."""

    def __init__(self, clock: Clock, time: AgentTime) -> None:
        self.machine = clock
        self.time = time

    def boot_ms(self) -> int:
        """The boot-time clock, in ms."""
        return self.machine.boot_ms()

    def now(self) -> int:
        """The agent's time, in wall ms; never earlier than what it was before."""
        return self.time.at(self.machine.boot_ms())

    def is_trusted(self) -> bool:
        """Whether a reading may be stamped now."""
        return self.time.is_trusted(self.machine.boot_ms())
