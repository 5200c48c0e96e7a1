"""This machine's clock as a thing to compare with: certificates, other clocks, the kernel's stamps.

The one exception in this package to the rule that only the agent's clock reads the time of day. What is
read here never stamps a reading and never enters a duration; it is one side of a comparison.
"""

from __future__ import annotations

import time


def now_s() -> float:
    """Seconds since 1970-01-01T00:00:00Z, as this machine believes."""
    return time.time()  # noqa: TID251 - compared with a certificate or another clock, see above


def kernel_stamps_lead_ns() -> int:
    """How far the clock of the kernel's receive stamps (time of day) is ahead of the monotonic one, now."""
    return time.clock_gettime_ns(time.CLOCK_REALTIME) - time.monotonic_ns()
