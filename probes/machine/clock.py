"""This machine's clock as a thing to compare with: certificates, other clocks, the kernel's stamps.

The one exception in this package to the rule that only the agent's clock reads the time of day. What is
read here never stamps a reading and never enters a duration; it is one side of a comparison.
"""

from __future__ import annotations

import ctypes
import time
from typing import NamedTuple


def now_s() -> float:
    """Seconds since 1970-01-01T00:00:00Z, as this machine believes."""
    return time.time()  # noqa: TID251 - compared with a certificate or another clock, see above


def kernel_stamps_lead_ns() -> int:
    """How far the clock of the kernel's receive stamps (time of day) is ahead of the monotonic one, now.

    Read between two readings of the other one; where these lie apart, we were put aside in between: then again.
    """
    for _ in range(_READ_AGAIN):
        before, at, after = time.monotonic_ns(), time.clock_gettime_ns(time.CLOCK_REALTIME), time.monotonic_ns()
        if after - before < _APART_NS:
            break
    return at - (before + after) // 2


class KernelSync(NamedTuple):
    """What the kernel holds of this machine's clock; both None where it does not say."""

    synced: bool | None
    """Whether NTP vouches for it."""
    error_ms: int | None
    """By how much it may be wrong."""


def kernel_sync() -> KernelSync:
    """The state that adjtimex(2) tells; one system call."""
    timex = _Timex()
    state = _LIBC.adjtimex(ctypes.byref(timex))
    if state < 0:
        return KernelSync(None, None)
    return KernelSync(state != _TIME_ERROR and not timex.status & _STA_UNSYNC, timex.maxerror // 1000)


def is_synchronised() -> bool:
    """Whether the kernel holds this machine's clock to be right; if not, it proves nothing about another one."""
    return kernel_sync().synced is True


class _Timex(ctypes.Structure):
    """The head of adjtimex(2)'s struct timex; the kernel writes into the rest. Without `modes` it sets nothing."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


_READ_AGAIN, _APART_NS = 4, 1_000
_LIBC = ctypes.CDLL(None, use_errno=True)
_STA_UNSYNC = 0x0040
_TIME_ERROR = 5
