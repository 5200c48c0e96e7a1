"""Places for looks that open sockets: so many in all, two at a time for a host (bound B9), and fair to who is quick.

A look that took long the last time is at something dead, or at a tarpit; of one that is made for the first time
nothing is known. All such looks together get three quarters of the places, so that the others never wait for their
time-outs. Two at a time is politeness, and no judgement: a look that has waited for a second goes ahead, up to a
bound, or the many channels of a dead recorder would not be looked at within their interval.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

from probes.address import is_here

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PLACES = 112
"""With twice eight of who asks around for the agent (agent/trust/failure_trust.py), 128 (bound B9)."""
A_HOST = 2
MOST_OF_A_HOST = 32
SLOW_S = 1.0
"""A look that takes longer is a slow one, until it is quicker."""
POLITE_S = 1.0
"""How long a look waits for the others of its host."""


class Limiter:
    """Belongs to one event loop."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = asyncio.Semaphore(places)
        self._places_of_slow = asyncio.Semaphore(max(1, places * 3 // 4))
        self._quick: set[object] = set()
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def place(self, host: str, look: object) -> AsyncIterator[None]:
        """A place for one look at that host, for the length of a `with`. `look`: the same each time it is made."""
        async with AsyncExitStack() as held:
            if not is_here(host):  # this very machine needs no politeness
                await held.enter_async_context(self._turn(host))
            if look not in self._quick:
                await held.enter_async_context(self._places_of_slow)
            await held.enter_async_context(self._places)
            clock = asyncio.get_running_loop().time  # that of the time-outs, which a test may let jump
            began_s = clock()
            try:
                yield
            finally:
                self._note(look, clock() - began_s)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        here = self._hosts.setdefault(host, _Host())
        here.users += 1
        has_turn = False
        try:
            async with here.most:
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLITE_S if here.turns.locked() else None):
                        has_turn = await here.turns.acquire()
                yield
        finally:
            if has_turn:
                here.turns.release()
            here.users -= 1
            if not here.users:
                del self._hosts[host]

    def _note(self, look: object, took_s: float) -> None:
        if took_s > SLOW_S:
            self._quick.discard(look)
        else:
            self._quick.add(look)


class _Host:
    """The looks at one host that are under way, or wait."""

    __slots__ = ("most", "turns", "users")

    def __init__(self) -> None:
        self.most = asyncio.Semaphore(MOST_OF_A_HOST)
        self.turns = asyncio.Semaphore(A_HOST)
        self.users = 0
