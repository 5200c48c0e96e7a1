"""From changed incidents to messages in the outbox: who is to be alerted of what, once it is on disk."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from agent.alerts.decide import STATEMENTS, STORM_MS, AlertCase, decide, may_send
from agent.alerts.messages import MessageContext, Notice, compose
from agent.alerts.outbox import IncidentKey, Message
from sla.incidents.incident import Incident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from agent.alerts.decide import Reason, Statement
    from agent.alerts.outbox import Outbox
    from agent.watcher import Watcher
    from config.site.model import Channel, Site
    from sla.incidents.fold import IncidentChange
    from sla.ledger import Head
    from sla.obligations.kind import IncidentDeadline

HOLD_MS = 30_000
"""How long an incident waits for what is upstream to be probed, beside the time that such a probe may take with all
its tries; then it is reported as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAlerts:
    """What one round of decisions came to.

    `due`: statement → the incidents of which it is to be made now. `hurry`: ids of the checks upstream of incidents
    that are held back until these have been probed.
    """

    due: Mapping[Statement, Sequence[IncidentKey]]
    hurry: Sequence[str]


class AlertPlanner:
    """Remembers which incidents still want a decision; everything else is read from outbox and watcher."""

    def __init__(self, site: Site, watcher: Watcher, outbox: Outbox) -> None:
        """To be decided: every incident that is open, and every one with a message that is none any more."""
        self._site = site
        self._watcher = watcher
        self._outbox = outbox
        self._look_ms = {
            plan.id: plan.tries * plan.timeout_ms + (plan.tries - 1) * plan.retry_pause_ms for plan in site.checks
        }
        self._open = {key for key in outbox.statements if watcher.incident(*key) is None}
        self._gone: dict[IncidentKey, Incident] = {}
        self._written: list[int] = []
        self.note_again()

    def note(self, changes: Iterable[IncidentChange]) -> None:
        """These incidents are new, different, or gone."""
        for change in changes:
            if change.after is not None:
                self._open.add(IncidentKey(change.check, change.after.detected))
            elif change.before is not None:
                key = IncidentKey(change.check, change.before.detected)
                self._open.add(key)
                self._gone[key] = change.before

    def note_again(self) -> None:
        """Ask again about whatever is open: it may be time to repeat it."""
        self._open.update(IncidentKey(each.check, each.detected) for each in self._watcher.open_incidents())

    @property
    def is_waiting(self) -> bool:
        """Whether an incident still wants a decision."""
        return bool(self._open)

    def decide(self, now: int) -> PlannedAlerts:
        """Decide about everything that wants it; in a storm, mostly nothing is due. `now`: the agent's time, ms."""
        due: dict[Statement, list[IncidentKey]] = {}
        hurry: dict[str, None] = {}
        for key in sorted(self._open, key=lambda key: (key.detected, key.check)):
            reason = self._decision(key, now)
            if reason in STATEMENTS:
                due.setdefault(reason, []).append(key)  # type: ignore[arg-type]
            elif reason == "hold":
                hurry.update(dict.fromkeys(self._unseen_above(key)))
            else:
                self._open.discard(key)
                self._gone.pop(key, None)
        self._written = [at for at in self._written if now - at < STORM_MS]
        return PlannedAlerts(due=due if may_send(self._written, now) else {}, hurry=tuple(hurry))

    def _decision(self, key: IncidentKey, now: int) -> Reason:
        case = AlertCase(
            incident=self._watcher.incident(*key),
            statements=tuple(self._outbox.statements.get(key, ())),
            stated_at=self._outbox.stated_at.get(key),
            is_settled=self._is_settled(key, now),
        )
        return decide(case, now)

    def _is_settled(self, key: IncidentKey, now: int) -> bool:
        """Whether all that may explain the incident was looked at since, or has had its time."""
        unseen = self._unseen_above(key)
        longest = max((self._look_ms.get(name, 0) for name in unseen), default=0)
        return not unseen or now - key.detected >= HOLD_MS + longest

    def _unseen_above(self, key: IncidentKey) -> list[str]:
        """The reach checks upstream that nobody has seen answer or fail since the incident was detected."""
        return [
            name
            for name in self._watcher.reach_checks_above(key.check)
            if (last := self._watcher.last(name)) is None or last.at <= key.detected
        ]

    def write(
        self,
        due: Mapping[Statement, Sequence[IncidentKey]],
        deadlines: Mapping[IncidentKey, Sequence[IncidentDeadline]],
        head: Head,
        now: int,
    ) -> list[Message]:
        """The messages of a round: one for each channel and each statement."""
        found = []
        context = MessageContext(name=self._site.name, timezone=self._site.timezone, practice=self._site.practice)
        for statement, keys in due.items():
            notices = [self._notice(key, deadlines.get(key, ())) for key in keys]
            for channel in self._site.channels:
                number = _number(self._site.site, channel, statement, keys, self._outbox)
                text = compose(statement, notices, place=context, head=head, number=number, language=channel.language)
                found.append(
                    Message(
                        id=number,
                        channel=channel.name,
                        statement=statement,
                        about=tuple(keys),
                        subject=text.subject,
                        body=text.body,
                        written_at=now,
                    )
                )
            self._written.append(now)
        return found

    def _notice(self, key: IncidentKey, deadlines: Sequence[IncidentDeadline]) -> Notice:
        watcher = self._watcher
        incident = watcher.incident(*key) or self._gone.get(key) or _as_stated(key)
        check = watcher.checks[key.check]
        return Notice(
            incident=incident,
            asset=watcher.assets[check.asset],
            check=check,
            seen=watcher.why(key.check),
            cuts_off=watcher.cut_off_by(incident),
            deadlines=tuple(deadlines),
        )


def _as_stated(key: IncidentKey) -> Incident:
    """An incident that is none any more, of which only the message before a restart is left."""
    return Incident(
        check=key.check, detected=key.detected, began_after=None, last_fail=key.detected, restored=None, closed=False
    )


def _number(site: str, channel: Channel, statement: Statement, keys: Sequence[IncidentKey], outbox: Outbox) -> str:
    """A number that one statement about the same incidents has always, and nothing else: hexadecimal digits."""
    before = [f"{key.check}@{key.detected}#{len(outbox.statements.get(key, ()))}" for key in keys]
    return blake2b("\0".join([site, channel.name, statement, *before]).encode(), digest_size=6).hexdigest()
