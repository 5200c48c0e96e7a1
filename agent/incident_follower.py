"""What follows from readings once they are on disk: incidents change, people are alerted, paths are traced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.watcher import past_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.alerts.pipeline import AlertPipeline
    from agent.probing.rescheduler import Rescheduler
    from agent.probing.routes import Routes
    from agent.recorder import Recorder
    from agent.watcher import Watcher
    from sla.evidence.records import Reading


class IncidentFollower:
    """Hands committed readings to the watcher, and what changes to alerts, routes and rescheduler."""

    def __init__(
        self, watcher: Watcher, recorder: Recorder, alerts: AlertPipeline, routes: Routes, rescheduler: Rescheduler
    ) -> None:
        self._watcher = watcher
        self._recorder = recorder
        self._alerts = alerts
        self._routes = routes
        self._rescheduler = rescheduler

    @property
    def is_waiting(self) -> bool:
        """Whether there is anything to follow or to decide though no reading has come."""
        return self._watcher.is_outdated or self._alerts.is_waiting

    async def follow(self, readings: Sequence[Reading]) -> None:
        """Follow readings that are on disk, in time order of each check."""
        if self._watcher.is_outdated:
            rules = self._watcher.rules
            self._watcher.take_up(await self._recorder.read(lambda ledger: past_of(ledger.evidence(), rules)))
            readings = ()  # the ledger held them
        changes = self._watcher.observe(readings)
        self._alerts.note(changes)
        self._routes.after(changes)
        self._rescheduler.hurry(await self._alerts.round())

    async def close(self) -> None:
        """Break off the traces that are under way."""
        await self._routes.close()
