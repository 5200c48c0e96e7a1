"""Whether an SSH server says who it is.

`ok`: the identification line of RFC 4253 §4.2 came, with the text in it that is asked for. `fail`: not reached,
silent, something else.
What it can never see: whether anybody can log in; whether the key is still the one that was known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.models import Port, Word
from probes.address import endpoint, misfit_of
from probes.faults import AssetFaultError, judged
from probes.net.connection import CONNECT_REASONS, READ_REASONS, Deadline, Stream, stream
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import NOT_UNDERSTOOD, TEXT_MISSING, TOO_MUCH, because, theirs

if TYPE_CHECKING:
    from config.text.sentence import Sentence

METRICS = {"connect_ms": "until the connection was there", "banner_ms": "until the identification was there"}
REASONS = (*CONNECT_REASONS, *READ_REASONS, NOT_UNDERSTOOD, TEXT_MISSING)
_PORT = 22
_MOST_LINES = 50
_VERSIONS = (b"SSH-2.0-", b"SSH-1.99-")


class Options(ProbeOptions):
    """Which port, and what it must say."""

    port: Port | None = None
    """the port, 22 if neither this nor the address names one"""
    text: Word | None = None
    """text that must stand in the identification, like `OpenSSH`"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port, otherwise=_PORT))


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Connect, read the identification, hang up. OSError: our own network or limits."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    async with stream(endpoint(address, options.port, otherwise=_PORT), deadline) as opened:
        connect_ms = deadline.elapsed_ms()
        said = await _identification(opened)
    metrics = {"connect_ms": connect_ms, "banner_ms": deadline.elapsed_ms()}
    if options.text is not None and options.text not in said:
        return fail(because(TEXT_MISSING, theirs(said)), **metrics)
    return ok(**metrics)


async def _identification(opened: Stream) -> str:
    """The line that begins with `SSH-`; others may stand before it."""
    for _ in range(_MOST_LINES):
        line = await opened.line()
        if line.startswith(_VERSIONS):
            return line.decode("utf-8", "replace")
        if line.startswith(b"SSH-"):
            raise AssetFaultError(NOT_UNDERSTOOD, theirs(line[:40].decode("ascii", "replace")))
    raise AssetFaultError(TOO_MUCH, "lines before the identification")
