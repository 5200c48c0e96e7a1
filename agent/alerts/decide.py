"""Whether to tell people about an incident now, and why or why not. Pure: all that it needs is handed in.

It looks at the state of an incident and at what has been said of it, not at events; so it comes to
the same after a crash, and what was decided but not yet written down is decided again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.incidents.incident import Incident

Statement = Literal["detected", "restored", "relapsed", "repeat", "vanished", "withdrawn"]
"""What a message says of an incident."""
Silence = Literal["hold", "cut_off", "blip", "flapping", "over", "known"]
"""Why nothing is said."""
Reason = Statement | Silence
STATEMENTS: frozenset[Reason] = frozenset(("detected", "restored", "relapsed", "repeat", "vanished", "withdrawn"))
"""The reasons that make a message; all others are reasons for silence."""

REPEAT_MS = 24 * 3_600_000
OLD_MS = 24 * 3_600_000
"""An incident never told of, whose last fail is longer ago, is history and no alert."""

STORM = 5
STORM_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCase:
    """One incident and what was said of it. Instants are the agent's milliseconds.

    `incident`: None if readings that came later explain its fails, so that it is none after all.
    `statements`: what messages said of it, oldest first; `stated_at`: when the last one was written.
    `is_settled`: everything upstream has been looked at since it was detected (or the wait for that
    is over), so a fault further up that explains it would be known.
    """

    incident: Incident | None
    statements: tuple[Statement, ...]
    stated_at: int | None
    is_settled: bool


def decide(case: AlertCase, now: int) -> Reason:
    """What to say of the incident now, or why nothing.

    `detected`: it is open. `restored`: the first ok after its last fail. `relapsed`: it failed again
    before it was stable; that is said once, and its end only when it has closed (`flapping` until
    then). `repeat`: still open a day after the last word. `vanished`: said, but it is explained by
    another incident. `withdrawn`: its check went out of service before it was restored. Silent: `hold`
    (upstream not looked at yet), `cut_off` (explained, and never said), `blip` (shorter than the contract
    minds), `over` (history), `known` (said already).
    """
    incident = case.incident
    if incident is None:
        if not case.statements or case.statements[-1] == "vanished":
            return "cut_off"
        return "vanished"
    if not case.statements or case.statements[-1] == "vanished":
        return _first_word(incident, now, is_settled=case.is_settled)
    if incident.restored is not None and case.statements[-1] != "restored":
        return "restored" if "relapsed" not in case.statements or incident.closed else "flapping"
    return _while_open(incident, case, now)


def _while_open(incident: Incident, case: AlertCase, now: int) -> Reason:
    """What to say of an incident of which something was said, and that is open or was told to be restored."""
    last = case.statements[-1]
    if incident.restored is None and incident.withdrawn is not None:
        return "known" if last == "withdrawn" else "withdrawn"
    if last == "restored":
        return "relapsed" if incident.restored is None and "relapsed" not in case.statements else "known"
    return "repeat" if case.stated_at is not None and now - case.stated_at >= REPEAT_MS else "known"


def _first_word(incident: Incident, now: int, *, is_settled: bool) -> Reason:
    if incident.blip:
        return "blip"
    if incident.restored is not None and (incident.closed or now - incident.last_fail > OLD_MS):
        return "over"
    if not is_settled:
        return "hold"
    if incident.restored is None and incident.withdrawn is not None:
        return "withdrawn" if now - incident.withdrawn <= OLD_MS else "over"
    return "detected" if incident.restored is None else "restored"


def may_send(sent_at: Sequence[int], now: int) -> bool:
    """Whether one more message may go out; in a storm, at most one a minute, which then says everything.

    `sent_at`: when the last messages were written, oldest first.
    """
    recent = [at for at in sent_at if now - at < STORM_MS]
    return len(recent) < STORM


__all__ = ["STATEMENTS", "AlertCase", "Reason", "Silence", "Statement", "decide", "may_send"]
