"""From changed incidents to messages in the outbox: who is to be told what, once it is on disk."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from agent.alerts.decide import SAID, STORM_MS, AlertCase, decide, may_send
from agent.alerts.messages import MessageContext, Notice, compose
from agent.alerts.outbox import Key, Message
from sla.incidents.incident import Incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agent.alerts.deadlines import RepairDeadline
    from agent.alerts.decide import Reason, Said
    from agent.alerts.outbox import Outbox
    from agent.watcher import Watcher
    from config import Channel, Site
    from sla.incidents.fold import IncidentChange
    from sla.ledger import Head

HOLD_MS = 30_000
"""How long an incident waits for what is upstream to be looked at; then it is told as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAlerts:
    """What one round of decisions came to: what to tell, by what is said, and what waits for a look upstream."""

    tell: Mapping[Said, Sequence[Key]]
    hurry: Sequence[str]


class AlertPlanner:
    """Remembers which incidents still want a decision; everything else is read from outbox and watcher."""

    def __init__(self, site: Site, watcher: Callable[[], Watcher], outbox: Outbox) -> None:
        self._site = site
        self._watcher = watcher
        self._outbox = outbox
        self._open: set[Key] = set()
        self._gone: dict[Key, Incident] = {}
        self._written: list[int] = []

    def resume(self) -> None:
        """After a start: what was said before, and what the readings now say of it."""
        watcher = self._watcher()
        self._open.update(key for key in self._outbox.said if watcher.incident(*key) is None)
        self.note_again()

    def note(self, changes: Iterable[IncidentChange]) -> None:
        """These incidents are new, different, or gone."""
        for change in changes:
            if change.after is not None:
                self._open.add(Key(change.check, change.after.detected))
            elif change.before is not None:
                key = Key(change.check, change.before.detected)
                self._open.add(key)
                self._gone[key] = change.before

    def note_again(self) -> None:
        """Ask again about whatever is open: it may be time to repeat it."""
        self._open.update(Key(each.check, each.detected) for each in self._watcher().open_incidents())

    @property
    def is_waiting(self) -> bool:
        """Whether an incident still wants a decision."""
        return bool(self._open)

    def round(self, now: int) -> PlannedAlerts:
        """Decide about everything that wants it. `now`: the agent's time. In a storm, nothing until it has a turn."""
        tell: dict[Said, list[Key]] = {}
        hurry: dict[str, None] = {}
        for key in sorted(self._open, key=lambda key: (key.detected, key.check)):
            reason = self._decision(key, now)
            if reason in SAID:
                tell.setdefault(reason, []).append(key)  # type: ignore[arg-type]
            elif reason == "hold":
                hurry.update(dict.fromkeys(self._unseen_above(key)))
            else:
                self._open.discard(key)
                self._gone.pop(key, None)
        self._written = [at for at in self._written if now - at < STORM_MS]
        return PlannedAlerts(tell=tell if may_send(self._written, now) else {}, hurry=tuple(hurry))

    def _decision(self, key: Key, now: int) -> Reason:
        case = AlertCase(
            incident=self._watcher().incident(*key),
            said=tuple(self._outbox.said.get(key, ())),
            said_at=self._outbox.said_at.get(key),
            is_settled=now - key.detected >= HOLD_MS or not self._unseen_above(key),
        )
        return decide(case, now)

    def _unseen_above(self, key: Key) -> list[str]:
        """The reach checks upstream that nobody has seen answer or fail since the incident was detected."""
        watcher = self._watcher()
        return [
            name
            for name in watcher.reach_checks_above(key.check)
            if (last := watcher.last(name)) is None or last.at <= key.detected
        ]

    def write(
        self,
        told: Mapping[Said, Sequence[Key]],
        deadlines: Mapping[Key, Sequence[RepairDeadline]],
        head: Head,
        now: int,
    ) -> list[Message]:
        """The messages of a round: one for each channel and each thing said."""
        found = []
        place = MessageContext(name=self._site.name, timezone=self._site.timezone, practice=self._site.practice)
        for said, keys in told.items():
            notices = [self._notice(key, deadlines.get(key, ())) for key in keys]
            for channel in self._site.channels:
                number = _number(self._site.site, channel, said, keys, self._outbox)
                text = compose(said, notices, place=place, head=head, number=number, language=channel.language)
                found.append(
                    Message(
                        id=number,
                        channel=channel.name,
                        said=said,
                        about=tuple(keys),
                        subject=text.subject,
                        body=text.body,
                        written_at=now,
                    )
                )
            self._written.append(now)
        return found

    def _notice(self, key: Key, deadlines: Sequence[RepairDeadline]) -> Notice:
        watcher = self._watcher()
        incident = watcher.incident(*key) or self._gone.get(key) or _as_said(key)
        check = watcher.checks[key.check]
        return Notice(
            incident=incident,
            asset=watcher.assets[check.asset],
            check=check,
            seen=watcher.why(key.check),
            cuts_off=watcher.cut_off_by(incident),
            deadlines=tuple(deadlines),
        )

    def queued(self, messages: Iterable[Message]) -> None:
        """These messages are on disk."""
        for message in messages:
            self._outbox.add(message)


def _as_said(key: Key) -> Incident:
    """An incident that is none any more, of which only the message before a restart is left."""
    return Incident(
        check=key.check, detected=key.detected, began_after=None, last_fail=key.detected, restored=None, closed=False
    )


def _number(site: str, channel: Channel, said: Said, keys: Sequence[Key], outbox: Outbox) -> str:
    """A number that the same thing said of the same incidents has always, and nothing else."""
    spoken = [f"{key.check}@{key.detected}#{len(outbox.said.get(key, ()))}" for key in keys]
    return blake2b("\0".join([site, channel.name, said, *spoken]).encode(), digest_size=6).hexdigest()
