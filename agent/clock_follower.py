"""Each second, the wall clock and the event loop are held against the boot-time clock."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.clock import AgentTime
    from agent.recorder import Recorder
    from agent.site_prober import SiteProber
    from sla.ledger import Stamp

log = logging.getLogger(__name__)


class ClockFollower:
    """Puts a wall clock that was set on record, and tells the prober when the event loop stood still."""

    def __init__(self, time: AgentTime, recorder: Recorder, prober: SiteProber) -> None:
        self._time = time
        self._recorder = recorder
        self._prober = prober

    def beat(self, stamp: Stamp, is_stalled: bool) -> None:  # noqa: FBT001 - a callback's shape
        """Take note of both clocks now; `is_stalled`: the loop was silent for a second more than it should be."""
        if is_stalled:
            self._prober.stalled(stamp.boot_ms)
        step = self._time.observe(stamp)
        if step is not None:
            log.warning("wall clock differs by %d ms: %s", step.by_ms, step.decision)
            self._recorder.keep(step.record())
