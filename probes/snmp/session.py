"""One device that is asked by SNMP, v2c or v3, for several looks at once.

All that is wanted at one moment is one request (or as few as its size allows), and a table is walked once for all.
Numeric OIDs only: no MIB is compiled.
"""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from probes.address import endpoint
from probes.faults import AssetFaultError, OwnFaultError
from probes.net.connection import Deadline
from probes.reasons import NO_ANSWER, READ_TIMEOUT, WAITED
from probes.snmp.options import SNMP_PORT
from probes.snmp.transport import SnmpTransport
from probes.snmp.values import number, ticks_between
from probes.snmp.walk import walked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping

    from gufo.snmp.typing import ValueType

    from probes.snmp.options import SnmpOptions

UPTIME = "1.3.6.1.2.1.1.3.0"
"""sysUpTime, in hundredths of a second: it comes with all values, to see restarts and answers that hold nothing."""
_LINES = 2
"""Bound B9. A walk takes one of them at most, so that a table over which an agent hangs holds up no values."""
_AT_A_TIME = 48
"""Values a request: what fits into one Ethernet frame with names of vendors' tables."""
_CAREFUL = 10
"""Values a request, for an hour after one without answer: some agents drop without a word what is too large."""
_WORTH_S = 0.2
"""With less time than this, a walk is not begun again."""
_REMEMBERED_S = 3_600
"""A table is walked anew after this, or when the device has restarted: modules are plugged in while it runs."""


class PendingRequest:
    """Something that is asked for several looks: it may last until the latest of their deadlines."""

    def __init__(self) -> None:
        self.wanted: dict[str, None] = {}
        self.deadline = Deadline(0)
        self.line: SnmpTransport | None = None
        self._work: asyncio.Task[dict[str, ValueType]] | None = None

    def begin(self, work: Coroutine[Any, Any, dict[str, ValueType]]) -> None:
        """Go."""
        self._work = asyncio.ensure_future(work)
        self._work.add_done_callback(  # seen, also where nobody waits any more
            lambda done: done.cancelled() or done.exception()
        )

    async def answer(self, deadline: Deadline) -> dict[str, ValueType]:
        """What it brings, for one look more; what becomes of that look does not end it for the others.

        OwnFaultError: the device was not even asked, as other looks held its lines.
        """
        if self._work is None:
            raise LookupError("nothing was asked")
        if deadline.left_s() > self.deadline.left_s():
            self.deadline = deadline
        try:
            async with asyncio.timeout(deadline.left_s()):
                return await asyncio.shield(self._work)
        except TimeoutError:
            fault = OwnFaultError(WAITED) if self.line is None else self.line.unanswered()
        raise fault


