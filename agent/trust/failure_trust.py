"""Whether a failure may be held against anybody: our own network decides first, then the silence of others."""

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
"""Of each of the two; apart from those of the checks, so that their looks never wait for ones that hang."""
Trust = Literal["trusted", "blind", "filtered", "unconfirmed", "wait"]


class FailureTrust:
    """Puts together what `Uplink` and `Corroboration` decide. It holds sockets: close it. Times are boot-time ms."""

    def __init__(self, site: Site, kinds: Mapping[str, Kind], boot_ms: Callable[[], int]) -> None:
        self._interfaces = Interfaces()
        self._askers: list[Runner] = []

        def asker_of(deliver: Callable[[Observation], None]) -> Runner:
            self._askers.append(Runner(kinds, boot_ms, deliver, _PLACES))
            return self._askers[-1]

        references = reference_plans(site.references, kinds["icmp"].options())
        self._uplink = Uplink(references, self._interfaces.is_up, asker_of)
        plans = [plan for plan in site.checks if plan.probe in kinds] if site.filtered == "none" else ()
        self._corroboration = Corroboration(plans, kinds, asker_of)

    def sample(self, now: int) -> None:
        """Note whether there is a network now; to be called each tick while a look is under way or undecided."""
        self._uplink.sample(now)

    def trust(self, seen: Observation) -> Trust:
        """Whether a failure that was seen may be held against the asset.

        `blind`: we had no network; `filtered`: something on the way swallowed the look; `unconfirmed`: no other look
        could be made; `wait`: not known yet, ask again at the next tick.
        """
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
    """What decides for a site; None if everything is on this very machine, which needs no network."""
    return FailureTrust(site, kinds, boot_ms) if any(not is_here(plan.address) for plan in site.checks) else None
