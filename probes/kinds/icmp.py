"""Whether this address answers a ping, and how fast, how reliably, how evenly.

`ok`: at least one request came back, from that address, with our token. `fail`: none did in time.
What it can never see: whether anything but the network stack of the device works; that a silent device was told
not to answer; where on the way a request was lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from config.input.models import Duration
from probes.address import host_alone, misfit_of
from probes.batch import ProbeRequest
from probes.options import ProbeOptions
from probes.ping.engine import IcmpEngine
from probes.reasons import NO_ANSWER

if TYPE_CHECKING:
    from config.text.sentence import Sentence
    from probes.outcome import Outcome

METRICS = {
    "rtt_ms": "mean round trip, by the kernel's receive stamp",
    "loss_ratio": "share of requests without answer, 0 to 1 (only with count > 1)",
    "jitter_ms": "mean difference between successive round trips (only with count > 1)",
}
REASONS = (NO_ANSWER,)


class Options(ProbeOptions):
    """How many requests a look sends."""

    count: Annotated[int, Field(ge=1, le=100)] = 1
    """requests a look; more than 1 for loss and jitter"""
    pause: Duration = 20
    """between two of them; less where they would not fit into half of the time-out"""
    size: Annotated[int, Field(ge=16, le=1_472)] = 56
    """bytes behind the header of a request"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: host_alone(address))


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look, for one host; batches go through `IcmpEngine`, at a fraction of the price."""
    engine = IcmpEngine()
    seen: list[Outcome] = []
    try:
        await engine.run(
            [ProbeRequest(address=address, options=options, timeout_s=timeout_s)],
            lambda _index, outcome: seen.append(outcome),
        )
    finally:
        engine.close()
    return seen[0]
