"""A command's own process as the host of requests, where no agent runs: it opens the ledger itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from agent.clock import SystemClock
from agent.state_dir import STATUS_FILE
from agent.version import software
from config.input.mistakes import RefusalError
from sla.ledger import Ledger, LedgerView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sla.ledger import Stamp

T = TypeVar("T")


class LedgerOnDisk:
    """One state directory. The ledger is opened for each piece of work, and closed after it."""

    contract = None

    def __init__(self, state: Path) -> None:
        self._state = state
        self._clock = SystemClock()

    def status(self) -> dict[str, Any]:
        """The status that the last agent wrote; its state is `stopped`, or `dead` where the agent did not end."""
        try:
            found: dict[str, Any] = json.loads((self._state / STATUS_FILE).read_text(encoding="utf-8"))
        except OSError:
            text = "{state}: no agent is running there, and none has ever written its status"
            raise RefusalError(text, state=str(self._state)) from None
        return {**found, "state": "stopped" if found["state"] == "stopped" else "dead"}

    def require_ledger(self) -> None:
        """Find the ledger in the state directory. LedgerError: it is not there, or cannot be read."""
        site_of(self._state)

    async def write(self, work: Callable[[Ledger, Stamp], T]) -> T:
        """Open the ledger, do the work, chain it and let go. LedgerError: it is not there, busy or damaged."""
        ledger = Ledger.open(self._state, site=site_of(self._state), software=software())
        try:
            return work(ledger, self._clock.now())
        finally:
            ledger.close(self._clock.now())

    def incidents(self, checks: Iterable[str]) -> None:
        """Nobody here follows readings."""

    def outdate(self) -> None:
        """Nobody here follows readings."""


def site_of(place: Path) -> str:
    """The id of the site whose ledger this is; LedgerError: there is none."""
    view = LedgerView.open(place)
    try:
        return view.site
    finally:
        view.close()
