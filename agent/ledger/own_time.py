"""From where the agent's time goes on after a start: by its own stamps only, never by what people handed in.

An acknowledgement "in a year" says nothing of the clock. What the agent itself wrote does; and where that lies far
ahead of the wall clock, one of the two was wrong. A kernel that vouches for the clock decides. Without one, what the
ledger covers does: a jump of two years, followed by an hour of entries, was the mistake, and time goes back to where
the wall clock is. A clock that is behind the whole ledger is waited for, as its battery may be flat.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from agent.clock import AgentTime, ClockStep
from sla.evidence.instants import format_instant, parse_instant
from sla.evidence.records.registry import type_of
from sla.ledger.recorded import SET_BACK

if TYPE_CHECKING:
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import AgentEvent
    from sla.ledger import Ledger, Stamp

log = logging.getLogger(__name__)
HOUR_MS = 3_600_000
"""The agent stamps something of its own at least that often; and so much a clock may be behind and be waited for."""


def own_time(ledger: Ledger, evidence: Evidence, stamp: Stamp) -> tuple[AgentTime, AgentEvent | None]:
    """(the agent's time from now on, the event that says so where it had to be set back)."""
    newest = _newest(ledger, evidence)
    if newest is None or newest - stamp.wall_ms <= HOUR_MS:
        return AgentTime(stamp, newest), None
    known, now = format_instant(newest), format_instant(stamp.wall_ms)
    if not stamp.synced and not _was_a_jump(ledger, stamp.wall_ms, newest):
        log.error(
            "clock %s is behind the ledger, which ends at %s; nothing counts until it has caught up", now, known
        )
        return AgentTime(stamp, newest), None
    log.error("clock was ahead when the agent ran before, up to %s; time goes on from %s", known, now)
    step = ClockStep(at=stamp.wall_ms, by_ms=stamp.wall_ms - newest, decision=SET_BACK, synced=stamp.synced)
    return AgentTime(stamp), step.record()


def _newest(ledger: Ledger, evidence: Evidence) -> int | None:
    """The latest instant that the agent itself gave; None in a ledger of nothing.

    Its own readings are never much later than the newest entry; those that are, somebody handed in.
    """
    entry = next(ledger.entries(newest_first=True), None)
    if entry is None:
        return None
    events = ledger.entries(("agent",), newest_first=True)
    own = next((parse_instant(each.body["at"]) for each in events if each.actor == "agent"), entry.stamp.wall_ms)
    reading = evidence.readings.latest_at()
    if reading is None:
        return own
    return max(own, reading if reading <= entry.stamp.wall_ms + HOUR_MS else entry.stamp.wall_ms)


def _was_a_jump(ledger: Ledger, now: int, newest: int) -> bool:
    """Whether the ledger left `now` behind by a jump that is longer than all that it covers since."""
    after = None
    for entry in ledger.entries(newest_first=True):
        if entry.stamp.wall_ms <= now:
            return after is not None and after - entry.stamp.wall_ms > newest - after
        after = entry.stamp.wall_ms
    return False


def report_what_is_ahead(evidence: Evidence, now: int) -> None:
    """Say in the log which records lie ahead of the agent's time `now` (ms); they count when it has come."""
    placed = [each for found in evidence.records.values() for each in found]
    ahead = [
        (seq, record)
        for seq, record in placed
        if not type_of(record).is_definition and type_of(record).known_from(record) > now + HOUR_MS
    ]
    if ahead:
        seq, record = min(ahead, key=lambda each: each[0])
        text = "%d records lie ahead of the clock, the first is entry %d (%s); they count when their time has come"
        log.warning(text, len(ahead), seq, record.record_type)
    latest = evidence.readings.latest_at()
    if latest is not None and latest > now + HOUR_MS:
        log.warning("readings lie ahead of the clock, up to %s; they count from then on", format_instant(latest))
