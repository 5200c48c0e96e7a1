"""One incident's whole life in a ledger: python tests/faults/incident_life.py STATE. Each acknowledged step is a line.

It goes on where an earlier run was killed: what is on disk already is done again, and counts once.
The last line says `end`; a step that fails ends it with exit code 1 and the reason, and nothing more is acknowledged.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sla.evidence.records import Acknowledged, Arrived, Asset, Check, Claim, Notified, Reading, Ruling
from sla.ledger import Entry, Ledger, LedgerError, Stamp
from sla.ledger.backup import back_up

BEGIN = 1_790_812_800_000
MINUTE = 60_000
LATER = 24 * 60
SITE = "life"


def stamp(minute: float) -> Stamp:
    """A clock that the story turns."""
    ms = int(minute * MINUTE)
    return Stamp(wall_ms=BEGIN + ms, boot_ms=ms, boot_id="b")


def story() -> list[tuple[str, float, list[Reading], list[Entry]]]:
    """(step, minute, readings, entries), in order."""

    def at(minute: float) -> int:
        return BEGIN + int(minute * MINUTE)

    def seen(minute: float, outcome: str) -> list[Reading]:
        return [Reading(check="a/icmp", at=at(minute), outcome=outcome, metrics={"rtt_ms": 1.5})]  # type: ignore[arg-type]

    def said(record: object) -> list[Entry]:
        return [Entry.of(record, actor="x")]  # type: ignore[arg-type]

    queued = Entry(kind="alert_queued", body={"id": "m1", "body": "故障"}, actor="agent")
    sent = Entry(kind="alert_sent", body={"id": "m1"}, actor="agent")
    notified = Entry.of(Notified(check="a/icmp", at=at(2.2), channel="v"), actor="agent")
    claim = Claim(id="k1", asset="a", begin=at(1), end=at(5), cause="power", at=at(9), by="v")
    return [
        (
            "known",
            0,
            [],
            [*said(Asset(id="a", kind="link")), *said(Check(id="a/icmp", asset="a", interval_ms=MINUTE))],
        ),
        ("up", 1, seen(1, "ok"), []),
        ("down", 2, seen(2, "fail"), []),
        ("queued", 2.1, [], [queued]),
        ("sent", 2.2, [], [sent, notified]),
        ("acknowledged", 3, seen(3, "fail"), said(Acknowledged(check="a/icmp", at=at(3), by="v"))),
        ("arrived", 4, seen(4, "fail"), said(Arrived(check="a/icmp", at=at(4), by="v"))),
        ("restored", 5, seen(5, "ok"), []),
        ("claimed", 9, seen(9, "ok"), said(claim)),
        ("ruled", 10, seen(10, "ok"), said(Ruling(claim="k1", accepted=True, at=at(10), by="c"))),
    ]


def live(state: Path) -> None:
    """The story, then the block, the seal and the backup."""
    ledger = Ledger.open(state, site=SITE, software="1")
    tell("open")
    for step, minute, readings, entries in story():
        ledger.commit(stamp(minute), readings=readings, entries=entries)
        tell(step)
    ledger.seal_due(stamp(LATER))
    tell("sealed")
    ledger.seal_month(stamp(LATER + 1), "2026-09")
    tell("month")
    back_up(state, state.parent / "backup.db")
    tell("backup")
    ledger.close(stamp(LATER + 2))
    tell("end")


def tell(step: str) -> None:
    """This is on disk."""
    sys.stdout.write(step + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        live(Path(sys.argv[1]))
    except (LedgerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
