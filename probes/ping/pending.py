"""Looks by ping while they are under way, and what their answers, or the want of them, say about a host."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from probes.outcome import fail, ok
from probes.reasons import NO_ANSWER, because

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from probes.batch import ProbeRequest
    from probes.outcome import Outcome
    from probes.ping.blocks import Address
    from probes.ping.echo_socket import EchoSocket

_NS = 1_000_000_000


class EchoOptions(Protocol):
    """What the engine takes of a look's options."""

    @property
    def count(self) -> int:
        """Requests a look."""

    @property
    def pause(self) -> int:
        """Milliseconds between two of them."""

    @property
    def size(self) -> int:
        """Bytes behind the header of a request."""


class EchoBatch:
    """One call of `IcmpEngine.run`: where its outcomes go, and how many are still owed."""

    __slots__ = ("deliver", "done", "is_over", "left")

    def __init__(self, deliver: Callable[[int, Outcome], None], left: int) -> None:
        self.deliver = deliver
        self.left = left
        self.is_over = False
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not left:
            self.end()

    def report(self, index: int, outcome: Outcome) -> None:
        """Hand on what one of its looks came to; nothing once the batch is over."""
        if self.is_over:
            return
        self.left -= 1
        try:
            self.deliver(index, outcome)
        except Exception as error:  # noqa: BLE001 - the caller's own fault goes back to the caller, not to the event loop
            self.end(error)
        else:
            if not self.left:
                self.end()

    def end(self, error: Exception | None = None) -> None:
        """Hand on nothing any more, and let whoever awaits `done` go on; `error` is raised there."""
        self.is_over = True
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


class Terms:
    """What looks of a batch have in common that are asked in the same way through the same socket."""

    __slots__ = ("batch", "count", "family", "gap_ns", "options", "size", "socket", "timeout_ns", "timeout_s")

    def __init__(self, batch: EchoBatch, look: ProbeRequest, socket: EchoSocket) -> None:
        options: EchoOptions = look.options
        self.batch = batch
        self.socket = socket
        self.family = int(socket.family)
        self.options = options
        self.timeout_s = look.timeout_s
        self.count = options.count
        self.size = options.size
        self.timeout_ns = int(look.timeout_s * _NS)
        self.gap_ns = min(options.pause * 1_000_000, self.timeout_ns // (2 * options.count))
        """Between two requests of a look; all leave in the first half of its time, so that each has the other."""

    def are_of(self, look: ProbeRequest, family: int) -> bool:
        """Whether another look of the batch is asked like this."""
        same = look.options is self.options or look.options == self.options
        return same and look.timeout_s == self.timeout_s and family == self.family


class PendingEcho:
    """One look under way. Instants are monotonic nanoseconds; 0: not yet."""

    __slots__ = (
        "complaint",
        "end_ns",
        "host",
        "index",
        "is_over",
        "refused_ns",
        "round_trips",
        "sent",
        "terms",
        "to",
        "token",
    )

    def __init__(self, terms: Terms, index: int, to: Address, host: bytes, token: int) -> None:
        self.terms = terms
        self.index = index
        self.to = to
        self.host = host
        self.token = token
        self.end_ns = self.refused_ns = self.sent = 0
        self.round_trips: tuple[int, ...] = ()
        self.complaint = ""
        self.is_over = False

    def outcome(self) -> Outcome:
        """What the answers so far, or their want, say about the host."""
        asked, heard = self.terms.count, self.round_trips
        if not heard:
            loss = {"loss_ratio": 1.0} if asked > 1 else {}
            return fail(because(NO_ANSWER, self.complaint), **loss)
        if asked == 1:
            return answered(heard[0])
        metrics = {"rtt_ms": _ms(sum(heard) / len(heard)), "loss_ratio": 1 - len(heard) / asked}
        if len(heard) > 1:
            metrics["jitter_ms"] = _ms(jitter_ns(heard))
        return ok(**metrics)


def answered(round_trip_ns: int) -> Outcome:
    """What a look with one request comes to that was answered."""
    return ok(rtt_ms=(round_trip_ns + 500) // 1_000 / 1_000)


def jitter_ns(round_trips: Sequence[int]) -> float:
    """The mean difference between one round trip and the next (the D of RFC 3550 §6.4.1, plainly averaged)."""
    return sum(abs(b - a) for a, b in pairwise(round_trips)) / (len(round_trips) - 1)


def _ms(nanoseconds: float) -> float:
    return int(nanoseconds + 500) // 1_000 / 1_000
