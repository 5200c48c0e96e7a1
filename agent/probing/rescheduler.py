"""When to look next, given what was seen: sooner at what fails, at what may explain it, and at what waits for it.

A time without observation ends as soon as somebody looks (SPEC §2), so both ends of an outage are
known to seconds; and a camera's fault is told only after the link before it was looked at (SPEC §3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agent.probing.runner import Observation
    from agent.probing.schedule import Schedule
    from agent.watcher import Watcher


class Rescheduler:
    """Moves checks in the schedule. `now` is boot-time ms; `at` turns it into the agent's time."""

    def __init__(self, schedule: Schedule, watcher: Callable[[], Watcher], at: Callable[[int], int]) -> None:
        self._schedule = schedule
        self._watcher = watcher
        self._at = at
        self._outcomes: dict[str, str] = {}
        """Check → what was last seen of it, `none` apart: newer than what the watcher knows."""

    def resume(self, checks: Iterable[str], now: int) -> None:
        """After a start: look first at what failed when the ledger ended."""
        for name in checks:
            last = self._watcher().last(name)
            if last is not None:
                self._outcomes[name] = "ok" if last.ok else "fail"
                if not last.ok:
                    self._schedule.hurry(name, now)

    def after(self, seen: Observation) -> None:
        """A look is over: give the check its next turn, and hurry others that it says something about."""
        name, outcome = seen.plan.id, seen.outcome.outcome
        before = self._outcomes.get(name)
        failed = outcome == "fail"
        if outcome != "none":
            self._outcomes[name] = outcome
        soon = failed or before == "fail"
        if failed and self._watcher().is_cut_off(seen.plan.asset, self._at(seen.ended_ms)):
            soon = False  # what cuts it off is looked at; once that is back, this is hurried
        self._schedule.done(name, seen.ended_ms, soon=soon)
        if failed and before != "fail":
            self.hurry(self._watcher().reach_checks_above(name), seen.ended_ms)
        elif outcome == "ok" and before == "fail" and seen.plan.reach:
            self.hurry(self._watcher().failing_below(name), seen.ended_ms)

    def hurry(self, checks: Iterable[str], now: int) -> None:
        """Look at these at the next tick."""
        for name in checks:
            self._schedule.hurry(name, now)
