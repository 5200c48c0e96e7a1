"""Looks at thousands of hosts through one socket for each address family, and one timer for everything.

A reply counts if it comes from the very address that was asked, bears the number of a request under way
and the random token of that look; anything else is ignored, so are second answers. Complaints of routers are no proof
(anybody can send one): they only name the reason after the time-out. Requests leave at an even pace, and
arrival is stamped by the kernel, so that neither our own burst nor our own delay is held against a host.
"""

from __future__ import annotations

import asyncio
import heapq
import os
import time
from collections import deque
from itertools import count, pairwise
from typing import TYPE_CHECKING

from probes.faults import OwnFaultError
from probes.icmp_socket import TOKEN_BYTES, EchoSocket
from probes.outcome import Outcome, fail, none, ok
from probes.reasons import BUFFER_OVERRUN, NO_ANSWER, NO_PERMISSION, NOT_SENT, STALLED, because
from probes.resolve import numeric, places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from probes.icmp import Options
    from probes.icmp_packet import Complaint
    from probes.look import Look
    from probes.resolve import Place

RATE = 10_000
"""Requests a second, over all looks: about 10 Mbit/s at the default size."""
BURST = 64
"""Requests that may leave at once: half of the shortest queue that network cards have."""
_STEP_S = 0.005
_STALL_NS = 1_000_000_000
"""A time-out noticed later than this proves that we stood still, and nothing about the host."""
_SEQUENCES = 1 << 16
_MOST_UNDER_WAY = _SEQUENCES // 2
_NS = 1_000_000_000


class _Batch:
    """One call of `look`: whom to tell, and how many answers are still owed."""

    __slots__ = ("deliver", "done", "left")

    def __init__(self, deliver: Callable[[int, Outcome], None], left: int) -> None:
        self.deliver = deliver
        self.left = left
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not left:
            self.done.set_result(None)

    def tell(self, index: int, outcome: Outcome) -> None:
        if self.done.done():
            return
        self.left -= 1
        try:
            self.deliver(index, outcome)
        except Exception as error:  # noqa: BLE001 - the caller's own fault goes back to the caller, not to the event loop
            self.done.set_exception(error)
        else:
            if not self.left:
                self.done.set_result(None)


