"""Whether this port accepts a connection.

`ok`: the TCP handshake came about. `fail`: refused, silent, or not reached.
What it can never see: whether the program behind the port is in order: the kernel of a hung server still accepts;
whether a firewall or the server itself refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.models import Port
from probes.address import endpoint, misfit_of
from probes.faults import judged
from probes.net.connection import CONNECT_REASONS, Deadline, connected
from probes.options import ProbeOptions
from probes.outcome import ok

if TYPE_CHECKING:
    from config.text.sentence import Sentence
    from probes.outcome import Outcome

METRICS = {"connect_ms": "until the connection was there, name resolution included"}
REASONS = CONNECT_REASONS


class Options(ProbeOptions):
    """Which port."""

    port: Port | None = None
    """the port; if not given, the address's own: it must be host:port then"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port))


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Connect and hang up. ValueError: no port given. OSError: our own network or limits."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    opened = await connected(endpoint(address, options.port), deadline)
    elapsed_ms = deadline.elapsed_ms()
    opened.close()
    return ok(connect_ms=elapsed_ms)
