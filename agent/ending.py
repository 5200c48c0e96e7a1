"""Whether the agent is to stop, and what made it: one place that every part can say so to."""

from __future__ import annotations

import asyncio
import logging

log = logging.getLogger(__name__)


class Ending:
    """Asked for by a signal or by an error. Only the first error counts; it is logged at once."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self.failure: BaseException | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the agent is stopping or has stopped."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask for a clean end."""
        self._asked.set()

    def fail(self, error: BaseException) -> None:
        """Ask for an end because nothing more can be recorded."""
        if self.failure is None:
            self.failure = error
            log.critical("the agent stops, and nothing more is recorded: %s", error, exc_info=error)
        self._asked.set()

    async def wait(self) -> None:
        """Return when somebody has asked."""
        await self._asked.wait()
