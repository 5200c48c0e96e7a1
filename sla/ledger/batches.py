"""Batches: the readings of about a minute as one text, whose hash is an entry of the chain.

A batch's text has one line a reading, sorted by check, instant, outcome, reason and metrics:

    ["link-03/icmp",1790812800123,"ok","",{"rtt_ms":0.412}]

Instants are milliseconds UTC. The text can be made again from sealed blocks, byte by byte, so that
the hash goes on proving the readings for as long as they are kept.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sla.ledger.blocks import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.ledger.blocks import BlockRow


def batch_text(readings: Iterable[tuple[str, BlockRow]]) -> bytes:
    """The text of a batch of (check, reading), in any order."""
    ordered = sorted(readings, key=lambda each: (each[0], each[1].at, each[1].outcome, *each[1][3:]))
    return "".join([_line(check, row) for check, row in ordered]).encode()


def batch_body(batch: int, readings: Iterable[tuple[str, BlockRow]]) -> dict[str, Any]:
    """What the chain says of a batch: its number, how many readings, the length and hash of its text."""
    text = batch_text(readings)
    return {
        "batch": batch,
        "count": text.count(b"\n"),
        "bytes": len(text),
        "sha256": hashlib.sha256(text).hexdigest(),
    }


def _line(check: str, row: BlockRow) -> str:
    return f'[{_quoted(check)},{row.at},"{OUTCOMES[row.outcome]}",{_quoted(row.reason)},{row.metrics or "{}"}]\n'


@lru_cache(maxsize=20_000)
def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
