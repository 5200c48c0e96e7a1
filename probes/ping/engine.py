"""Looks at thousands of hosts through one socket for each address family, and one timer for everything.

A reply counts if it comes from the very address that was asked, bears the number of a request under way
and the random token of that look; anything else is ignored, so are second answers. Complaints of routers are no proof
(anybody can send one): they only name the reason after the time-out. Requests leave at an even pace, and
arrival is stamped by the kernel, so that neither our own burst nor our own delay is held against a host.
"""

from __future__ import annotations

import asyncio
import errno
import heapq
import os
import socket
import struct
import time
from collections import deque
from itertools import count, cycle, filterfalse, islice
from typing import TYPE_CHECKING

from probes.faults import OwnFaultError
from probes.net.resolve import places
from probes.outcome import none
from probes.ping.blocks import destination, packed
from probes.ping.echo_socket import EchoSocket
from probes.ping.pending import EchoBatch, PendingEcho, Terms, answered
from probes.reasons import BUFFER_OVERRUN, NO_PERMISSION, NOT_SENT, STALLED, because

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from probes.batch import ProbeRequest
    from probes.outcome import Outcome
    from probes.ping.blocks import Answer
    from probes.ping.packet import Complaint

RATE = 10_000
"""Requests a second, over all looks: about 10 Mbit/s at the default size."""
BURST = 64
"""Requests that may leave at once: half of the shortest queue that network cards have."""
_VOLLEY = 64
"""Requests that are noted together: their looks end together, a fraction of a millisecond late for the first."""
_STEP_NS = 5_000_000
_STALL_NS = 1_000_000_000
"""A time-out noticed later than this proves that we stood still, and nothing about the host."""
_NUMBERS = 1 << 16
_MOST_UNDER_WAY = _NUMBERS // 2
_NS = 1_000_000_000
_NO_ROOM = (errno.EAGAIN, errno.ENOBUFS)
"""The kernel has no room for another packet just now."""


