"""This machine's clock as a thing to compare with, and what the kernel holds of it."""

from __future__ import annotations

import ctypes
import time

import pytest

from probes.machine import clock
from probes.machine.clock import KernelSync, is_synchronised, kernel_stamps_lead_ns, kernel_sync, now_s


class Kernel:
    """An adjtimex(2) that says what it is told to, as the kernel writes it."""

    def __init__(self, state: int, *, status: int = 0, maxerror: int = 0) -> None:
        self.state, self.status, self.maxerror = state, status, maxerror
        self.modes: list[int] = []

    def adjtimex(self, pointer: object) -> int:
        timex = ctypes.cast(pointer, ctypes.POINTER(clock._Timex)).contents
        self.modes.append(timex.modes)
        timex.status, timex.maxerror = self.status, self.maxerror
        return self.state


OK, TIME_ERROR, UNSYNC = 0, 5, 0x40


@pytest.mark.parametrize(
    ("kernel", "sync"),
    [
        (Kernel(OK, maxerror=1_999), KernelSync(synced=True, error_ms=1)),
        (Kernel(1, status=0x01, maxerror=500), KernelSync(synced=True, error_ms=0)),  # a leap second is to come
        (Kernel(TIME_ERROR, status=UNSYNC, maxerror=16_000_000), KernelSync(synced=False, error_ms=16_000)),
        (Kernel(OK, status=UNSYNC, maxerror=3_000), KernelSync(synced=False, error_ms=3)),
        (Kernel(TIME_ERROR, maxerror=3_000), KernelSync(synced=False, error_ms=3)),
        (Kernel(-1), KernelSync(None, None)),  # a container may not ask
    ],
)
def test_what_the_kernel_says_of_its_clock(monkeypatch, kernel, sync):
    monkeypatch.setattr(clock, "_LIBC", kernel)
    assert kernel_sync() == sync
    assert is_synchronised() is bool(sync.synced)
    assert set(kernel.modes) == {0}, "the clock would have been set"


def test_the_kernel_itself_answers_and_its_clock_is_not_moved():
    before = time.clock_gettime_ns(time.CLOCK_REALTIME) - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    sync = kernel_sync()
    after = time.clock_gettime_ns(time.CLOCK_REALTIME) - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    assert (sync.synced is None) == (sync.error_ms is None)
    assert sync.error_ms is None or sync.error_ms >= 0
    assert abs(after - before) < 1_000_000_000


def test_the_agent_asks_the_same_kernel_the_same_way(monkeypatch):
    from agent.clock import SystemClock

    monkeypatch.setattr(clock, "_LIBC", Kernel(OK, maxerror=7_000))
    stamp = SystemClock().now()
    assert (stamp.synced, stamp.error_ms) == (True, 7)


def test_a_kernel_stamp_less_its_lead_is_an_instant_of_the_monotonic_clock():
    before = time.monotonic_ns()
    stamp = time.clock_gettime_ns(time.CLOCK_REALTIME)
    after = time.monotonic_ns()
    at = stamp - kernel_stamps_lead_ns()
    assert before - 1_000_000 <= at <= after + 1_000_000


def test_a_lead_that_was_read_across_a_pause_is_read_again(monkeypatch):
    """Between the two readings of the first pair lie 2 ms: we were put aside, and the lead would be 1 ms wrong."""
    monotonic = iter([0, 2_000_000, 10_000_000, 10_000_100])
    wall = iter([5_000_000, 110_000_050])
    monkeypatch.setattr(time, "monotonic_ns", lambda: next(monotonic))
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _clock: next(wall))
    assert kernel_stamps_lead_ns() == 100_000_000


def test_now_is_in_seconds_since_1970():
    assert abs(now_s() - time.clock_gettime(time.CLOCK_REALTIME)) < 60