class _Flight:
    """One look under way. Instants are monotonic nanoseconds; 0: nothing has left yet."""

    __slots__ = (
        "batch",
        "began_ns",
        "complaint",
        "count",
        "end_ns",
        "index",
        "is_over",
        "options",
        "overruns",
        "place",
        "queued_ns",
        "round_trips",
        "sent",
        "sequences",
        "socket",
        "timeout_ns",
        "token",
    )

    def __init__(self, batch: _Batch, index: int, look: Look, token: bytes, now: int) -> None:
        self.batch = batch
        self.index = index
        self.options: Options = look.options
        self.count = self.options.count
        self.timeout_ns = int(look.timeout_s * _NS)
        self.token = token
        self.queued_ns = now
        self.began_ns = self.end_ns = self.sent = 0
        self.sequences: list[int] = []
        self.round_trips: list[int] = []
        self.complaint = ""
        self.is_over = False
        self.overruns: int
        self.place: Place
        self.socket: EchoSocket

    def gap_ns(self) -> int:
        """Between two requests of this look; all leave in the first half of its time, so that each has the other."""
        return min(self.options.pause * 1_000_000, self.timeout_ns // (2 * self.options.count))


class IcmpEngine:
    """The batch side of the `icmp` kind (see `probes.look.Many`). Belongs to one event loop."""

    def __init__(self, *, rate: int = RATE, burst: int = BURST) -> None:
        self._rate = rate
        self._burst = burst
        self._credit = float(burst)
        self._credited_ns = 0
        self._sockets: dict[int, EchoSocket] = {}
        self._queue: deque[_Flight] = deque()
        self._later: list[tuple[int, int, _Flight]] = []
        self._ends: dict[int, deque[_Flight]] = {}
        self._order = count()
        self._under_way: dict[int, tuple[_Flight, int]] = {}
        self._sequence = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at_ns = 0

    async def look(self, looks: Sequence[Look], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all; each ends in one `deliver(i, outcome)`. What `deliver` raises comes out here.

        Faults of ours (no permission, no route, no buffer, a name that does not resolve, a stall) are
        `none` for the looks that they concern. Cancelling this ends its looks undelivered.
        """
        batch = _Batch(deliver, len(looks))
        tokens, now = os.urandom(TOKEN_BYTES * len(looks)), time.monotonic_ns()
        named = []
        for index, look in enumerate(looks):
            flight = _Flight(batch, index, look, tokens[index * TOKEN_BYTES : (index + 1) * TOKEN_BYTES], now)
            if not self._start(flight, look.address):
                named.append(asyncio.ensure_future(self._start_named(flight, look)))
        self._wake(0)
        try:
            await batch.done
        finally:
            batch.done.cancel()
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

    def _start(self, flight: _Flight, address: str) -> bool:
        """Queue a look at a numeric address; False for a name."""
        try:
            place = numeric(address)
        except (ValueError, OSError) as error:
            self._finish(flight, none(because(NOT_SENT, error)))
            return True
        if place is None:
            return False
        self._enqueue(flight, place)
        return True

    async def _start_named(self, flight: _Flight, look: Look) -> None:
        try:
            found = await places(look.address, timeout_s=look.timeout_s)
        except OwnFaultError as fault:
            self._finish(flight, none(fault.reason))
        else:
            flight.queued_ns = time.monotonic_ns()
            self._enqueue(flight, found[0])
            self._wake(0)

    def _enqueue(self, flight: _Flight, place: Place) -> None:
        try:
            flight.socket = self._socket(place.family)
        except PermissionError:
            self._finish(flight, none(because(NO_PERMISSION, "see net.ipv4.ping_group_range")))
        except OSError as error:
            self._finish(flight, none(because(NOT_SENT, error.strerror)))
        else:
            flight.place = place
            self._queue.append(flight)

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
            self._queue.append(heapq.heappop(self._later)[2])
        self._send_some(now)
        due = [self._later[0][0]] if self._later else []
        due += [flights[0].end_ns for flights in self._ends.values()]
        if self._queue:
            due.append(now + int(_STEP_S * _NS))
        if due:
            self._wake(min(due))

    # Sending

    def _send_some(self, now: int) -> None:
        """Send what the pace allows; the kernel's refusal for want of buffers ends this turn, not the look."""
        if not self._queue:
            return
        self._credit = min(self._burst, self._credit + (now - self._credited_ns) / _NS * self._rate)
        self._credited_ns = now
        overruns = {each: each.overruns() for each in self._sockets.values()}
        while self._queue and self._credit >= 1 and len(self._under_way) < _MOST_UNDER_WAY:
            flight = self._queue.popleft()
            if flight.is_over or flight.batch.done.done():
                continue
            self._credit -= 1
            try:
                self._send(flight, overruns[flight.socket])
            except (BlockingIOError, _NoBuffersError):
                self._put_back(flight, now)
                return

    def _put_back(self, flight: _Flight, now: int) -> None:
        if now - flight.queued_ns > flight.timeout_ns:
            self._finish(flight, none(because(NOT_SENT, "no buffer space")))
        else:
            self._queue.appendleft(flight)

    def _send(self, flight: _Flight, overruns: int) -> None:
        sequence = self._free_sequence()
        payload = flight.token.ljust(flight.options.size, b"\0")
        try:
            sent_ns = flight.socket.send(sequence, payload, flight.place.address)
        except BlockingIOError:
            raise
        except OSError as error:
            if error.errno == _NoBuffersError.ERRNO:
                raise _NoBuffersError from None
            self._finish(flight, none(because(NOT_SENT, error.strerror)))
            return
        self._under_way[sequence] = (flight, sent_ns)
        flight.sequences.append(sequence)
        flight.sent += 1
        if flight.sent == 1:
            self._begun(flight, sent_ns, overruns)
        if flight.sent < flight.count:
            next_ns = flight.began_ns + flight.sent * flight.gap_ns()
            heapq.heappush(self._later, (next_ns, next(self._order), flight))

    def _begun(self, flight: _Flight, sent_ns: int, overruns: int) -> None:
        """Looks with the same time-out end in the order in which they began."""
        flight.began_ns, flight.overruns = sent_ns, overruns
        flight.end_ns = sent_ns + flight.timeout_ns
        same = self._ends.get(flight.timeout_ns)
        if same is None:
            same = self._ends[flight.timeout_ns] = deque()
        same.append(flight)

    def _free_sequence(self) -> int:
        sequence = (self._sequence + 1) % _SEQUENCES
        while sequence in self._under_way:
            sequence = (sequence + 1) % _SEQUENCES
        self._sequence = sequence
        return sequence

    # Receiving

    def _receive(self, ready: EchoSocket) -> None:
        ready.drain(self._answer_came, self._complaint_came)

    def _answer_came(self, ready: EchoSocket, host: str, sequence: int, token: bytes, at_ns: int) -> None:
        entry = self._under_way.get(sequence)
        if entry is None:
            return
        flight, sent_ns = entry
        if flight.socket is not ready or host != flight.place.address[0] or token != flight.token:
            return
        del self._under_way[sequence]
        if at_ns > flight.end_ns:
            return  # too late; its end is dealt with by the timer
        now = time.monotonic_ns()
        # A kernel stamp outside [sent, now] means that somebody set the clock in between.
        flight.round_trips.append((at_ns if sent_ns <= at_ns <= now else now) - sent_ns)
        if len(flight.round_trips) == flight.count:
            self._finish(flight, _answer(flight))

    def _complaint_came(self, ready: EchoSocket, complaint: Complaint) -> None:
        entry = self._under_way.get(complaint.sequence)
        if entry is not None and entry[0].socket is ready:
            entry[0].complaint = f"{complaint.text}, says {complaint.host}"

    # Ending

    def _end_overdue(self, now: int) -> None:
        """End what is overdue, and forget what has ended otherwise."""
        is_drained = False
        for timeout_ns in tuple(self._ends):
            flights = self._ends[timeout_ns]
            while flights and (flights[0].is_over or flights[0].end_ns <= now):
                if not flights[0].is_over and not is_drained:
                    is_drained = True
                    for each in tuple(self._sockets.values()):
                        self._receive(each)  # an answer that waits in the buffer came in time
                    continue
                flight = flights.popleft()
                if not flight.is_over:
                    self._finish(flight, self._overdue(flight, now - flight.end_ns))
            if not flights:
                del self._ends[timeout_ns]

    def _overdue(self, flight: _Flight, late_ns: int) -> Outcome:
        if late_ns > _STALL_NS:
            return none(because(STALLED, f"{late_ns / _NS:.1f} s"))
        if flight.socket.overruns() != flight.overruns:
            return none(BUFFER_OVERRUN)
        return _answer(flight)

    def _finish(self, flight: _Flight, outcome: Outcome) -> None:
        flight.is_over = True
        if len(flight.sequences) > len(flight.round_trips):
            self._forget(flight)
        flight.batch.tell(flight.index, outcome)

    def _forget(self, flight: _Flight) -> None:
        """Free the numbers of requests that were never answered; a late answer then finds nothing."""
        for sequence in flight.sequences:
            if self._under_way.get(sequence, (None,))[0] is flight:
                del self._under_way[sequence]


class _NoBuffersError(Exception):
    """The kernel has no room for another packet just now."""

    ERRNO = 105


def _answer(flight: _Flight) -> Outcome:
    """What the answers, or their want, say about the host."""
    asked, heard = flight.count, flight.round_trips
    if not heard:
        loss = {"loss_ratio": 1.0} if asked > 1 else {}
        return fail(because(NO_ANSWER, flight.complaint), **loss)
    if asked == 1:
        return Outcome(outcome="ok", metrics={"rtt_ms": _ms(heard[0])})
    metrics = {"rtt_ms": _ms(sum(heard) / len(heard)), "loss_ratio": 1 - len(heard) / asked}
    if len(heard) > 1:
        metrics["jitter_ms"] = _ms(jitter_ns(heard))
    return ok(**metrics)


def jitter_ns(round_trips: Sequence[int]) -> float:
    """The mean difference between one round trip and the next (the D of RFC 3550 §6.4.1, plainly averaged)."""
    return sum(abs(b - a) for a, b in pairwise(round_trips)) / (len(round_trips) - 1)


def _ms(nanoseconds: float) -> float:
    return int(nanoseconds + 500) // 1_000 / 1_000
