"""What follows from readings once they are on disk: incidents change, people are alerted, paths are traced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.watcher import past_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agent.alerts.pipeline import AlertPipeline
    from agent.probing.rescheduler import Rescheduler
    from agent.probing.routes import Routes
    from agent.recorder import Recorder
    from agent.watcher import Past, Watcher
    from sla.contract.model import Contract
    from sla.evidence.records import Reading
    from sla.ledger import Ledger


class IncidentFollower:
    """Hands committed readings to the watcher, and what changes to alerts, routes and rescheduler."""

    def __init__(
        self,
        watcher: Watcher,
        recorder: Recorder,
        alerts: AlertPipeline,
        routes: Routes,
        rescheduler: Rescheduler,
        *,
        contract: Contract | None,
        now: Callable[[], int],
    ) -> None:
        """`contract`: whose settled months no definition changes any more; `now`: the agent's time, ms."""
        self._contract = contract
        self._now = now
        self._watcher = watcher
        self._recorder = recorder
        self._alerts = alerts
        self._routes = routes
        self._rescheduler = rescheduler

    @property
    def is_waiting(self) -> bool:
        """Whether there is anything to follow or to decide though no reading has come."""
        return self._watcher.is_outdated or self._alerts.is_waiting or self._watcher.is_due(self._now())

    async def follow(self, readings: Sequence[Reading]) -> None:
        """Follow readings that are on disk, in time order of each check."""
        if self._watcher.is_outdated:
            self._watcher.take_up(await self._recorder.read(self._past))
            readings = ()  # the ledger held them
        changes = self._watcher.observe(readings, self._now())
        self._alerts.note(changes)
        self._routes.after(changes)
        self._rescheduler.hurry(await self._alerts.round())

    def _past(self, ledger: Ledger) -> Past:
        return past_of(ledger.evidence(), self._contract, self._watcher.rules, self._now())

    async def close(self) -> None:
        """Break off the traces that are under way."""
        await self._routes.close()
