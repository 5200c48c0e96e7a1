"""What `sla-agent status` shows to people: their language, the site's own clock, and the exit code's reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.alerts.messages import local_text
from config.text.i18n import in_language
from config.text.outside import visible
from config.text.reasons import reason_in
from sla.evidence.instants import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.text.i18n import Language

MOST_NAMES = 10
"""Names in one line for a person; the JSON has all."""


def is_well(status: Mapping[str, Any]) -> bool:
    """Whether nobody need care: all is up, nothing is late or undelivered, and we can see."""
    counts = status["counts"]
    troubles = counts["down"] + counts["cut_off"] + counts["unknown"] + status["late"]
    sees = not status["is_blind"] and not status.get("filtered") and status["clock"]["is_trusted"]
    return troubles == 0 and not status["undelivered"] and sees


def status_text(status: Mapping[str, Any], language: Language) -> str:
    """The status for a person at a terminal, some lines. It may have been written by an older agent."""

    def say(text: str, **values: object) -> str:
        return in_language(text, language).format(**values)

    def local(at: str | None) -> str:
        """An instant on the site's own clock."""
        zone = status.get("timezone")  # absent in what older agents wrote
        return at or "" if not at or zone is None else local_text(parse_instant(at), zone)

    counts, head = status["counts"], status["head"]
    lines = [
        say("Site {name} ({site})", name=visible(status["name"]), site=visible(status["site"]))
        + (say(" [PRACTICE]") if status["practice"] else ""),
        say("Agent running as process {pid} since {at}", pid=status["pid"], at=local(status["started_at"]))
        if status["state"] == "running"
        else say("The agent is not running; this is how it was at {at}", at=local(status["at"])),
        say("Last tick: {at}", at=local(status["last_tick_at"]) or "–"),
        say(
            "Checks: {up} up, {down} down, {cut_off} cut off, {unknown} unknown; {late} late",
            **counts,
            late=status["late"],
        ),
    ]
    for fault in status["down"]:
        lines.append(
            say(
                "  down: {check} since {at}: {reason}",
                check=visible(fault["check"]),
                at=local(fault["detected"]) or "–",
                reason=reason_in(fault["reason"], language),
            )
        )
        if fault["cuts_off"]:
            lines.append(say("    cuts off {count}", count=len(fault["cuts_off"])))
    if status["unknown"]:
        names = ", ".join(map(visible, status["unknown"][:MOST_NAMES])) + (
            " …" if len(status["unknown"]) > MOST_NAMES else ""
        )
        lines.append(say("  unknown: {names}", names=names))
    lines += _unseen(status, language)
    undelivered = "  undelivered alert {id} to {channel}: {failures} tries, {why}"
    lines += [say(undelivered, **each) for each in status["undelivered"]]
    if status["is_blind"]:
        lines.append(say("The agent's own network is down: nothing is held against anybody"))
    if status.get("filtered"):  # absent in what older agents wrote
        text = "All looks of {kinds} go unanswered, and the assets answer others: a filter on the way? They are none"
        lines.append(say(text, kinds=", ".join(status["filtered"])))
    if not status["clock"]["is_trusted"]:
        lines.append(say("The clock is not trusted: readings say nothing until it is"))
    lines.append(say("Ledger: entry {seq}, {hash}", **head))
    return "\n".join(lines) + "\n"


def _unseen(status: Mapping[str, Any], language: Language) -> list[str]:
    """Why we could not look, where we could not."""
    found: Mapping[str, str] = status.get("unseen", {})  # absent in what older agents wrote
    line, more = (
        in_language(text, language)
        for text in ("  not seen: {check}: {reason}", "  and {count} more that were not seen")
    )
    lines = [
        line.format(check=visible(check), reason=reason_in(why, language))
        for check, why in list(found.items())[:MOST_NAMES]
    ]
    return [*lines, more.format(count=len(found) - MOST_NAMES)] if len(found) > MOST_NAMES else lines
