"""An event loop that never waits: where nothing is ready, its clock jumps to what is due next.

For tests of what depends on the loop's timers alone (`@pytest.mark.simulated_time`): what is said to take an hour takes
no time, and a busy machine changes nothing. What waits for another process, a thread or a network has no timer to
jump to and is waited for as ever; beside such, use real time.
"""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Jumping(selectors.DefaultSelector):
    """Says at once what is ready; if nothing is, the time that was to be waited has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if not ready:
            self.now_s += max(0.0, timeout)
        return ready


class SimulatedTimeLoop(asyncio.SelectorEventLoop):
    """`time()` begins at 0 and moves only while the loop waits."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)
        self._clock_resolution = (
            1e-6  # of seconds since the start; a real clock's would be lost behind a year's digits
        )

    def time(self) -> float:
        return self._jumping.now_s


def loops(*, is_simulated: bool) -> Mapping[str, type[asyncio.AbstractEventLoop]]:
    """For pytest-asyncio: the one loop that a test runs in."""
    return {"simulated": SimulatedTimeLoop} if is_simulated else {"real": asyncio.SelectorEventLoop}
