"""The running agent as the host of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agent.clock import AgentClock
    from agent.recorder import Recorder
    from agent.status import StatusReport
    from agent.watcher import Watcher
    from sla.contract.model import Contract
    from sla.incidents.incident import Incident
    from sla.ledger import Ledger, Stamp

T = TypeVar("T")


class RunningAgent:
    """Answers from the agent's own parts; whatever touches the ledger waits its turn in the recorder's thread."""

    def __init__(
        self,
        recorder: Recorder,
        clock: AgentClock,
        report: StatusReport,
        watcher: Watcher,
        contract: Contract | None = None,
    ) -> None:
        self.contract = contract
        self._recorder = recorder
        self._clock = clock
        self._report = report
        self._watcher = watcher

    def status(self) -> dict[str, Any]:
        """How the site and the agent are at this moment."""
        return self._report.now()

    def require_ledger(self) -> None:
        """The agent has one, or it would not run."""

    async def write(self, work: Callable[[Ledger, Stamp], T]) -> T:
        """Run work in the ledger's thread, between commits."""
        return await self._recorder.write(lambda ledger: work(ledger, self._clock.machine.now()))

    def incidents(self, checks: Iterable[str]) -> Mapping[str, Sequence[Incident]]:
        """Check → its incidents, as they are followed now."""
        return {check: self._watcher.incidents(check) for check in checks if check in self._watcher.checks}

    def outdate(self) -> None:
        """Let the watcher start afresh from the ledger at the next tick."""
        self._watcher.is_outdated = True
