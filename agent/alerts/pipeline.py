"""Alerts from a changed incident to the provider's yes: decided, written down, then sent.

Nothing is sent that is not on disk, so a crash repeats a message (with the same number) and loses none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.measure.analysis import Analysis
from sla.obligations.registry import deadlines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agent.alerts.decide import Statement
    from agent.alerts.delivery import DeliveryWorker
    from agent.alerts.outbox import IncidentKey, Outbox
    from agent.alerts.planner import AlertPlanner
    from agent.recorder import Recorder
    from agent.watcher import Watcher
    from sla.contract.model import Contract
    from sla.incidents.fold import IncidentChange
    from sla.ledger import Ledger
    from sla.obligations.kind import IncidentDeadline

DEFINITE: frozenset[Statement] = frozenset(("detected", "relapsed", "repeat"))
"""Statements about an incident that is open: their messages give the deadlines."""


class AlertPipeline:
    """Planner, outbox and delivery in one line. Close it."""

    def __init__(
        self,
        *,
        planner: AlertPlanner,
        outbox: Outbox,
        delivery: DeliveryWorker,
        recorder: Recorder,
        watcher: Watcher,
        contract: Contract | None,
        now: Callable[[], int],
    ) -> None:
        """`contract`: whose deadlines are given, if there is one; `now`: the agent's time, ms."""
        self._planner = planner
        self._outbox = outbox
        self._delivery = delivery
        self._recorder = recorder
        self._watcher = watcher
        self._contract = contract
        self._now = now

    def note(self, changes: Iterable[IncidentChange]) -> None:
        """These incidents are new, different, or gone: decide about them in the next round."""
        self._planner.note(changes)

    @property
    def is_waiting(self) -> bool:
        """Whether an incident still wants a decision."""
        return self._planner.is_waiting

    async def round(self) -> Sequence[str]:
        """Decide, keep what is due, begin to send it. The ids of checks that should be probed at once."""
        planned = self._planner.decide(self._now())
        if planned.due:
            await self._keep(planned.due)
        return planned.hurry

    async def _keep(self, due: Mapping[Statement, Sequence[IncidentKey]]) -> None:
        deadlines = await self._deadlines([key for statement in DEFINITE for key in due.get(statement, ())])
        messages = self._planner.write(due, deadlines, self._recorder.head, self._now())
        await self._recorder.commit(entries=[message.entry() for message in messages])
        for message in messages:
            self._outbox.add(message)
        self._delivery.begin_due()

    async def _deadlines(self, keys: Sequence[IncidentKey]) -> dict[IncidentKey, tuple[IncidentDeadline, ...]]:
        contract, now = self._contract, self._now()
        incidents = {key: found for key in keys if (found := self._watcher.incident(*key)) is not None}
        if contract is None or not incidents:
            return {}

        def work_out(ledger: Ledger) -> dict[IncidentKey, tuple[IncidentDeadline, ...]]:
            analysis = Analysis(contract, ledger.evidence(), now)
            return {key: deadlines_of(each, analysis) for key, each in incidents.items()}

        return await self._recorder.read(work_out)

    async def deliver(self) -> None:
        """Begin to send whatever is due, first or further tries."""
        self._delivery.begin_due()

    async def repeat(self) -> None:
        """Decide again about every incident that is open: it may be time to repeat it."""
        self._planner.note_again()

    def undelivered(self) -> list[dict[str, str | int]]:
        """What waits, for the status: number, channel, subject, tries that failed, and the last refusal."""
        return self._outbox.undelivered()

    async def close(self) -> None:
        """Break off what is being sent; it is sent again after the next start."""
        await self._delivery.close()
