"""Places for looks that open sockets: so many in all, two at a time for a host (bound B9), and fair to who is quick.

A host whose last look took long may be dead, or a tarpit. All such hosts together get three quarters of the places,
so that the others never wait for their time-outs. Two at a time is politeness, and no judgement: a look that has
waited for a second goes ahead, or the many channels of a dead recorder would not be looked at within their interval.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PLACES = 128
A_HOST = 2
SLOW_S = 1.0
"""A look that takes longer makes its host a slow one, until a quicker look."""
POLITE_S = 1.0
"""How long a look waits for the others of its host."""


class Room:
    """Belongs to one event loop."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = asyncio.Semaphore(places)
        self._places_of_slow = asyncio.Semaphore(max(1, places * 3 // 4))
        self._slow: set[str] = set()
        self._hosts: dict[str, tuple[asyncio.Semaphore, list[None]]] = {}

    @asynccontextmanager
    async def place(self, host: str) -> AsyncIterator[None]:
        """A place for one look at that host, for the length of a `with`."""
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._turn(host))
            if host in self._slow:
                await held.enter_async_context(self._places_of_slow)
            await held.enter_async_context(self._places)
            began = time.monotonic()
            try:
                yield
            finally:
                self._note(host, time.monotonic() - began)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        turns, users = self._hosts.setdefault(host, (asyncio.Semaphore(A_HOST), []))
        users.append(None)
        has_turn = False
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLITE_S if turns.locked() else None):
                    has_turn = await turns.acquire()
            yield
        finally:
            if has_turn:
                turns.release()
            users.pop()
            if not users:
                del self._hosts[host]

    def _note(self, host: str, took_s: float) -> None:
        if took_s > SLOW_S:
            self._slow.add(host)
        else:
            self._slow.discard(host)
