"""The agent's main loop: it ticks, keeps what was seen, lets incidents follow, and stops.

Each second: begin the probes that are due; put what was seen since the last tick on disk in one commit; let
incidents and alerts follow from it. What the parts are made of is none of its business (`agent.composition`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agent.service_notification import notify_systemd
from sla.evidence.records import AgentEvent

if TYPE_CHECKING:
    from agent.alerts.pipeline import AlertPipeline
    from agent.clock import AgentClock
    from agent.control_socket import ControlSocket
    from agent.ending import Ending
    from agent.incident_follower import IncidentFollower
    from agent.ledger.housekeeping import Housekeeping
    from agent.recorder import Recorder
    from agent.site_prober import SiteProber
    from agent.status import StatusReport
    from agent.timer import Timer

TICK_S = 1
STATUS_S = 30
ALERTS_S = 5
REPEATS_S = 60
SEAL_S = 600
HOUSEKEEPING_S = 30


class MainLoop:
    """One site, watched. Everything that blocks happens in threads of the parts."""

    def __init__(
        self,
        *,
        timer: Timer,
        clock: AgentClock,
        ending: Ending,
        prober: SiteProber,
        recorder: Recorder,
        follower: IncidentFollower,
        alerts: AlertPipeline,
        housekeeping: Housekeeping,
        control_socket: ControlSocket,
        report: StatusReport,
    ) -> None:
        """All parts are finished and none of them has begun; the loop closes them."""
        self._timer = timer
        self._clock = clock
        self._ending = ending
        self._prober = prober
        self._recorder = recorder
        self._follower = follower
        self._alerts = alerts
        self._housekeeping = housekeeping
        self._control_socket = control_socket
        self._report = report
        self._flushing: asyncio.Task[None] | None = None
        timer.every(TICK_S, self._tick)
        timer.every(STATUS_S, self._write_status)
        timer.every(ALERTS_S, alerts.deliver)
        timer.every(REPEATS_S, alerts.repeat)
        timer.every(SEAL_S, recorder.seal)
        timer.every(HOUSEKEEPING_S, housekeeping.begin_due)

    async def run(self) -> BaseException | None:
        """From the first tick until somebody asks for an end; the error that ended it, or None."""
        await self._control_socket.open()
        self._timer.start()
        notify_systemd("READY=1")
        await self._ending.wait()
        notify_systemd("STOPPING=1")
        await self._end()
        return self._ending.failure

    # Each second

    async def _tick(self) -> None:
        self._prober.begin_due()
        if self._flushing is not None and not self._flushing.done():
            return
        if self._prober.is_waiting or self._recorder.is_waiting or self._follower.is_waiting:
            self._flushing = asyncio.get_running_loop().create_task(self._flush_or_fail())
        else:  # most seconds have nothing to keep and nothing to follow
            self._ticked()

    def _ticked(self) -> None:
        """Whatever was seen until now is on disk."""
        self._report.progress.last_tick_at = self._clock.now()
        notify_systemd("WATCHDOG=1")

    async def _flush_or_fail(self, *, is_last: bool = False) -> None:
        try:
            await self._flush(is_last=is_last)
        except Exception as error:  # noqa: BLE001 - the job wrapper: stop, and start from disk
            self._ending.fail(error)

    async def _flush(self, *, is_last: bool) -> None:
        readings = self._prober.take_rest() if is_last else self._prober.take()
        if readings or self._recorder.is_waiting:
            await self._recorder.commit(readings=readings)
        self._ticked()
        await self._follower.follow(readings)

    async def _write_status(self) -> None:
        self._report.write()

    # Ending

    async def _end(self) -> None:
        self._timer.stop()
        await self._control_socket.close()
        await self._prober.stop()
        if self._flushing is not None:
            await self._flushing
        if self._ending.failure is None:
            await self._flush_or_fail(is_last=True)
        await self._follower.close()
        await self._alerts.close()
        await self._housekeeping.close()
        if self._ending.failure is None:
            self._recorder.keep(AgentEvent(at=self._clock.now(), event="stop"))
            await self._recorder.commit()
        try:
            self._report.write()
        finally:
            await self._prober.close()
            await self._recorder.close()
