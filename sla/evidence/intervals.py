"""Sets of half-open intervals of whole milliseconds.

A set is a tuple of (begin, end) with begin < end, in time order, no two touching or overlapping:
equal sets are equal tuples.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

NEVER: Intervals = ()
BEGINNING = -(1 << 53)
"""Before every instant that a record can say."""
END = 1 << 53
"""After every instant that a record can say."""
ALWAYS: Intervals = ((BEGINNING, END),)


def normal(pieces: Iterable[Interval]) -> Intervals:
    """The set that any pieces make together; empty and backward ones are nothing."""
    merged: list[Interval] = []
    for begin, end in sorted(piece for piece in pieces if piece[0] < piece[1]):
        if merged and begin <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((begin, end))
    return tuple(merged)


def union(*sets: Intervals) -> Intervals:
    """The set of all time that is in at least one of these sets; of no sets, the empty set."""
    filled = [one for one in sets if one]
    return filled[0] if len(filled) == 1 else normal(chain.from_iterable(filled))


def intersection(one: Intervals, other: Intervals) -> Intervals:
    """The set of all time that is in both sets."""
    if len(other) == 1:
        return _within(one, *other[0])
    if len(one) == 1:
        return _within(other, *one[0])
    found: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        begin, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if begin < end:
            found.append((begin, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def _within(one: Intervals, begin: int, end: int) -> Intervals:
    """What of it lies in one stretch: of many pieces, all but the outermost stay as they are."""
    first = bisect_right(one, begin, key=itemgetter(1))
    found = one[first : bisect_left(one, end, key=itemgetter(0))]
    if found and (found[0][0] < begin or found[-1][1] > end):
        pieces = list(found)
        pieces[0] = (max(pieces[0][0], begin), pieces[0][1])
        pieces[-1] = (pieces[-1][0], min(pieces[-1][1], end))
        return tuple(pieces)
    return found


def intersection_of(sets: Iterable[Intervals]) -> Intervals:
    """The set of all time that is in each of these sets; of no sets, the empty set."""
    found: Intervals | None = None
    for one in sets:
        found = one if found is None else intersection(found, one)
    return found or NEVER


def complement(one: Intervals) -> Intervals:
    """The set of all time from `BEGINNING` to `END` that is not in this set."""
    edges = [BEGINNING, *chain.from_iterable(one), END]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(pair for pair in pairs if pair[0] < pair[1])


def difference(one: Intervals, other: Intervals) -> Intervals:
    """The set of all time that is in the first set and not in the second."""
    return intersection(one, complement(other)) if one and other else one


def clip(one: Intervals, begin: int, end: int) -> Intervals:
    """The part of the set that lies in [begin, end); the empty set where that span is empty or backward."""
    return intersection(one, ((begin, end),)) if begin < end else NEVER


def measure(one: Intervals) -> int:
    """The length of all intervals of the set together, in milliseconds."""
    return sum(end - begin for begin, end in one)


def contains(one: Intervals, at: int) -> bool:
    """Whether the instant lies in the set: an interval's begin does, its end does not."""
    place = bisect_right(one, at, key=itemgetter(0)) - 1
    return place >= 0 and at < one[place][1]
