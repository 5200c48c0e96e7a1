"""Blocks: six hours of a check's readings in a few hundred bytes, and what judging asks of them in fewer.

A block's summary says how many readings there are, the first and last that is not `none`, and the
largest gap between neighbours; while all of them are ok that is all there is to say. Otherwise its
digest lists the runs of like outcome, each ok run with its largest inner gap, and every fail's
instant. A run also ends where nobody looked for longer than twice the usual, so that an agent that
was off does not make every block of that day be unpacked: runs for any G come from summaries and
digests, and only an ok run with a gap above G inside asks for the payload.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from sla.ledger.schema import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sla.evidence.records import OutcomeName

OUTCOMES: tuple[OutcomeName, ...] = ("fail", "ok", "none")
FAIL, OK, NONE = range(3)


class BlockRow(NamedTuple):
    """One reading as it is stored.

    `metrics` is JSON text: of the metrics, or of [metrics, keys that SPEC does not name], or empty for neither.
    """

    at: int
    outcome: int
    batch: int
    reason: str
    metrics: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a block says without being unpacked. `first`, `last`, `gap` are None without any ok or fail."""

    count: int
    count_ok: int
    first: int | None
    last: int | None
    gap: int | None
    digest: bytes | None


def summary_of(rows: Sequence[BlockRow], slot: int) -> Summary:
    """The summary of a slot's readings, in the order of time, fail before ok at one instant."""
    found = seen(rows)
    count, count_ok = len(rows), sum(row.outcome == OK for row in rows)
    if not found:
        return Summary(count, count_ok, None, None, None, None)
    gaps = [after - before for (before, _), (after, _) in pairwise(found)]
    gap, usual = (max(gaps), 2 * median_low(gaps)) if gaps else (0, 0)
    even = gap <= usual and all(ok for _, ok in found)
    digest = None if even else _digest(found, slot * SLOT_MS, usual)
    return Summary(count, count_ok, found[0][0], found[-1][0], gap, digest)


def seen(rows: Iterable[BlockRow]) -> list[tuple[int, bool]]:
    """(at, ok) of the readings that say something, one an instant, fail winning."""
    found: list[tuple[int, bool]] = []
    for row in rows:
        if row.outcome != NONE and not (found and found[-1][0] == row.at):
            found.append((row.at, row.outcome == OK))
    return found


def _digest(found: Sequence[tuple[int, bool]], origin: int, usual: int) -> bytes:
    """Triples (first, last, largest inner gap; -1 marks fails) as int32 from the slot's begin, then each fail."""
    runs: list[list[int]] = []
    fails: list[int] = []
    for at, ok in found:
        offset = at - origin
        if not ok:
            fails.append(offset)
        if runs and (runs[-1][2] >= 0) == ok and offset - runs[-1][1] <= usual:
            run = runs[-1]
            run[2] = max(run[2], offset - run[1]) if ok else -1
            run[1] = offset
        else:
            runs.append([offset, offset, 0 if ok else -1])
    numbers = [len(runs), *(number for run in runs for number in run), *fails]
    return struct.pack(f"<{len(numbers)}i", *numbers)


def digested(digest: bytes) -> tuple[Iterable[tuple[int, int, int]], Sequence[int], int]:
    """(first, last, inner gap or -1) of each run; each fail; the largest inner gap. From the slot's begin."""
    numbers = struct.unpack(f"<{len(digest) // 4}i", digest)
    end = 1 + 3 * numbers[0]
    gaps = numbers[3:end:3]
    return zip(numbers[1:end:3], numbers[2:end:3], gaps, strict=True), numbers[end:], max(gaps)
