"""What is to be sent, kept in the ledger: written down before it is sent, crossed out after a yes.

Pure bookkeeping over ledger entries; who sends is `agent.alerts.delivery`. A crash between sending
and writing that down means that the same message goes out twice, with the same number: at least
once, never lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from sla.ledger import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agent.alerts.decide import Statement
    from sla.ledger import StoredEntry

QUEUED, SENT, FAILED = "alert_queued", "alert_sent", "alert_failed"
KINDS = (QUEUED, SENT, FAILED)
WAITS_MS = (5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000)
"""How long to wait after the first, second, … failed try; the last one again and again, for as long as it takes."""


class IncidentKey(NamedTuple):
    """Which incident: its check, and when it was detected (ms)."""

    check: str
    detected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text for one channel, about one or more incidents. `id` stays the same however often it is sent."""

    id: str
    channel: str
    statement: Statement
    about: tuple[IncidentKey, ...]
    subject: str
    body: str
    written_at: int

    def entry(self) -> Entry:
        """How the ledger keeps it."""
        body = {
            "id": self.id,
            "channel": self.channel,
            "said": self.statement,
            "about": [{"check": key.check, "detected": key.detected} for key in self.about],
            "subject": self.subject,
            "body": self.body,
            "written_at": self.written_at,
        }
        return Entry(kind=QUEUED, body=body, actor="agent")


def _message(stored: StoredEntry) -> Message:
    body = stored.body
    return Message(
        id=body["id"],
        channel=body["channel"],
        statement=cast("Statement", body["said"]),
        about=tuple(IncidentKey(each["check"], each["detected"]) for each in body["about"]),
        subject=body["subject"],
        body=body["body"],
        written_at=body["written_at"],
    )


@dataclass(slots=True)
class _Waiting:
    """A message that not every URL of its channel has taken yet."""

    message: Message
    accepted: set[int] = field(default_factory=set)
    failures: int = 0
    next_ms: int = 0
    is_under_way: bool = False
    why: str = ""


class Outbox:
    """What waits to be sent, and what was said of each incident. `now` is boot-time ms."""

    def __init__(self, stored: Iterable[StoredEntry] = ()) -> None:
        """`stored`: every entry of `KINDS`, in order."""
        self._waiting: dict[str, _Waiting] = {}
        self.statements: dict[IncidentKey, list[Statement]] = {}
        self.stated_at: dict[IncidentKey, int] = {}
        for each in stored:
            if each.kind == QUEUED:
                self.add(_message(each))
            elif (waiting := self._waiting.get(each.body["id"])) is not None:
                self._take_up(waiting, each)

    def _take_up(self, waiting: _Waiting, stored: StoredEntry) -> None:
        if stored.kind == FAILED:
            waiting.failures += 1
            waiting.why = stored.body["why"]
        elif stored.body["is_last"]:
            del self._waiting[waiting.message.id]
        else:
            waiting.accepted.add(stored.body["url"])

    def add(self, message: Message) -> None:
        """A message that is in the ledger now is to be sent."""
        self._waiting[message.id] = _Waiting(message)
        for key in message.about:
            if self.stated_at.get(key) != message.written_at:  # else the same was just said to another channel
                self.statements.setdefault(key, []).append(message.statement)
                self.stated_at[key] = message.written_at

    def due(self, now: int) -> list[Message]:
        """What to send now, oldest first: of one channel and incident, nothing before what was written earlier."""
        found: list[Message] = []
        blocked: set[tuple[str, IncidentKey]] = set()
        for waiting in self._waiting.values():
            topics = {(waiting.message.channel, key) for key in waiting.message.about}
            if not waiting.is_under_way and waiting.next_ms <= now and not topics & blocked:
                found.append(waiting.message)
            blocked |= topics
        return found

    def begin(self, message: Message) -> set[int]:
        """Somebody is sending it now; says which of the channel's URLs have taken it already."""
        waiting = self._waiting[message.id]
        waiting.is_under_way = True
        return set(waiting.accepted)

    def end(self, message: Message, accepted: Sequence[int], why: str, now: int) -> None:
        """The try is over and in the ledger; `why`: the last refusal, or empty if nothing is left to be taken."""
        waiting = self._waiting[message.id]
        waiting.is_under_way = False
        waiting.accepted.update(accepted)
        if not why:
            del self._waiting[message.id]
            return
        waiting.why = why
        waiting.next_ms = now + WAITS_MS[min(waiting.failures, len(WAITS_MS) - 1)]
        waiting.failures += 1

    def abandon(self, message: Message) -> None:
        """The try could not be brought to an end; it stays due."""
        if message.id in self._waiting:
            self._waiting[message.id].is_under_way = False

    def undelivered(self) -> list[dict[str, str | int]]:
        """What waits, for the status: number, channel, tries that failed, and the last refusal."""
        return [
            {
                "id": each.message.id,
                "channel": each.message.channel,
                "subject": each.message.subject,
                "failures": each.failures,
                "why": each.why,
            }
            for each in self._waiting.values()
        ]


def sent_entry(message: Message, url: int, at: int, *, is_last: bool) -> Entry:
    """The provider behind the channel's `url`th URL said yes; `is_last`: now every URL has."""
    body = {"id": message.id, "channel": message.channel, "url": url, "at": at, "is_last": is_last}
    return Entry(kind=SENT, body=body, actor="agent")


def failed_entry(message: Message, at: int, why: str) -> Entry:
    """A provider said no, or nothing; `why` holds no secret."""
    body = {"id": message.id, "channel": message.channel, "at": at, "why": why}
    return Entry(kind=FAILED, body=body, actor="agent")
