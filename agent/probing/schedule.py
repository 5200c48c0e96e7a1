"""When each check is looked at: turns spread over the interval, none silently lost, no burst after a stall.

A check's turns lie on a grid of its interval, shifted by a stable hash of its id, on the boot-time
clock; so a restart does not move them, and ten thousand checks do not start in one second. Checks of
kinds that look at many things at once share twelve places in the interval: they are looked at together
and kept in one commit, which makes them cheap. Where one request serves all checks of an address, these meet, also
those with unlike intervals. A check that is changing leaves the grid and is looked at
every `failing_interval` until it is steady again.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from config.site.model import CheckPlan


OVERLOAD, MISSED = "overload", "missed"
"""Phrases of turns in which nobody looked: another look was still under way, or we stood still."""
PLACES = 12
"""In an interval, for kinds that look at many things at once: every five seconds of a minute."""


MEETING_MS = 5_000
"""Where checks of one address meet: turns on multiples of this fall together although their intervals differ."""


def phase_of(name: str, interval_ms: int, step_ms: int = 1) -> int:
    """Where in the interval turns of that name lie: the same on every machine and in every run."""
    phase = int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) % interval_ms
    return phase - phase % max(1, step_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Turns of a check in which nobody looked; `reason` is what the reading says."""

    check: str
    turns: int
    reason: str


class _Turn:
    """One check's place: when it is due, or (`looking`) since when its turn is being used."""

    __slots__ = ("due", "is_hurried", "looking", "overran", "phase", "plan")

    def __init__(self, plan: CheckPlan, phase: int) -> None:
        self.plan = plan
        self.phase = phase
        self.due = 0
        self.looking = False
        self.overran = False
        self.is_hurried = False

    def next_on_grid(self, now: int) -> int:
        """The first turn strictly after `now`."""
        interval = self.plan.interval_ms
        return now + interval - (now - self.phase) % interval


def _phase(plan: CheckPlan, together: Container[str], by_address: Container[str]) -> int:
    if plan.probe in by_address:
        return phase_of(plan.address, plan.interval_ms, MEETING_MS)
    return phase_of(plan.id, plan.interval_ms, plan.interval_ms // PLACES if plan.probe in together else 1)


class Schedule:
    """All checks of a site. Every `now` is boot-time milliseconds; whoever drives it calls `due` once a tick."""

    def __init__(
        self,
        plans: Iterable[CheckPlan],
        now: int,
        tick_ms: int,
        together: Container[str] = frozenset(),
        by_address: Container[str] = frozenset(),
    ) -> None:
        """`together`: probe kinds whose checks share places; `by_address`: also, those of one address meet."""
        self._tick_ms = tick_ms
        self._turns: dict[str, _Turn] = {}
        self._heap: list[tuple[int, str]] = []
        for plan in plans:
            turn = _Turn(plan, _phase(plan, together, by_address))
            self._turns[plan.id] = turn
            self._put(turn, turn.next_on_grid(now - 1))

    def _put(self, turn: _Turn, due: int) -> None:
        turn.due = due
        heapq.heappush(self._heap, (due, turn.plan.id))

    def due(self, now: int) -> tuple[list[CheckPlan], list[Missed]]:
        """The checks to look at now (each is in flight until `done`), and turns that went by unused.

        A turn is given up when half an interval (a tick at least) and a tick have gone by since; the check
        then waits for its next place on the grid, so that a stall of an hour is not followed by a
        burst of everything at once.
        """
        looks: list[CheckPlan] = []
        missed: list[Missed] = []
        while self._heap and self._heap[0][0] <= now:
            due, name = heapq.heappop(self._heap)
            turn = self._turns[name]
            if turn.looking or turn.due != due:
                continue  # an older entry of a check that was moved
            late = now - due
            if late > max(turn.plan.interval_ms // 2, self._tick_ms) + self._tick_ms:
                missed.append(self._given_up(turn, late))
                self._put(turn, turn.next_on_grid(now))
            else:
                turn.looking, turn.overran = True, False
                looks.append(turn.plan)
        return looks, missed

    def _given_up(self, turn: _Turn, late: int) -> Missed:
        reason = OVERLOAD if turn.overran else MISSED
        turn.overran = False
        return Missed(check=turn.plan.id, turns=late // turn.plan.interval_ms + 1, reason=reason)

    def done(self, check: str, now: int, *, soon: bool) -> None:
        """The look at a check is over; `soon`: look again after its failing interval.

        Turns that went by while it was being looked at are given up at the next `due`, as overload.
        """
        turn = self._turns[check]
        turn.looking = False
        if turn.is_hurried:
            turn.is_hurried = False
            self._put(turn, now)
        elif soon:
            self._put(turn, now + turn.plan.failing_interval_ms)
        else:
            self._put(turn, turn.next_on_grid(turn.due))
            turn.overran = turn.due < now

    def hurry(self, check: str, now: int) -> None:
        """Look at this check at the next tick; if it is in flight, once more after that.

        A check that only the ledger still knows is no longer looked at.
        """
        turn = self._turns.get(check)
        if turn is None:
            return
        if turn.looking:
            turn.is_hurried = True
        elif turn.due > now:
            self._put(turn, now)

    def checks(self) -> list[str]:
        """The ids of all checks that have turns."""
        return list(self._turns)

    def put_before(self, check: str, others: Iterable[str], now: int) -> None:
        """Let the others be looked at a tick before the check's next turn, at the earliest now."""
        turn = self._turns.get(check)
        if turn is None or turn.looking:
            return
        at = max(now, turn.due - self._tick_ms)
        for name in others:
            if name in self._turns and not self._turns[name].looking:
                self.hurry(name, at)

    def late(self, now: int) -> int:
        """How many checks have waited for more than two ticks."""
        return sum(not turn.looking and now - turn.due > 2 * self._tick_ms for turn in self._turns.values())
