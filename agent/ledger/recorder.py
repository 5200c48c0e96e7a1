"""The one writer of the ledger: everything that is kept goes through here, in one thread, in order.

A commit is on disk when it returns, and only then may anybody be told of what is in it. After the
first error nothing more is taken: the agent stops, and starts again from what is on disk.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from sla.evidence.evidence import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agent.clock import Clock
    from sla.evidence.records import Reading
    from sla.ledger import Entry, Head, Ledger

T = TypeVar("T")


class Recorder:
    """Runs the ledger in a thread of its own, so that a slow disk does not stall what is being measured."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        """Take over an open ledger; nobody else may use it from now on."""
        self._ledger = ledger
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._failed: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self.committed_ms: int | None = None
        """Boot-time of the last commit."""
        self.head = ledger.head

    @property
    def failed(self) -> asyncio.Future[Exception]:
        """Done with the error when the ledger could not be written."""
        return self._failed

    async def commit(self, *, readings: Sequence[Reading] = (), entries: Sequence[Entry] = ()) -> Head:
        """Keep all of it in one transaction; durable when this returns. Raises LedgerError, then and ever after."""
        return await self.write(lambda ledger: ledger.commit(self._clock.now(), readings=readings, entries=entries))

    async def write(self, work: Callable[[Ledger], T]) -> T:
        """Run work that writes in the ledger's thread; an error of it other than EvidenceError is final."""
        if self._failed.done():
            raise self._failed.result()
        try:
            found = await self.read(work)
        except EvidenceError:
            raise
        except Exception as error:
            if not self._failed.done():
                self._failed.set_result(error)
            raise
        self.committed_ms = self._clock.boot_ms()
        return found

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
