"""Which readings were handed in by people, and when: the ledger's stamp of those (SPEC §1, recorded).

What the agent saw it keeps at once, in batches of a minute, so the instant of such a reading is its R. Readings
that somebody hands in make a batch of their own, behind an entry `imported` that names it: the stamp of that
entry is their R. In a ledger from before there were such entries every reading counts as kept at once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from sla.ledger.blocks import BlockRow

IMPORTED = "imported"
"""The kind of the entry that stands before a batch of readings that were handed in."""


class Import(NamedTuple):
    """One check's readings in a batch that was handed in at `at` (ms): the first and the last instant of them."""

    batch: int
    at: int
    first: int
    last: int


def import_body(batch: int, readings: Iterable[tuple[str, BlockRow]]) -> dict[str, Any]:
    """What the chain says of a batch that was handed in: its number; check → [first, last] instant, in ms."""
    spans: dict[str, list[int]] = {}
    for check, row in readings:
        span = spans.setdefault(check, [row.at, row.at])
        span[:] = min(span[0], row.at), max(span[1], row.at)
    return {"batch": batch, "checks": spans}


def stored_imports(connection: sqlite3.Connection) -> Mapping[str, list[Import]]:
    """Check → what of it was handed in, oldest first; nearly always nothing."""
    found: dict[str, list[Import]] = defaultdict(list)
    for (data,) in connection.execute("SELECT data FROM entries WHERE kind = ? ORDER BY seq", (IMPORTED,)):
        entry = json.loads(data)
        spans = entry["body"]["checks"]
        for check, (first, last) in spans.get("object", spans).items():
            found[check].append(Import(entry["body"]["batch"], entry["wall_ms"], first, last))
    return found
