"""Whether what was seen may be held against anybody: our own network is asked first, then other eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from agent.probing.runner import Runner
from agent.trust.corroboration import Corroboration
from agent.trust.uplink import Interfaces, Uplink, reference_plans
from probes.address import is_here

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agent.probing.runner import Observation
    from config.site.model import Site
    from probes.registry import Kind

_PLACES = 8
"""Of each asker: it must not wait for looks that hang."""
Trust = Literal["trusted", "blind", "filtered", "unconfirmed", "wait"]


class FailureTrust:
    """Puts together what `Uplink` and `Corroboration` say. It has a life: close it. All times are boot-time ms."""

    def __init__(self, site: Site, kinds: Mapping[str, Kind], boot_ms: Callable[[], int]) -> None:
        self._interfaces = Interfaces()
        self._uplink = Uplink(reference_plans(site.references, kinds["icmp"].options()), self._interfaces.is_up)
        self._corroboration = Corroboration(
            [plan for plan in site.checks if plan.probe in kinds] if site.filtered == "none" else (), kinds
        )
        self._askers = [
            Runner(kinds, boot_ms, self._uplink.heard, _PLACES),
            Runner(kinds, boot_ms, self._corroboration.heard, _PLACES),
        ]
        self._uplink.ask_by(self._askers[0])
        self._corroboration.ask_by(self._askers[1])

    def sample(self, now: int) -> None:
        """Note whether there is a network now; to be called each tick while a look is under way or undecided."""
        self._uplink.sample(now)

    def trust(self, seen: Observation) -> Trust:
        """Whether to believe what was seen; `wait`: not known yet."""
        trust: Trust = self._uplink.trust(seen)
        return self._corroboration.trust(seen) if trust == "trusted" else trust

    def is_blind(self, now: int) -> bool:
        """Whether we were without a network of our own a moment ago."""
        return self._uplink.is_blind(now)

    def filtered(self) -> list[str]:
        """The kinds of which all looks are swallowed, as far as is known."""
        return self._corroboration.filtered()

    async def close(self) -> None:
        """Break off what is being asked, and give back what is open."""
        for asker in self._askers:
            await asker.close()
        self._interfaces.close()


def failure_trust_of(site: Site, kinds: Mapping[str, Kind], boot_ms: Callable[[], int]) -> FailureTrust | None:
    """None if everything is on this very machine: that needs no network."""
    return FailureTrust(site, kinds, boot_ms) if any(not is_here(plan.address) for plan in site.checks) else None
