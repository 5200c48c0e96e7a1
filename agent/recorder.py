"""The one writer of the ledger: everything that is kept goes through here, in one thread, in order.

A commit is on disk when it returns, and only then may anybody be told of what is in it. After the
first error nothing more is taken: the agent stops, and starts again from what is on disk.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from config.input.mistakes import RefusalError
from sla.ledger import Entry, LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agent.clock import Clock
    from sla.evidence.records import AgentEvent, Reading
    from sla.ledger import Head, Ledger

T = TypeVar("T")


class Recorder:
    """Runs the ledger in a thread of its own, so that a slow disk does not stall what is being measured."""

    def __init__(self, ledger: Ledger, clock: Clock, failed: Callable[[Exception], None]) -> None:
        """Take over an open ledger; nobody else may use it from now on. `failed`: given the first error."""
        self._ledger = ledger
        self._clock = clock
        self._report = failed
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._failure: Exception | None = None
        self._waiting: list[Entry] = []
        self.head = ledger.head

    def keep(self, event: AgentEvent) -> None:
        """Let an event go with the next commit, whoever makes it."""
        self._waiting.append(Entry.of(event, actor="agent"))

    @property
    def is_waiting(self) -> bool:
        """Whether an event waits for a commit."""
        return bool(self._waiting)

    async def commit(self, *, readings: Sequence[Reading] = (), entries: Sequence[Entry] = ()) -> Head:
        """Keep all of it in one transaction; durable when this returns. Raises LedgerError, then and ever after."""
        waiting, self._waiting = self._waiting, []
        kept = (*waiting, *entries)
        return await self.write(lambda ledger: ledger.commit(self._clock.now(), readings=readings, entries=kept))

    async def write(self, work: Callable[[Ledger], T]) -> T:
        """Run work that writes in the ledger's thread; an error is final unless it refuses what was asked."""
        if self._failure is not None:
            raise self._failure
        try:
            return await self.read(work)
        except Exception as error:
            is_refusal = isinstance(error, RefusalError) and not isinstance(error, LedgerError)
            if self._failure is None and not is_refusal:
                self._failure = error
                self._report(error)
            raise

    async def read(self, work: Callable[[Ledger], T]) -> T:
        """Run work that only reads, in the ledger's thread; iterators must be used up inside."""
        found, self.head = await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: (work(self._ledger), self._ledger.head)
        )
        return found

    async def seal(self) -> int:
        """Seal what is due; how many blocks."""
        return await self.write(lambda ledger: ledger.seal_due(self._clock.now()))

    async def close(self) -> None:
        """Chain what is not chained yet, and let go of the ledger."""
        close = self._ledger.close
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, lambda: close(self._clock.now()))
        finally:
            self._thread.shutdown()
