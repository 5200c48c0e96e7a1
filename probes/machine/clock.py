"""This machine's clock as a thing to compare with: certificates, other clocks, the kernel's stamps.

The one exception in this package to the rule that only the agent's clock reads the time of day. What is
read here never stamps a reading and never enters a duration; it is one side of a comparison.
"""

from __future__ import annotations

import ctypes
import time


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


def is_synchronised() -> bool:
    """Whether the kernel holds this machine's clock to be right (adjtimex(2)); if not, it proves nothing."""
    asked = (ctypes.c_byte * _TIMEX_BYTES)()
    state = _LIBC.adjtimex(ctypes.byref(asked))
    status = int.from_bytes(bytes(asked[_STATUS_AT : _STATUS_AT + 4]), "little")
    return state not in (-1, _TIME_ERROR) and not status & _STA_UNSYNC


_READ_AGAIN, _APART_NS = 4, 1_000
_LIBC = ctypes.CDLL(None, use_errno=True)
_TIMEX_BYTES = 512
_STATUS_AT = 5 * ctypes.sizeof(ctypes.c_long)  # modes (padded), offset, freq, maxerror, esterror stand before it
_STA_UNSYNC = 0x0040
_TIME_ERROR = 5
