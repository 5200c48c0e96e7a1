"""A forger: whoever runs the machine can rewrite the database as he likes. For tests of what shows it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from sla.evidence.records import Asset, Check, Claim, Reading
from sla.ledger import Entry, Ledger, Stamp
from sla.ledger.chain import canonical, entry_hash, site_mark
from sla.ledger.schema import FILE

if TYPE_CHECKING:
    from pathlib import Path

SITE = "zhanhe"
MINUTE = 60_000
BEGIN = 1_790_812_800_000


def stamp(minute: float) -> Stamp:
    ms = int(minute * MINUTE)
    return Stamp(wall_ms=BEGIN + ms, boot_ms=5_000_000 + ms, boot_id="boot-1", synced=True, error_ms=3)


def make_ledger(folder: Path, *, minutes: int = 20, contract_hash: str = "c" * 64) -> list[tuple[int, str]]:
    """A ledger with definitions, readings and claims; the heads that the other party was sent."""
    ledger = Ledger.open(folder, site=SITE, software="1.0", config_hash="f" * 64, contract_hash=contract_hash)
    heads = []
    definitions = [
        Entry.of(Asset(id="a", kind="link"), actor="agent"),
        Entry.of(Check(id="a/icmp", asset="a", interval_ms=MINUTE), actor="agent"),
        Entry.of(Check(id="a/tcp", asset="a", interval_ms=MINUTE), actor="agent"),
    ]
    ledger.commit(stamp(0), entries=definitions)
    for minute in range(minutes):
        at = BEGIN + minute * MINUTE
        outcome = "fail" if minute in (7, 8) else "ok"
        readings = [
            Reading(check="a/icmp", at=at + 5, outcome=outcome, metrics={"rtt_ms": 1.25}),
            Reading(check="a/tcp", at=at + 9, outcome="ok", reason="é\t说"),
        ]
        claim = Claim(id=f"c{minute}", asset="a", begin=at, end=at + 9, cause="power", at=at, by="王")
        entries = [Entry.of(claim, actor="vendor")] if minute % 5 == 0 else []
        head = ledger.commit(stamp(minute), readings=readings, entries=entries)
        if minute % 6 == 5:
            heads.append((head.seq, head.hash))
    ledger.close(stamp(minutes))
    with sqlite3.connect(folder / FILE) as connection:
        seq, digest = connection.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    connection.close()
    return [*heads, (seq, digest.hex())]


class Forger:
    """Opens a ledger's database with the triggers gone."""

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / FILE, isolation_level=None)
        for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.connection.execute(f"DROP TRIGGER {name}")
        self.entries = [
            json.loads(data) for (data,) in self.connection.execute("SELECT data FROM entries ORDER BY seq")
        ]

    def rechain(self, entries: list[dict], *, first: int = 1) -> None:
        """Write these entries as a chain that is whole in itself, renumbered and hashed anew."""
        before = bytes(32)
        self.connection.execute("BEGIN")
        self.connection.execute("DELETE FROM entries")
        for seq, entry in enumerate(entries, first):
            entry["seq"], entry["prev"] = seq, before.hex()
            data = canonical(entry)
            before = entry_hash(site_mark(entry["site"]), seq, before, data)
            self.connection.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, NULL)", (seq, entry["kind"], data, before)
            )
        self.connection.execute("COMMIT")

    def done(self) -> None:
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()