class SnmpDevice:
    """One device. Instants are monotonic seconds."""

    def __init__(self, address: str, options: SnmpOptions) -> None:
        where = endpoint(address, options.port, otherwise=SNMP_PORT)
        self._free = [SnmpTransport(where, options) for _ in range(_LINES)]
        self._lines = asyncio.Semaphore(_LINES)
        self._walking = asyncio.Lock()
        self._question: PendingRequest | None = None
        self._most_values = _AT_A_TIME
        self._careful_until_s = 0.0
        self._answered_s = -math.inf
        self._ticks: int | None = None
        self._walks: dict[str, PendingRequest] = {}
        self._rows: dict[str, tuple[float, dict[str, ValueType]]] = {}
        self.memory: dict[Any, Any] = {}
        """What kinds keep from one look to the next: counters, and where a name was found."""

    async def values(self, oids: Iterable[str], deadline: Deadline) -> dict[str, ValueType]:
        """Values by OID, sysUpTime always among them, without those that the device does not have.

        AssetFaultError: no answer, or nonsense. OwnFaultError: it could not be asked in time.
        """
        question = self._question
        if question is None:
            question = self._question = PendingRequest()
            question.begin(self._asked(question))
        question.wanted |= dict.fromkeys(oids)
        return await question.answer(deadline)

    async def _asked(self, question: PendingRequest) -> dict[str, ValueType]:
        await asyncio.sleep(0)  # the others of this moment say what they want
        try:
            async with self._line(question, -1) as line:
                self._question = None
                found = await self._all(line, question)
        finally:
            if self._question is question:
                self._question = None
        self._heed(number(found.get(UPTIME)))
        return found

    async def _all(self, line: SnmpTransport, question: PendingRequest) -> dict[str, ValueType]:
        waiting = [each for each in question.wanted if each != UPTIME]
        found: dict[str, ValueType] = {}
        while not found or waiting:
            most = self._most() - 1  # the uptime takes one
            part, waiting = waiting[:most], waiting[most:]
            found |= await self._part(line, part, question.deadline)
            if not waiting:
                break
        return found

    @asynccontextmanager
    async def _line(self, pending: PendingRequest, which: int) -> AsyncIterator[SnmpTransport]:
        """A line for one errand, for the length of a `with`; of the free ones the first (0) or the last (-1)."""
        async with self._lines:
            if not pending.deadline.left_s():
                raise OwnFaultError(WAITED)
            line = pending.line = self._free.pop(which)
            try:
                yield line
            finally:
                self._free.insert(len(self._free) if which else 0, line)

    def _most(self) -> int:
        return min(self._most_values, _CAREFUL if time.monotonic() < self._careful_until_s else _AT_A_TIME)

    async def _part(self, line: SnmpTransport, part: list[str], deadline: Deadline) -> dict[str, ValueType]:
        """Values of one request; half of it after half where the device has no room for it, or not for one of them.

        The session says nothing of an error status (tooBig, genErr): the answer is empty then, without the uptime.
        """
        try:
            found = await line.asked(lambda session: session.get_many([UPTIME, *part]), deadline)
        except AssetFaultError as fault:
            if fault.why.phrase == NO_ANSWER:
                self._careful_until_s = time.monotonic() + _REMEMBERED_S
            raise
        self._answered_s = time.monotonic()
        if UPTIME in found or len(part) < 2:  # noqa: PLR2004 - nothing to halve
            return found
        half = len(part) // 2
        for each in (part[:half], part[half:]):
            found |= await self._part(line, each, deadline)
        if UPTIME in found:
            self._most_values = max(2, min(self._most_values, half + 1))
        return found

    def _heed(self, ticks: int | None) -> None:
        """A device that restarted has its tables anew."""
        if ticks is not None and self._ticks is not None and ticks_between(self._ticks, ticks) is None:
            self._rows.clear()
            self._most_values = _AT_A_TIME
        self._ticks = ticks

    async def walked(self, base: str, deadline: Deadline) -> dict[str, ValueType]:
        """What stands below `base`, by the rest of its OID.

        AssetFaultError: also if it goes round, or has no end; a device that answers all but this is not silent, and
        is not told so. OwnFaultError: it could not be asked in time.
        """
        if time.monotonic() - self._answered_s > deadline.elapsed_ms() / 1000:
            await self.values([], deadline)  # to tell a silent device from one that hangs over a table
        joined = self._walks.get(base)
        try:
            return await (joined or self._begun(base)).answer(deadline)
        except AssetFaultError as fault:
            if fault.why.phrase != NO_ANSWER:
                raise
            if joined is not None and deadline.left_s() > _WORTH_S:  # it had less time than this look has
                return await self.walked(base, deadline)
        raise AssetFaultError(READ_TIMEOUT, "a table")

    def _begun(self, base: str) -> PendingRequest:
        walk = self._walks[base] = PendingRequest()
        walk.begin(self._walk(walk, base))
        return walk

    async def _walk(self, walk: PendingRequest, base: str) -> dict[str, ValueType]:
        try:
            async with self._walking, self._line(walk, 0) as line:
                try:
                    found = await line.asked(lambda session: walked(session, base), walk.deadline)
                finally:
                    line.close()  # as a rule it is not wanted again for an hour
        finally:
            del self._walks[base]
        self._rows[base] = (time.monotonic(), found)
        return found

    def rows(self, base: str) -> Mapping[str, ValueType] | None:
        """What a walk found there within the last hour, unless the device has restarted since."""
        walked_s, found = self._rows.get(base, (0.0, None))
        return found if found is not None and time.monotonic() - walked_s < _REMEMBERED_S else None

    @property
    def is_open(self) -> bool:
        """Whether it holds a socket that nobody is using."""
        return any(line.is_open for line in self._free)

    def rest(self) -> None:
        """Close its sockets, unless they are being used; what is known of the device stays."""
        for line in self._free:
            line.close()
