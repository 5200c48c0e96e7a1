"""Whether silence is the assets' own, or something on the way swallows one kind of look.

When every look of a kind goes unanswered on three hosts or more (the last row of reliability table 4.3), the assets
may be dead, or a filter that is none of them may have swallowed our pings, our SNMP, our connections. So silence is
not believed before another asset was seen by the same kind since; if none can be seen, the silent ones are asked by
another kind. Where most of them answer that, the silence is `none`: what stands between us and them, and whose it is,
nobody saw. An answer that is wrong is the asset's own word, and is always believed.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from agent.uplink import is_here
from probes.addresses import host_of
from probes.reasons import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from agent.runner import Runner, Seen
    from config import CheckPlan
    from probes.registry import Kind

log = logging.getLogger(__name__)

LEAST_HOSTS = 3
"""Fewer silent hosts than this can well be dead at once."""
MOST_ASKED = 5
"""Hosts in a round, those that were seen last first."""
_TCP_PORT = 80
"""Open or refused, either is a word of the host."""
Trust = Literal["trusted", "filtered", "wait"]


class SecondLook:
    """Holds silence back until it is confirmed. All times are boot-time ms."""

    def __init__(self, plans: Iterable[CheckPlan], kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._checks: dict[str, list[CheckPlan]] = {}
        families: dict[object, list[CheckPlan]] = {}
        for plan in plans:
            if not is_here(plan.address):
                self._checks.setdefault(host_of(plan.address), []).append(plan)
                families.setdefault(self._family(plan), []).append(plan)
        rounds = [_Round(self, found) for found in families.values()]
        self._rounds = {name: each for each in rounds if len(each.hosts) >= LEAST_HOSTS for name in each.checks}
        self._runner: Runner | None = None

    def ask_by(self, runner: Runner) -> None:
        """Use this runner, whose looks are delivered to `heard`."""
        self._runner = runner

    def trust(self, seen: Seen) -> Trust:
        """Whether to believe what was seen; `wait`: ask again when those who are asked have answered or not."""
        round_ = self._rounds.get(seen.plan.id)
        if round_ is None:
            return "trusted"
        if has_spoken(seen):
            round_.spoke(seen)
        return round_.trust(seen) if is_silent(seen) else "trusted"

    def heard(self, seen: Seen) -> None:
        """Take what became of a look of a round."""
        for round_ in set(self._rounds.values()):
            round_.heard(seen)

    def filtered(self) -> list[str]:
        """The kinds of which all looks are swallowed, as far as is known."""
        return sorted({name for round_ in self._rounds.values() if round_.is_filtered for name in round_.kinds})

    def start(self, plans: Sequence[CheckPlan]) -> None:
        """Look at these now."""
        if self._runner is None:
            raise LookupError("nobody to ask")
        self._runner.start(plans)

    def by_another_kind(self, plan: CheckPlan) -> CheckPlan:
        """How else that host can be looked at: by another check of the site, else by a ping, or at a port."""
        host, family = host_of(plan.address), self._family(plan)
        others = [each for each in self._checks[host] if self._family(each) != family]
        if others:
            return min(others, key=lambda each: each.timeout_ms)
        if plan.probe == "icmp":
            return replace(plan, probe="tcp", address=host, options=self._kinds["tcp"].options(port=_TCP_PORT))
        return replace(plan, probe="icmp", address=host, options=self._kinds["icmp"].options())

    def _family(self, plan: CheckPlan) -> object:
        """Kinds that share an engine speak the same protocol: they go silent together."""
        return self._kinds[plan.probe].many or plan.probe


class _Round:
    """One family: what was last decided about its silence, and the round that is under way."""

    def __init__(self, owner: SecondLook, plans: Sequence[CheckPlan]) -> None:
        self.kinds = frozenset(plan.probe for plan in plans)
        self.checks = {plan.id: host_of(plan.address) for plan in plans}
        self.hosts = {self.checks[plan.id]: plan for plan in plans}
        self.is_filtered = False
        self._owner = owner
        self._spoke_at = dict.fromkeys(self.hosts, -1)
        self._latest_at = -1
        self._decided_at = -1
        self._filtered_until = -1
        self._stages: list[Sequence[CheckPlan]] = []
        self._waiting: set[str] = set()
        self._answers = 0
        self._number = 0

    def spoke(self, seen: Seen) -> None:
        host = self.checks.get(seen.plan.id) or host_of(seen.plan.address)
        self._spoke_at[host] = seen.ended_ms
        self._latest_at = max(self._latest_at, seen.ended_ms)
        self._waiting = set()  # whoever still waits is told by this
        if self.is_filtered:
            self._filtered_until = seen.ended_ms
        self._tell(is_filtered=False)

    def trust(self, seen: Seen) -> Trust:
        """An answer that came after the silence shows that nothing swallows them; one from before shows nothing."""
        if seen.began_ms <= self._filtered_until:
            return "filtered"
        if self._latest_at >= seen.ended_ms:
            return "trusted"
        if self._decided_at >= seen.ended_ms:
            return "filtered" if self.is_filtered else "trusted"
        if not self._waiting:
            self._begin()
        return "wait"

    def _begin(self) -> None:
        """Ask one by the same kind first: as a rule it answers, and that is all. Then some more, then otherwise."""
        last_seen_first = sorted(self.hosts, key=lambda host: -self._spoke_at[host])
        asked = [self.hosts[host] for host in last_seen_first[:MOST_ASKED]]
        self._stages = [asked[:1], asked[1:], [self._owner.by_another_kind(plan) for plan in asked]]
        self._go_on()

    def _go_on(self) -> None:
        self._number += 1
        stage = self._stages.pop(0)
        asked = [
            replace(plan, id=f"second look/{id(self)}/{self._number}/{n}", tries=1) for n, plan in enumerate(stage)
        ]
        self._answers, self._waiting = 0, {plan.id for plan in asked}
        self._owner.start(asked)

    def heard(self, seen: Seen) -> None:
        if seen.plan.id not in self._waiting:
            return
        self._waiting.discard(seen.plan.id)
        self._answers += has_spoken(seen)
        if self._answers and self._stages:
            self.spoke(seen)
        elif not self._waiting and self._stages:
            self._go_on()
        elif not self._waiting:
            self._decided_at = seen.ended_ms
            self._tell(is_filtered=2 * self._answers > min(MOST_ASKED, len(self.hosts)))

    def _tell(self, *, is_filtered: bool) -> None:
        if is_filtered != self.is_filtered:
            found = (
                "unanswered, and the assets answer others: they are none" if is_filtered else "answered or confirmed"
            )
            log.warning("looks of %s are %s", ", ".join(sorted(self.kinds)), found)
        self.is_filtered = is_filtered


def is_silent(seen: Seen) -> bool:
    """Whether nothing at all came back from the asset."""
    return seen.outcome.outcome == "fail" and seen.outcome.reason.partition(":")[0] in SILENT


def has_spoken(seen: Seen) -> bool:
    """Whether anything came back, be it a refusal."""
    return seen.outcome.outcome == "ok" or (seen.outcome.outcome == "fail" and not is_silent(seen))
