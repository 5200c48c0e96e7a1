"""When to look next, given what was seen: sooner at what fails, at what may explain it, and at what waits for it.

A time without observation ends as soon as somebody looks (SPEC §2), so both ends of an outage are
known to seconds; and a camera's fault is told only after the link before it was looked at (SPEC §3). After a start
and after our own silence what may explain is looked at first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.clock import AgentClock
    from agent.probing.runner import Observation
    from agent.probing.schedule import Schedule
    from agent.watcher import Watcher


class Rescheduler:
    """Moves checks in the schedule after each observation, and when somebody has reason to know more at once."""

    def __init__(self, schedule: Schedule, watcher: Watcher, clock: AgentClock) -> None:
        self._schedule = schedule
        self._watcher = watcher
        self._clock = clock
        self._outcomes: dict[str, str] = {}
        """Check → what was last seen of it, `none` apart: newer than what the watcher knows."""

    def resume(self, checks: Iterable[str]) -> None:
        """After a start: let what failed when the ledger ended come first."""
        for name in checks:
            last = self._watcher.last(name)
            if last is not None:
                self._outcomes[name] = "ok" if last.ok else "fail"
                if not last.ok:
                    self._schedule.hurry(name, self._clock.boot_ms())

    def reach_first(self, checks: Iterable[str]) -> None:
        """After a start, or our own silence: let whatever may explain a check's fail be looked at before the check.

        A dead camera whose port is looked at first would be a fault of the port, until somebody pings the camera.
        """
        now = self._clock.boot_ms()
        for name in checks:
            if name in self._watcher.checks:
                self._schedule.put_before(name, self._watcher.reach_checks_above(name), now)

    def after(self, seen: Observation) -> None:
        """A check was probed: give it its next turn, and hurry the checks that its outcome says something about."""
        name, outcome = seen.plan.id, seen.outcome.outcome
        before = self._outcomes.get(name)
        failed = outcome == "fail"
        if outcome != "none":
            self._outcomes[name] = outcome
        soon = failed or before == "fail"
        if failed and self._watcher.is_cut_off(seen.plan.asset, self._clock.time.at(seen.ended_ms)):
            soon = False  # what cuts it off is looked at; once that is back, this is hurried
        self._schedule.done(name, seen.ended_ms, soon=soon)
        if failed and before != "fail":
            self._hurry(self._watcher.reach_checks_above(name), seen.ended_ms)
        elif outcome == "ok" and before == "fail" and seen.plan.reach:
            self._hurry(self._watcher.failing_below(name), seen.ended_ms)

    def hurry(self, checks: Iterable[str]) -> None:
        """Let these checks be due at the next tick."""
        self._hurry(checks, self._clock.boot_ms())

    def _hurry(self, checks: Iterable[str], now: int) -> None:
        for name in checks:
            self._schedule.hurry(name, now)
