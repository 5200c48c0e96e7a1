"""Retention: what was sealed long ago may be given up; that it was there, and its hash, may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.ledger.schema import SLOT_MS, payload_id, slot_of

if TYPE_CHECKING:
    import sqlite3


def erasable_slots(connection: sqlite3.Connection, before: int, limit: int) -> list[int]:
    """The oldest slots with payloads that ended by `before`."""
    found: list[int] = []
    start = 0
    while len(found) < limit:
        (first,) = connection.execute("SELECT min(id) FROM payloads WHERE id >= ?", (start,)).fetchone()
        if first is None or (slot_of(first) + 1) * SLOT_MS > before:
            break
        found.append(slot_of(first))
        start = payload_id(0, slot_of(first) + 1, 0)
    return found


def erase_slots(connection: sqlite3.Connection, slots: list[int]) -> dict[str, Any]:
    """Delete the payloads of these slots, oldest first; what the chain says of it. The caller holds a transaction.

    `first_batch_kept`: of that batch and all later ones every reading is still there.
    """
    from sla.ledger.payloads import unpacked  # noqa: PLC0415 - numpy only when a payload must be unpacked

    span = (payload_id(0, slots[0], 0), payload_id(0, slots[-1] + 1, 0))
    newest = -1
    for (data,) in connection.execute("SELECT data FROM payloads WHERE id >= ? AND id < ?", span):
        newest = max(newest, *(row.batch for row in unpacked(data)))
    connection.execute("DELETE FROM payloads WHERE id >= ? AND id < ?", span)
    return {"first_batch_kept": newest + 1, "from_ms": slots[0] * SLOT_MS, "to_ms": (slots[-1] + 1) * SLOT_MS}
