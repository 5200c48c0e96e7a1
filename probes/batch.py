"""One look that is asked for, and what can make many of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from probes.limiter import Limiter
    from probes.outcome import Outcome


class ProbeRequest(NamedTuple):
    """One thing to look at. `options`: of the kind's Options; `timeout_s` counts from the first packet."""

    address: str
    options: Any
    timeout_s: float


class BatchProbe(Protocol):
    """What looks at thousands of things for little more than the price of one. It has a life: close it."""

    async def run(self, looks: Sequence[ProbeRequest], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all; `deliver(i, outcome)` is called once for each, when its answer or its time-out is in."""

    def close(self) -> None:
        """Give back sockets and timers; looks still under way are never delivered."""


class MakeBatch(Protocol):
    """Makes what looks at many things; its looks take places in that room, where they open sockets."""

    def __call__(self, room: Limiter | None = None) -> BatchProbe:
        """Without a room, one of its own."""
