"""Blocks: six hours of a check's readings in a few hundred bytes, and what judging asks of them in fewer.

A block's summary says how many readings there are, the first and last that is not `none`, and the
largest gap between neighbours; while all of them are ok that is all there is to say. Otherwise its
digest lists the runs of like outcome, each ok run with its largest inner gap, and every fail's
instant. So runs for any G come from summaries and digests; only an ok run with a gap above G inside
makes the payload be unpacked.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sla.ledger.schema import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OUTCOMES = ("fail", "ok", "none")
FAIL, OK, NONE = range(3)


class Row(NamedTuple):
    """One reading as it is stored. `metrics` is canonical JSON text, empty for none."""

    at: int
    outcome: int
    batch: int
    reason: str
    metrics: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a block says without being unpacked. `first`, `last`, `gap` are None without any ok or fail."""

    count: int
    first: int | None
    last: int | None
    gap: int | None
    digest: bytes | None


def summary_of(rows: Sequence[Row], slot: int) -> Summary:
    """The summary of a slot's readings, in the order of time, fail before ok at one instant."""
    found = seen(rows)
    if not found:
        return Summary(len(rows), None, None, None, None)
    ats = [at for at, _ in found]
    gap = max((b - a for a, b in pairwise(ats)), default=0)
    if all(ok for _, ok in found):
        return Summary(len(rows), ats[0], ats[-1], gap, None)
    return Summary(len(rows), ats[0], ats[-1], gap, _digest(found, slot * SLOT_MS))


def seen(rows: Iterable[Row]) -> list[tuple[int, bool]]:
    """(at, ok) of the readings that say something, one an instant, fail winning."""
    found: list[tuple[int, bool]] = []
    for row in rows:
        if row.outcome != NONE and not (found and found[-1][0] == row.at):
            found.append((row.at, row.outcome == OK))
    return found


def _digest(found: Sequence[tuple[int, bool]], origin: int) -> bytes:
    """Triples (first, last, largest inner gap; -1 marks fails) as int32 from the slot's begin, then each fail."""
    runs: list[list[int]] = []
    fails: list[int] = []
    for at, ok in found:
        offset = at - origin
        if not ok:
            fails.append(offset)
        if runs and (runs[-1][2] >= 0) == ok:
            run = runs[-1]
            run[2] = max(run[2], offset - run[1]) if ok else -1
            run[1] = offset
        else:
            runs.append([offset, offset, 0 if ok else -1])
    numbers = [len(runs), *(number for run in runs for number in run), *fails]
    return struct.pack(f"<{len(numbers)}i", *numbers)


def digested(digest: bytes) -> tuple[list[tuple[int, int, int]], list[int]]:
    """(first, last, inner gap or -1) of each run, and each fail, from the slot's begin."""
    numbers = struct.unpack(f"<{len(digest) // 4}i", digest)
    end = 1 + 3 * numbers[0]
    return list(zip(numbers[1:end:3], numbers[2:end:3], numbers[3:end:3], strict=True)), list(numbers[end:])
