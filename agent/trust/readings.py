"""From observations to readings: the instant, and whether we were fit to judge.

A fail is believed only if it can be the asset's: not while our own network was gone or something on the
way swallowed our looks, not while the event loop stood still, and nothing at all while the clock is not
trusted: our own failure is not the vendor's. A fail about which that is not known yet waits
for the next tick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.reasons import Reason
from sla.evidence.records import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from agent.clock import AgentTime
    from agent.probing.runner import Observation
    from agent.probing.schedule import Missed
    from agent.trust.failure_trust import FailureTrust, Trust


_DOUBTS: Mapping[Trust, Reason] = {
    "blind": Reason("uplink", "our own network was down"),
    "filtered": Reason("filtered", "all looks of this kind are silent, and another kind is answered"),
    "unconfirmed": Reason("filtered", "all looks of this kind are silent, and no other could be made"),
}
_UNTRUSTED_CLOCK = Reason("clock", "not trusted")
_STALLED = Reason("stalled", "the agent stood still")


class ReadingStamper:
    """Makes readings of what was observed; those of a check come out in time order. `now` is boot-time ms."""

    def __init__(self, time: AgentTime, failure_trust: FailureTrust | None) -> None:
        """Without a `failure_trust` (everything is on this machine) every fail is held against the asset."""
        self._time = time
        self._failure_trust = failure_trust
        self._stalled_at: int | None = None
        self._held: list[Observation] = []

    def stalled(self, now: int) -> None:
        """The loop stood still until now: answers may have been missed."""
        self._stalled_at = now

    @property
    def held(self) -> int:
        """How many wait for the next tick."""
        return len(self._held)

    def readings(self, seen: Sequence[Observation], missed: Iterable[Missed], now: int) -> list[Reading]:
        """The readings of all that can be decided now; what cannot, and what follows it, is held."""
        found = [self._missed(each, now) for each in missed]
        waiting, self._held = [*self._held, *seen], []
        held: set[str] = set()
        for each in waiting:
            trust = "trusted" if self._failure_trust is None else self._failure_trust.trust(each)
            if trust == "wait" or each.plan.id in held:
                held.add(each.plan.id)
                self._held.append(each)
            else:
                found.append(self._reading(each, trust))
        return found

    def rest(self) -> list[Reading]:
        """What still waits when the agent ends: nobody will know any more whose the silence was."""
        held, self._held = self._held, []
        return [self._reading(each, "unconfirmed") for each in held]

    def _reading(self, seen: Observation, trust: Trust) -> Reading:
        at = self._time.at(seen.ended_ms)
        outcome = seen.outcome
        doubt = self._doubt(seen, trust)
        if doubt is not None:
            return Reading(check=seen.plan.id, at=at, outcome="none", reason=str(doubt))
        return Reading(
            check=seen.plan.id, at=at, outcome=outcome.outcome, reason=outcome.reason, metrics=outcome.metrics
        )

    def _doubt(self, seen: Observation, trust: Trust) -> Reason | None:
        """Why this says nothing about the asset; None if it does."""
        if not self._time.is_trusted(seen.ended_ms):
            return _UNTRUSTED_CLOCK
        if seen.outcome.outcome != "fail":
            return None
        if trust in _DOUBTS:
            return _DOUBTS[trust]
        if self._stalled_at is not None and self._stalled_at >= seen.began_ms:
            return _STALLED
        return None

    def _missed(self, missed: Missed, now: int) -> Reading:
        turns = {"turns": missed.turns}
        return Reading(check=missed.check, at=self._time.at(now), outcome="none", reason=missed.reason, metrics=turns)
