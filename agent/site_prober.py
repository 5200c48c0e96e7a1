"""What is seen of the site: checks that are due are probed, and what comes of it is a list of readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.probing.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agent.probing.rescheduler import Rescheduler
    from agent.probing.runner import Observation
    from agent.probing.schedule import Missed, Schedule
    from agent.probing.traps import Traps
    from agent.trust.failure_trust import FailureTrust
    from agent.trust.readings import ReadingStamper
    from config.site.model import CheckPlan
    from probes.registry import Kind
    from sla.evidence.records import Reading

MOST_WAITING = 10_000
"""Observations whose readings wait for the disk; with more than that no new ones are begun."""


class SiteProber:
    """Begins what is due and gives the readings of what has ended. Driven once a tick; close it."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        boot_ms: Callable[[], int],
        *,
        schedule: Schedule,
        rescheduler: Rescheduler,
        stamper: ReadingStamper,
        trust: FailureTrust | None,
        traps: Traps,
    ) -> None:
        """`kinds`: probe kinds by name; `trust`: None where everything is on this machine."""
        self._boot_ms = boot_ms
        self._schedule = schedule
        self._rescheduler = rescheduler
        self._stamper = stamper
        self._trust = trust
        self._traps = traps
        self._runner = Runner(kinds, boot_ms, self._ended)
        self._seen: list[Observation] = []
        self._missed: list[Missed] = []
        self._was_silent = False
        """Nobody could look for a while: the loop stood still, or our own network was down."""

    def _ended(self, seen: Observation) -> None:
        self._seen.append(seen)
        self._rescheduler.after(seen)

    def begin_due(self) -> None:
        """Begin to probe every check that is due, unless too much waits for the disk already."""
        now = self._boot_ms()
        if self._trust is not None and self._trust.is_blind(now):
            self._was_silent = True
        elif self._was_silent:
            self._was_silent = False
            self._rescheduler.reach_first(self._schedule.checks())
        due: list[CheckPlan] = []
        if len(self._seen) + self._stamper.held < MOST_WAITING:
            due, missed = self._schedule.due(now)
            self._missed += missed
        if self._trust is not None and (due or self._seen or self._runner.in_flight):
            self._trust.sample(now)
        if due:
            self._runner.start(due)

    def stalled(self, now: int) -> None:
        """The event loop stood still until `now` (boot-time ms): answers may have been missed."""
        self._stamper.stalled(now)
        self._was_silent = True

    @property
    def is_waiting(self) -> bool:
        """Whether anything was seen or missed that `take` has not given yet."""
        return bool(self._seen or self._missed or self._stamper.held)

    def take(self) -> list[Reading]:
        """The readings of what ended since the last call; each check's in time order, missed turns first."""
        seen, self._seen = self._seen, []
        missed, self._missed = self._missed, []
        return self._stamper.readings(seen, missed, self._boot_ms())

    def take_rest(self) -> list[Reading]:
        """Every reading that is still to be had at the end: fails that wait for a second opinion become `none`."""
        return [*self.take(), *self._stamper.rest()]

    @property
    def late(self) -> int:
        """How many checks have waited for their turn for more than two ticks."""
        return self._schedule.late(self._boot_ms())

    @property
    def in_flight(self) -> int:
        """How many probes or batches of them are under way."""
        return self._runner.in_flight

    @property
    def is_blind(self) -> bool:
        """Whether our own network is down."""
        if self._trust is None:
            return False
        now = self._boot_ms()
        self._trust.sample(now)
        return self._trust.is_blind(now)

    @property
    def filtered(self) -> list[str]:
        """The probe kinds of which every answer is swallowed on the way."""
        return [] if self._trust is None else self._trust.filtered()

    async def stop(self) -> None:
        """Break off whatever is in flight, and listen to no trap any more; nothing of it becomes a reading."""
        await self._runner.close()
        self._traps.close()

    async def close(self) -> None:
        """Give back what the question about our own network holds open; to be called after the last `take_rest`."""
        if self._trust is not None:
            await self._trust.close()
