"""What an alert says, in Chinese or English. Pure: facts in, subject and body out.

An alert also carries the head of the ledger: whoever keeps the message can later prove that the
ledger held exactly this when the message was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from config.text.i18n import in_language
from config.text.outside import one_line, visible
from config.text.reasons import reason_in
from sla.evidence import instants
from sla.evidence.instants import EPOCH, MS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agent.alerts.decide import Statement
    from config.text.i18n import Language
    from sla.evidence.records import Asset, Check
    from sla.incidents.incident import Incident
    from sla.ledger import Head
    from sla.obligations.kind import IncidentDeadline

MOST_NAMES = 20
"""Assets that one line names before it only counts."""
MOST_IN_FULL = 10
"""Incidents that one message tells in full; of the rest it gives a line each."""
MOST_BYTES = 18_000
"""Robots of Chinese messengers take 20,000 bytes."""
_LONGEST_NAME = 80
_LONGEST_CHECK = 2 * _LONGEST_NAME
LONGEST_WORDS = 300
"""What a device or a disk said, in one line of a message."""

_SUBJECTS: dict[Statement, str] = {
    "detected": "Fault: {what}",
    "restored": "Restored: {what}",
    "relapsed": "Fault again: {what}",
    "repeat": "Still down: {what}",
    "vanished": "Withdrawn, part of another fault: {what}",
    "withdrawn": "No longer watched, was down: {what}",
}
_STAGES = {"respond": "response", "arrive": "arrival", "restore": "repair"}
_SEVERITIES = {"critical": "critical", "major": "major", "minor": "minor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext:
    """The site as a message names it."""

    name: str
    timezone: str
    practice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One incident as a message tells it. `seen`: what the last failed look said; `cuts_off`: assets behind it."""

    incident: Incident
    asset: Asset
    check: Check
    seen: str
    cuts_off: tuple[Asset, ...] = ()
    deadlines: tuple[IncidentDeadline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A message as a provider takes it."""

    subject: str
    body: str


def compose(
    statement: Statement,
    notices: Sequence[Notice],
    *,
    place: MessageContext,
    head: Head,
    number: str,
    language: Language,
) -> Text:
    """One message about one or more incidents of which the same is to be said."""
    writer = _MessageWriter(place, language)
    return Text(subject=writer.subject(statement, notices), body=writer.body(notices, head, number))


def local_text(at: int, timezone: str) -> str:
    """An instant on the site's own clock, to the second, with its offset."""
    zone = ZoneInfo(timezone)
    return f"{instants.local_text(at, zone)} {(EPOCH + at * MS).astimezone(zone):%z}"


class _MessageWriter:
    """Writes for one site in one language."""

    def __init__(self, place: MessageContext, language: Language) -> None:
        self._place = place
        self._language = language
        self._say: Callable[[str], str] = partial(in_language, language=language)
        self._comma = "、" if language == "zh" else ", "

    def _fill(self, text: str, **values: Any) -> str:
        return self._say(text).format(**values)

    def _at(self, at: int) -> str:
        return local_text(at, self._place.timezone)

    def subject(self, statement: Statement, notices: Sequence[Notice]) -> str:
        what = self._name(notices[0].asset)
        if len(notices) > 1:
            what = self._fill("{what} and {count} more", what=what, count=len(notices) - 1)
        mark = self._say("[PRACTICE] ") if self._place.practice else ""
        return f"{mark}[{visible(self._place.name)}] {self._fill(_SUBJECTS[statement], what=what)}"

    def body(self, notices: Sequence[Notice], head: Head, number: str) -> str:
        first = [self._say("This is practice, not a real fault.")] if self._place.practice else []
        first.append(self._fill("Site: {name}", name=visible(self._place.name)))
        last = [
            self._fill("Message {number}", number=number),
            self._fill("Ledger at the time of writing: entry {seq}, {hash}", seq=head.seq, hash=head.hash),
        ]
        parts = [self._in_full(each) for each in notices[:MOST_IN_FULL]]
        parts += [self._in_short(each) for each in notices[MOST_IN_FULL:]]
        return "\n".join([*first, "", *self._fitting(parts), "", *last])

    def _fitting(self, parts: list[str]) -> list[str]:
        kept: list[str] = []
        left_bytes = MOST_BYTES
        for part in parts:
            left_bytes -= len(part.encode()) + 1
            if left_bytes < 0:
                left = len(parts) - len(kept)
                return [*kept, self._fill("… and {count} more, listed in the ledger", count=left)]
            kept.append(part)
        return kept

    def _name(self, asset: Asset) -> str:
        known = visible(asset.id, _LONGEST_NAME)
        return f"{visible(asset.name, _LONGEST_NAME)} ({known})" if asset.name not in ("", asset.id) else known

    def _in_short(self, notice: Notice) -> str:
        what, at = self._name(notice.asset), self._at(notice.incident.detected)
        return self._fill(
            "{what}: check {check}, first failed {at}",
            what=what,
            check=visible(notice.check.id, _LONGEST_CHECK),
            at=at,
        )

    def _in_full(self, notice: Notice) -> str:
        severity = self._say(_SEVERITIES[notice.check.severity])
        lines = [
            self._fill("Asset: {what}", what=self._name(notice.asset)),
            self._fill(
                "Check: {check} ({severity})", check=visible(notice.check.id, _LONGEST_CHECK), severity=severity
            ),
            self._began(notice.incident),
            *self._ended(notice.incident),
            self._fill("Seen: {seen}", seen=one_line(reason_in(notice.seen, self._language), LONGEST_WORDS) or "–"),
        ]
        if notice.cuts_off:
            lines.append(self._cuts_off(notice.cuts_off))
        lines += [self._deadline(each) for each in notice.deadlines]
        return "\n".join(lines) + "\n"

    def _began(self, incident: Incident) -> str:
        detected = self._at(incident.detected)
        if incident.began_after is None:
            return self._fill("Began: at the latest {detected} (never seen working before)", detected=detected)
        return self._fill(
            "Began: after {began_after}, at the latest {detected}",
            began_after=self._at(incident.began_after),
            detected=detected,
        )

    def _ended(self, incident: Incident) -> list[str]:
        if incident.restored is None and incident.withdrawn is not None:
            return [self._fill("Out of service since {at}, not restored by then", at=self._at(incident.withdrawn))]
        if incident.restored is None:
            return []
        text = "Ended: after {last_fail}, at the latest {restored}"
        return [self._fill(text, last_fail=self._at(incident.last_fail), restored=self._at(incident.restored))]

    def _cuts_off(self, assets: Sequence[Asset]) -> str:
        names = self._comma.join(self._name(each) for each in assets[:MOST_NAMES])
        more = "…" if len(assets) > MOST_NAMES else ""
        return self._fill("Cuts off {count}: {names}", count=len(assets), names=names + more)

    def _deadline(self, deadline: IncidentDeadline) -> str:
        clause = deadline.clause
        due = self._say("never") if deadline.due_at is None else self._at(deadline.due_at)
        text = "Clause {clause} {title}: {stage} due {due}"
        if deadline.is_estimate:
            text = "Clause {clause} {title}: {stage} due {due}, if this message is delivered at once"
        stage = self._say(_STAGES[deadline.stage])
        return self._fill(text, clause=visible(clause.clause), title=visible(clause.title), stage=stage, due=due)
