"""Whether this time server tells the time, how far its clock is from ours, and whether it is synchronised itself.

`ok`: a valid answer of a synchronised server. `fail`: silence, a refusal (kiss of death), a server that says itself
that it is not synchronised, and with `max_offset` a clock that is off by more than that.
What it can never see: which of two clocks is right; a way there that takes longer than the way back (the offset can
be wrong by `error_ms`, which is held for the server). If our own clock is not synchronised, `max_offset` is `none`.
"""

from __future__ import annotations

import secrets
import struct
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field

from config.input.models import Duration, Port
from probes.address import endpoint, misfit_of
from probes.faults import judged
from probes.machine.clock import now_s
from probes.machine.clock_offset import offset_verdict
from probes.net.connection import Deadline
from probes.net.datagram import ASK_REASONS, asked
from probes.net.resolve import places
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail
from probes.reasons import CLOCK_OFF, NOT_SYNCHRONISED, TIME_REFUSED, because, theirs

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.text.sentence import Sentence

METRICS = {
    "rtt_ms": "there and back, less what the server took",
    "offset_ms": "its clock less ours",
    "error_ms": "how wrong that offset can be at most, because the two ways may differ",
    "stratum": "steps from a reference clock, as it says",
    "dispersion_ms": "how far it may be from its own reference, as it says",
}
REASONS = (*ASK_REASONS, TIME_REFUSED, NOT_SYNCHRONISED, CLOCK_OFF)
_PORT = 123
_CLIENT, _SERVER, _VERSION = 3, 4, 4
_PACKET = struct.Struct("!BBbbII4sQQQQ")  # RFC 5905 figure 8
_ERA_S = 1 << 32
_BEFORE_1970_S = 2_208_988_800
_UNSYNCHRONISED = 3
_MOST_STRATUM = 15
_FRACTION = 1 << 32


class Options(ProbeOptions):
    """What is asked, and how far it may be off."""

    port: Port | None = None
    """the server's port, 123 if neither this nor the address names one"""
    max_offset: Duration | None = None
    """a clock farther from ours fails"""
    max_stratum: Annotated[int, Field(ge=1, le=15)] = 15
    """a server with more steps to its reference fails"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port, otherwise=_PORT))


class NtpAnswer(NamedTuple):
    """What a server said; instants as NTP has them, 32.32 fixed point since 1900, without their era."""

    leap: int
    stratum: int
    dispersion_ms: float
    reference: bytes
    received: int
    sent: int


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Ask once. OSError: our own network or limits."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    where = endpoint(address, options.port, otherwise=_PORT)
    place = (await places(where.host, where.port, timeout_s=deadline.left_s()))[0]
    token = secrets.randbits(64)  # not our time: it would tell strangers, and could be guessed
    before_s, began_ms = now_s(), deadline.elapsed_ms()
    answer = await asked(place, request(token), lambda data: answer_in(data, token), deadline)
    return verdict(answer, before_s, deadline.elapsed_ms() - began_ms, options)


def request(token: int) -> bytes:
    """A client's packet whose transmit time is that token."""
    return _PACKET.pack(_VERSION << 3 | _CLIENT, 0, 0, 0, 0, 0, bytes(4), 0, 0, 0, token)


def answer_in(data: bytes, token: int) -> NtpAnswer | None:
    """The answer to the request with that token; None for anything else."""
    if len(data) < _PACKET.size:
        return None
    head, stratum, _poll, _precision, _delay, dispersion, reference, _ref, origin, received, sent = (
        _PACKET.unpack_from(data)
    )
    if head & 7 != _SERVER or origin != token:
        return None
    return NtpAnswer(head >> 6, stratum, dispersion * 1000 / (1 << 16), reference, received, sent)


def verdict(
    answer: NtpAnswer, before_s: float, waited_ms: float, options: Options, trusted: Callable[[], bool] | None = None
) -> Outcome:
    """What the answer comes to. `before_s`: our clock when we asked; `waited_ms`: until the answer was in."""
    if answer.stratum == 0 and answer.reference.strip(b"\0"):  # a kiss of death has a code (RFC 5905 §7.4)
        return fail(because(TIME_REFUSED, theirs(answer.reference.rstrip(b"\0").decode("ascii", "replace"))))
    stratum = {"stratum": float(answer.stratum)}
    if answer.leap == _UNSYNCHRONISED or not 0 < answer.stratum <= _MOST_STRATUM or not answer.sent:
        return fail(NOT_SYNCHRONISED, **stratum)
    if answer.stratum > options.max_stratum:
        return fail(because(NOT_SYNCHRONISED, f"stratum {answer.stratum}"), **stratum)
    received_s, sent_s = (_unix_s(each, before_s) for each in (answer.received, answer.sent))
    rtt_ms = max(0.0, waited_ms - (sent_s - received_s) * 1000)
    offset_ms = ((received_s - before_s) + (sent_s - before_s - waited_ms / 1000)) * 500
    metrics = {
        "rtt_ms": round(rtt_ms, 3),
        "offset_ms": round(offset_ms, 3),
        "error_ms": round(rtt_ms / 2, 3),
        "dispersion_ms": round(answer.dispersion_ms, 3),
        **stratum,
    }
    return offset_verdict(metrics, options.max_offset, **({} if trusted is None else {"trusted": trusted}))


def _unix_s(stamp: int, near_s: float) -> float:
    """An NTP instant as seconds since 1970, in the era nearest to `near_s`."""
    seconds = stamp / _FRACTION - _BEFORE_1970_S
    return seconds + round((near_s - seconds) / _ERA_S) * _ERA_S