class IcmpEngine:
    """The batch side of the `icmp` kind (see `probes.batch.BatchProbe`). Belongs to one event loop."""

    def __init__(self, *, rate: int = RATE, burst: int = BURST) -> None:
        self._rate = rate
        self._burst = burst
        self._step_ns = min(_STEP_NS, burst * _NS // rate)
        self._credit = float(burst)
        self._credited_ns = 0
        self._sockets: dict[int, EchoSocket] = {}
        self._queue: deque[deque[PendingEcho]] = deque()
        """Runs of looks on the same terms, in the order in which their requests have to leave."""
        self._later: list[tuple[int, int, PendingEcho]] = []
        self._ends: list[tuple[int, int, list[PendingEcho], list[int], int]] = []
        """When requests that left together are overdue; whose and with which numbers, and overruns as they left."""
        self._order = count()
        self._numbers = cycle(range(_NUMBERS))
        self._under_way: dict[int, tuple[PendingEcho, int]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at_ns = 0

    async def run(self, looks: Sequence[ProbeRequest], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all; each ends in one `deliver(i, outcome)`. What `deliver` raises comes out here.

        Faults of ours (no permission, no route, no buffer, a name that does not resolve, a stall) are
        `none` for the looks that they concern. Cancelling this ends its looks undelivered.
        """
        batch = EchoBatch(deliver, len(looks))
        named = [asyncio.ensure_future(each) for each in self._start(batch, looks)]
        self._wake(0)
        try:
            await batch.done
        finally:
            batch.end()
            for task in named:
                task.cancel()
            await asyncio.gather(*named, return_exceptions=True)

    def close(self) -> None:
        """Give back the sockets and the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for each in self._sockets.values():
            asyncio.get_running_loop().remove_reader(each.fileno())
            each.close()
        self._sockets.clear()
        self._under_way.clear()
        self._queue.clear()
        self._later.clear()
        self._ends.clear()

    # Starting

    def _start(self, batch: EchoBatch, looks: Sequence[ProbeRequest]) -> list[Coroutine[None, None, None]]:
        """Queue looks at numeric addresses; what there is to wait for where a look is at a name."""
        named = []
        run, terms = deque[PendingEcho](), None
        tokens = struct.unpack(f"={len(looks)}Q", os.urandom(8 * len(looks)))
        for index, (look, token) in enumerate(zip(looks, tokens, strict=True)):
            try:
                family, to, host = destination(look.address)
            except (ValueError, OSError) as error:
                batch.report(index, none(because(NOT_SENT, error)))
                continue
            if not family:
                named.append(self._start_named(batch, index, look, token))
                continue
            if terms is None or not terms.are_of(look, family):
                terms = self._terms(batch, index, look, family)
                if terms is None:
                    continue
                run = deque[PendingEcho]()
                self._queue.append(run)
            run.append(PendingEcho(terms, index, to, host, token))
        return named

    async def _start_named(self, batch: EchoBatch, index: int, look: ProbeRequest, token: int) -> None:
        try:
            found = await places(look.address, timeout_s=look.timeout_s)
        except OwnFaultError as fault:
            batch.report(index, none(fault.why))
            return
        family, to, host = packed(found[0])
        terms = self._terms(batch, index, look, family)
        if terms is not None:
            self._enqueue(PendingEcho(terms, index, to, host, token))
            self._wake(0)

    def _enqueue(self, echo: PendingEcho) -> None:
        if not self._queue or self._queue[-1][-1].terms is not echo.terms:
            self._queue.append(deque())
        self._queue[-1].append(echo)

    def _terms(self, batch: EchoBatch, index: int, look: ProbeRequest, family: int) -> Terms | None:
        """Those of a look; None where it has ended, for want of a socket."""
        try:
            return Terms(batch, look, self._socket(family))
        except PermissionError:
            batch.report(index, none(because(NO_PERMISSION, "see net.ipv4.ping_group_range")))
        except OSError as error:
            batch.report(index, none(because(NOT_SENT, error.strerror)))
        return None

    def _socket(self, family: int) -> EchoSocket:
        if family not in self._sockets:
            opened = EchoSocket(family)
            asyncio.get_running_loop().add_reader(opened.fileno(), self._receive, opened)
            self._sockets[family] = opened
        return self._sockets[family]

    # The one timer

    def _wake(self, at_ns: int) -> None:
        """Have `_tick` run at that instant, or earlier."""
        if self._timer is not None:
            if self._timer_at_ns <= at_ns:
                return
            self._timer.cancel()
        self._timer_at_ns = at_ns
        delay_s = max(0.0, (at_ns - time.monotonic_ns()) / _NS) if at_ns else 0.0
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = time.monotonic_ns()
        self._end_overdue(now)
        while self._later and self._later[0][0] <= now:
            self._enqueue(heapq.heappop(self._later)[2])
        self._send_some(now)
        due = [each[0][0] for each in (self._later, self._ends) if each]
        if self._queue:
            due.append(now + self._step_ns)
        if due:
            self._wake(min(due))

    # Sending

    def _send_some(self, now: int) -> None:
        """Send what the pace allows; the kernel's refusal for want of buffers ends this turn, not the looks."""
        if not self._queue:
            return
        self._credit = min(self._burst, self._credit + (now - self._credited_ns) / _NS * self._rate)
        self._credited_ns = now
        overruns = {each: each.overruns() for each in self._sockets.values()}
        while True:
            volley = self._next(min(_VOLLEY, int(self._credit), _MOST_UNDER_WAY - len(self._under_way)))
            if not volley:
                return
            self._credit -= len(volley)
            unsent = self._send(volley, overruns[volley[0].terms.socket])
            if unsent:
                self._put_back(unsent, now)
                return

    def _next(self, most: int) -> list[PendingEcho]:
        """Looks that have to send next and can do so together."""
        volley: list[PendingEcho] = []
        while self._queue and most > 0 and not volley:
            run = self._queue[0]
            if run[0].terms.batch.is_over:
                run.clear()
            taken = [run.popleft() for _ in range(min(most, len(run)))]
            volley = [each for each in taken if not each.is_over]
            if not run:
                self._queue.popleft()
        return volley

    def _put_back(self, unsent: list[PendingEcho], now: int) -> None:
        """Have these send next; but not for longer than a look may take."""
        for echo in unsent:
            echo.refused_ns = echo.refused_ns or now
            if now - echo.refused_ns > echo.terms.timeout_ns:
                self._finish(echo, none(because(NOT_SENT, "no buffer space")))
        still = deque(each for each in unsent if not each.is_over)
        if still:
            self._queue.appendleft(still)

    def _send(self, volley: list[PendingEcho], overruns: int) -> list[PendingEcho]:
        """Send a request of each; those for which the kernel has no room just now."""
        terms = volley[0].terms
        while volley:
            unused = filterfalse(self._under_way.__contains__, self._numbers)
            numbers = list(islice(unused, len(volley)))
            requests = [(number, each.to, each.token) for number, each in zip(numbers, volley, strict=True)]
            try:
                instants = terms.socket.send(requests, terms.size)
            except OSError as error:
                if error.errno in _NO_ROOM:
                    return volley
                self._finish(volley.pop(0), none(because(NOT_SENT, error.strerror)))
                continue
            self._left(volley[: len(instants)], numbers, instants, overruns)
            volley = volley[len(instants) :]
        return []

    def _left(self, echoes: list[PendingEcho], numbers: list[int], instants: Sequence[int], overruns: int) -> None:
        """Note that requests are under way, and when to end those that left together, or to send the next."""
        self._under_way.update(zip(numbers, zip(echoes, instants, strict=True), strict=False))
        terms = echoes[0].terms
        end_ns = instants[-1] + terms.timeout_ns
        heapq.heappush(self._ends, (end_ns, next(self._order), echoes, numbers, overruns))
        for echo in echoes:
            echo.end_ns = echo.end_ns or end_ns
            if terms.count > 1:
                self._plan_next(echo)

    def _plan_next(self, echo: PendingEcho) -> None:
        echo.sent += 1
        terms = echo.terms
        if echo.sent < terms.count:
            next_ns = echo.end_ns - terms.timeout_ns + echo.sent * terms.gap_ns
            heapq.heappush(self._later, (next_ns, next(self._order), echo))

    # Receiving

    def _receive(self, ready: EchoSocket) -> None:
        for answers, complaints in ready.drain():
            self._answers_came(answers)
            for each in complaints:
                self._complaint_came(ready, each)

    def _answers_came(self, answers: Iterable[Answer]) -> None:
        now, under_way = time.monotonic_ns(), self._under_way
        for host, number, token, at_ns in answers:
            echo, sent_ns = under_way.get(number, _NOBODY)
            if echo is None or echo.token != token or echo.host != host:
                continue
            del under_way[number]
            if echo.is_over or at_ns > echo.end_ns:
                continue  # too late; its end is dealt with by the timer
            # A kernel stamp outside [sent, now] means that somebody set the clock in between.
            round_trip_ns = (at_ns if sent_ns <= at_ns <= now else now) - sent_ns
            terms = echo.terms
            if terms.count == 1:
                echo.is_over = True
                terms.batch.report(echo.index, answered(round_trip_ns))
                continue
            echo.round_trips += (round_trip_ns,)
            if len(echo.round_trips) == terms.count:
                self._finish(echo, echo.outcome())

    def _complaint_came(self, ready: EchoSocket, complaint: Complaint) -> None:
        number = socket.htons(complaint.sequence)  # ours are as this machine reads them (`probes.ping.blocks`)
        echo, _sent_ns = self._under_way.get(number, _NOBODY)
        if echo is not None and echo.terms.socket is ready:
            echo.complaint = f"{complaint.text}, says {complaint.host}"

    # Ending

    def _end_overdue(self, now: int) -> None:
        """End what is overdue, and forget what has ended otherwise."""
        is_drained = False
        while self._ends:
            end_ns, _order, echoes, numbers, overruns = self._ends[0]
            still = [each for each in echoes if not each.is_over]
            if still and end_ns > now:
                return
            if still and not is_drained:
                is_drained = True
                for each in tuple(self._sockets.values()):
                    self._receive(each)  # an answer that waits in the buffer came in time
                continue
            heapq.heappop(self._ends)
            self._forget(echoes, numbers)
            for echo in still:
                self._finish(echo, _overdue(echo, overruns, now - end_ns))

    def _finish(self, echo: PendingEcho, outcome: Outcome) -> None:
        echo.is_over = True
        echo.terms.batch.report(echo.index, outcome)

    def _forget(self, echoes: list[PendingEcho], numbers: list[int]) -> None:
        """Free the numbers of requests that were never answered; a late answer then finds nothing."""
        for echo, number in zip(echoes, numbers, strict=False):
            if self._under_way.get(number, _NOBODY)[0] is echo:
                del self._under_way[number]


def _overdue(echo: PendingEcho, overruns: int, late_ns: int) -> Outcome:
    if late_ns > _STALL_NS:
        return none(because(STALLED, f"{late_ns / _NS:.1f} s"))
    if echo.terms.socket.overruns() != overruns:
        return none(BUFFER_OVERRUN)
    return echo.outcome()


_NOBODY: tuple[None, int] = (None, 0)
"""Whose a number is that is not under way."""
