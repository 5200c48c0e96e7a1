"""How the site and the agent are: one JSON object, written to the state directory and asked for over the socket."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.state_dir import STATUS_FILE
from agent.watcher import counts_of
from sla.evidence.instants import format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from agent.alerts.pipeline import AlertPipeline
    from agent.clock import AgentClock
    from agent.ending import Ending
    from agent.ledger.housekeeping import Housekeeping
    from agent.recorder import Recorder
    from agent.site_prober import SiteProber
    from agent.watcher import Watcher
    from config.site.model import Site


@dataclass(slots=True)
class Progress:
    """Since when the agent runs, and up to when everything that was seen is on disk (the agent's time, ms)."""

    started_at: int
    last_tick_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """Everything that the status is made of."""

    site: Site
    state_dir: Path
    clock: AgentClock
    progress: Progress
    ending: Ending
    recorder: Recorder
    watcher: Watcher
    prober: SiteProber
    alerts: AlertPipeline
    housekeeping: Housekeeping

    def now(self) -> dict[str, Any]:
        """The status at this moment; `agent.status_text` shows it to people."""
        head, at, last = self.recorder.head, self.clock.now(), self.progress.last_tick_at
        return {
            "site": self.site.site,
            "name": self.site.name,
            "timezone": self.site.timezone,
            "practice": self.site.practice,
            "state": "stopped" if self.ending.is_asked else "running",
            "pid": os.getpid(),
            "at": format_instant(at),
            "started_at": format_instant(self.progress.started_at),
            "last_tick_at": None if last is None else format_instant(last),
            **site_status(self.watcher, [plan.id for plan in self.site.checks], at),
            "late": self.prober.late,
            "in_flight": self.prober.in_flight,
            "undelivered": [*self.alerts.undelivered(), *self.housekeeping.undelivered()],
            "is_blind": self.prober.is_blind,
            "filtered": self.prober.filtered,
            "clock": self._clock(),
            "head": {"seq": head.seq, "hash": head.hash},
        }

    def _clock(self) -> dict[str, Any]:
        stamp, time = self.clock.machine.now(), self.clock.time
        return {
            "is_trusted": time.is_trusted(stamp.boot_ms),
            "behind_ms": time.behind_ms(stamp.boot_ms),
            "synced": stamp.synced,
            "error_ms": stamp.error_ms,
        }

    def write(self) -> None:
        """Put the status in the state directory, where it is found when the agent is dead."""
        write(self.state_dir, self.now())


def site_status(watcher: Watcher, checks: Iterable[str], now: int) -> dict[str, Any]:
    """How many checks in service are in which state, and what is not up: since when, and what was seen. `now`: ms."""
    found = {check: watcher.state(check, now) for check in checks if watcher.serves(check, now)}
    return {
        "counts": counts_of(found.values()),
        "down": [_fault(watcher, check) for check, state in found.items() if state == "down"],
        "cut_off": [check for check, state in found.items() if state == "cut_off"],
        "unknown": [check for check, state in found.items() if state == "unknown"],
        "unseen": {check: why for check in found if (why := watcher.why_unseen(check))},
    }


def _fault(watcher: Watcher, check: str) -> dict[str, Any]:
    incident = next((each for each in watcher.open_incidents() if each.check == check), None)
    return {
        "check": check,
        "asset": watcher.checks[check].asset,
        "detected": format_instant(incident.detected) if incident else None,
        "began_after": format_instant(incident.began_after) if incident and incident.began_after else None,
        "reason": watcher.why(check),
        "cuts_off": [asset.id for asset in watcher.cut_off_by(incident)] if incident else [],
    }


def write(state: Path, status: Mapping[str, Any]) -> None:
    """Put it in place at once: whoever reads sees the old one or the new one."""
    fresh = state / f".{STATUS_FILE}.{os.getpid()}"
    fresh.write_text(json.dumps(status, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(state / STATUS_FILE)
