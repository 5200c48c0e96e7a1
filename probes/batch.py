"""One look that is asked for, and what can make many of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from probes.limiter import Limiter
    from probes.outcome import Outcome


class ProbeRequest(NamedTuple):
    """One look that is wanted. `address`: as in a site file; `options`: an instance of the kind's Options.

    `timeout_s`: seconds that it may take, from its first packet on.
    """

    address: str
    options: Any
    timeout_s: float


class BatchProbe(Protocol):
    """What makes thousands of looks for little more than the price of one. It holds sockets: close it."""

    async def run(self, looks: Sequence[ProbeRequest], deliver: Callable[[int, Outcome], None]) -> None:
        """Make them all; `deliver(i, outcome)` is called once for `looks[i]`, when its answer or time-out is in."""

    def close(self) -> None:
        """Give back sockets and timers; looks still under way are never delivered."""


class MakeBatch(Protocol):
    """Makes what looks at many things at once."""

    def __call__(self, limiter: Limiter | None = None) -> BatchProbe:
        """A probe whose looks take their places from that limiter where they open sockets; or from its own."""
