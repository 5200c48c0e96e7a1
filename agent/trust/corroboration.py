"""Whether silence is the assets' own, or something on the way swallows one kind of look.

When every look at a service (ping, or one TCP or UDP port) goes unanswered on three hosts or more (docs/bounds.md,
S5), the assets may be dead, or a filter that is none of them may have swallowed our looks. So
silence is not believed before another host was heard by the same service since; if none can be heard, the silent ones
are asked by another one, ping first. Where most of them answer that, the silence is `none`: what stands between us
and them, and whose it is, nobody saw; so it is where no other look could be made. An answer that is wrong is the
asset's own word, and is always believed.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from probes.address import host_of, is_here, service_of
from probes.faults import OwnFaultError
from probes.net.resolve import numeric, places
from probes.reasons import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from agent.probing.runner import Observation
    from agent.trust.asker import AskerOf
    from config.site.model import CheckPlan
    from probes.address import Service
    from probes.registry import Kind

log = logging.getLogger(__name__)

LEAST_HOSTS = 3
"""Fewer silent hosts than this can well be dead at once."""
MOST_ASKED = 5
"""Hosts in a round, those that were heard last first."""
PING: Service = ("icmp", 0)
_TCP_PORT = 80
"""Open or refused, either is a word of the host."""
_NAMES_S = 2.0
Trust = Literal["trusted", "filtered", "unconfirmed", "wait"]


class Corroboration:
    """Holds silence back until it is confirmed. All times are boot-time ms."""

    def __init__(self, plans: Iterable[CheckPlan], kinds: Mapping[str, Kind], asker_of: AskerOf) -> None:
        """`plans`: the checks of the site; `asker_of`: makes what looks at hosts again."""
        self._kinds = kinds
        self._asker = asker_of(self.heard)
        self._checks: dict[str, list[CheckPlan]] = {}
        services: dict[Service, list[CheckPlan]] = {}
        for plan in plans:
            service = self.service(plan)
            if service is not None and not is_here(plan.address):
                self._checks.setdefault(host_of(plan.address), []).append(plan)
                services.setdefault(service, []).append(plan)
        rounds = [_AskRound(self, service, found) for service, found in services.items()]
        self._rounds = {name: each for each in rounds if len(each.hosts) >= LEAST_HOSTS for name in each.checks}

    def trust(self, seen: Observation) -> Trust:
        """Whether to believe what was seen; `wait`: ask again when those who are asked have answered or not."""
        round_ = self._rounds.get(seen.plan.id)
        if round_ is None:
            return "trusted"
        if has_spoken(seen):
            round_.spoke(seen)
        return round_.trust(seen) if is_silent(seen) else "trusted"

    def heard(self, seen: Observation) -> None:
        """Take what became of a look of a round."""
        for round_ in set(self._rounds.values()):
            round_.heard(seen)

    def filtered(self) -> list[str]:
        """The kinds of which all looks are swallowed, as far as is known."""
        found = {name for round_ in self._rounds.values() if round_.is_doubted for name in round_.kinds}
        return sorted(found)

    def start(self, plans: Sequence[CheckPlan]) -> None:
        """Look at these now."""
        self._asker.start(plans)

    def service(self, plan: CheckPlan) -> Service | None:
        """What of the host is asked; None for kinds that ask this machine."""
        kind = self._kinds[plan.probe]
        return None if kind.service is None else service_of(plan.address, plan.options, kind.service)

    def otherwise(self, host: str, plan: CheckPlan) -> list[CheckPlan]:
        """How else that host can be asked: by ping, and by another check of the site, or at a port."""
        service = self.service(plan)
        others = [each for each in self._checks[host] if self.service(each) not in (service, PING)]
        found = [min(others, key=lambda each: each.timeout_ms)] if others else []
        if service != PING:
            return [replace(plan, probe="icmp", address=host, options=self._kinds["icmp"].options()), *found]
        if not found:
            found = [replace(plan, probe="tcp", address=host, options=self._kinds["tcp"].options(port=_TCP_PORT))]
        return found


class _AskedHost(NamedTuple):
    """One look of a round."""

    host: str
    plan: CheckPlan


class _AskRound:
    """One service: what was last decided about its silence, and the round that is under way."""

    def __init__(self, owner: Corroboration, service: Service, plans: Sequence[CheckPlan]) -> None:
        self.kinds = frozenset(plan.probe for plan in plans)
        self.checks = {plan.id: host_of(plan.address) for plan in plans}
        self.hosts = {self.checks[plan.id]: plan for plan in plans}
        self.decided: Trust = "trusted"
        self._owner = owner
        self._name = f"{service[0]} {service[1]}" if service[1] else service[0]
        self._spoke_at = dict.fromkeys(self.hosts, -1)
        self._latest_at = -1
        self._decided_at = -1
        self._doubted_until = -1
        self._stages: list[list[_AskedHost]] = []
        self._waiting: dict[str, str] = {}
        self._answers: dict[str, bool] = {}
        self._number = 0
        self._names: asyncio.Task[None] | None = None

    @property
    def is_doubted(self) -> bool:
        """Whether its silence is `none`."""
        return self.decided != "trusted"

    def spoke(self, seen: Observation) -> None:
        host = self.checks.get(seen.plan.id) or host_of(seen.plan.address)
        self._spoke_at[host] = seen.ended_ms
        self._latest_at = max(self._latest_at, seen.ended_ms)
        self._waiting = {}  # whoever still waits is told by this
        if self.is_doubted:
            self._doubted_until = seen.ended_ms
        self._conclude("trusted")

    def trust(self, seen: Observation) -> Trust:
        """An answer that came after the silence shows that nothing swallows them; one from before shows nothing."""
        if seen.began_ms <= self._doubted_until:
            return "filtered"
        if self._latest_at >= seen.ended_ms:
            return "trusted"
        if self._decided_at >= seen.ended_ms:
            return self.decided
        if not self._waiting and self._names is None:
            self._begin(seen.ended_ms)
        return "wait"

    def _begin(self, at: int) -> None:
        last_heard_first = sorted(self.hosts, key=lambda host: -self._spoke_at[host])
        names = [host for host in last_heard_first if not _is_numeric(host)]
        if len(last_heard_first) - len(names) >= LEAST_HOSTS:
            self._ask(last_heard_first[:MOST_ASKED])
        else:
            self._names = asyncio.get_running_loop().create_task(self._ask_by_address(last_heard_first, at))

    async def _ask_by_address(self, hosts: Sequence[str], at: int) -> None:
        """Several names may be one machine, which can well be dead by itself."""
        found: dict[object, str] = {}
        try:
            for host in hosts[: 2 * MOST_ASKED]:
                found.setdefault(await _address_of(host), host)
        finally:
            self._names = None
        if len(found) >= LEAST_HOSTS:
            self._ask(list(found.values())[:MOST_ASKED])
        else:
            self._decided_at = at
            self._conclude("trusted")

    def _ask(self, hosts: Sequence[str]) -> None:
        """Ask one by the same service first: as a rule it answers, and that is all. Then more, then otherwise."""
        same = [_AskedHost(host, self.hosts[host]) for host in hosts]
        others = [_AskedHost(host, plan) for host in hosts for plan in self._owner.otherwise(host, self.hosts[host])]
        self._stages = [same[:1], same[1:], others]
        self._go_on()

    def _go_on(self) -> None:
        self._number += 1
        stage = self._stages.pop(0)
        asked = [replace(each.plan, id=f"{id(self)}/{self._number}/{n}", tries=1) for n, each in enumerate(stage)]
        self._answers = {}
        self._waiting = {plan.id: each.host for plan, each in zip(asked, stage, strict=True)}
        self._owner.start(asked)

    def heard(self, seen: Observation) -> None:
        host = self._waiting.pop(seen.plan.id, None)
        if host is None:
            return
        if seen.outcome.outcome != "none":
            self._answers[host] = self._answers.get(host, False) or has_spoken(seen)
        if self._stages and self._answers.get(host):
            self.spoke(seen)
        elif not self._waiting and self._stages:
            self._go_on()
        elif not self._waiting:
            self._decide(seen.ended_ms)

    def _decide(self, at: int) -> None:
        """Over those of whom anything is known: a look that we could not make confirms nothing."""
        self._decided_at = at
        spoke = sum(self._answers.values())
        if not self._answers:
            self._conclude("unconfirmed")
        else:
            self._conclude("filtered" if 2 * spoke > len(self._answers) else "trusted")

    def _conclude(self, decided: Trust) -> None:
        if decided != self.decided:
            found = {
                "trusted": "are answered, or silent in earnest",
                "filtered": "go unanswered, and the assets answer others: they are none",
                "unconfirmed": "go unanswered, and no other could be made: they are none",
            }[decided]
            log.warning("all looks at %s %s", self._name, found)
        self.decided = decided


def _is_numeric(host: str) -> bool:
    try:
        return numeric(host) is not None
    except (ValueError, OSError):
        return False


async def _address_of(host: str) -> object:
    """An address of that host; itself where it has none."""
    try:
        return (await places(host, timeout_s=_NAMES_S))[0].address
    except (OwnFaultError, ValueError, OSError):
        return host


def is_silent(seen: Observation) -> bool:
    """Whether nothing at all came back from the asset."""
    return seen.outcome.outcome == "fail" and seen.outcome.why.phrase in SILENT


def has_spoken(seen: Observation) -> bool:
    """Whether anything came back, be it a refusal."""
    return seen.outcome.outcome == "ok" or (seen.outcome.outcome == "fail" and not is_silent(seen))
