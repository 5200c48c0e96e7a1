"""What the hourly message says: that somebody watches, how things stand, and which head the ledger has. Pure.

It goes to both parties. Whoever keeps it can later prove that nothing up to that head was changed;
and if it does not come, then nobody is watching: it is the dead man's switch.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from agent.alerts.messages import LONGEST_WORDS, Text, local_text
from config.text.i18n import in_language
from config.text.outside import one_line, visible
from sla.ledger.seals import MONTH_SEAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from config.site.model import Site
    from config.text.i18n import Language
    from sla.ledger import Head

NEWS = ("continues", "restore", "lost", "damage", MONTH_SEAL)
"""Kinds of entries of which both parties are told, each with its body; a seal's has its text under `text`."""


def alive_text(
    site: Site,
    *,
    at: int,
    head: Head,
    counts: Mapping[str, int],
    news: Sequence[tuple[str, Mapping[str, Any]]],
    language: Language,
) -> Text:
    """The hourly message. `counts`: checks by state; `news`: kind and body of what happened to the ledger."""
    say = partial(in_language, language=language)
    mark = say("[PRACTICE] ") if site.practice else ""
    subject = say("Watching: ledger entry {seq}") if not news else say("About the ledger: entry {seq}")
    lines = [
        *([say("This is practice, not a real fault.")] if site.practice else []),
        say("Site: {name}").format(name=visible(site.name)),
        say("Time: {at}").format(at=local_text(at, site.timezone)),
        say("Checks: {up} up, {down} down, {cut_off} cut off, {unknown} unknown").format(**counts),
        *(_news_text(say, kind, body) for kind, body in news),
        "",
        say("This message comes every hour. If it does not, nobody is watching: look at the agent and its network."),
        say("Keep it: with it you can prove later that nothing up to this entry was changed."),
        say("Ledger at the time of writing: entry {seq}, {hash}").format(seq=head.seq, hash=head.hash),
    ]
    return Text(subject=f"{mark}[{visible(site.name)}] {subject.format(seq=head.seq)}", body="\n".join(lines))


def _news_text(say: Callable[[str], str], kind: str, body: Mapping[str, Any]) -> str:
    if kind == MONTH_SEAL:
        return f"\n{say('{month} is closed. The text to sign:').format(month=body['month'])}\n{body['text']}"
    if kind == "damage":
        found = one_line("; ".join(body["problems"]), LONGEST_WORDS)
        return say("A check found damage on the disk: {found}. Restore a backup.").format(found=found)
    if kind == "lost":
        text = "The ledger had an entry {known}, and ended at {found} when the agent started: its end is lost."
        return say(text).format(known=body["known"]["seq"], found=body["found"]["seq"])
    kept = body["kept"] or {"file": "–", "seq": 0, "hash": "–"}
    if kind == "restore":
        text = (
            "A backup was restored, which ends at entry {seq}. What was there is kept as {file}, up to entry {kept}."
        )
        return say(text).format(seq=body["from"]["seq"], file=kept["file"], kept=kept["seq"])
    text = "The ledger was damaged ({why}). It is kept as {file}, readable up to entry {seq}; a new one goes on."
    return say(text).format(why=one_line(body["why"], LONGEST_WORDS), **kept)
