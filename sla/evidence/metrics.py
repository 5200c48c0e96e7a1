"""One metric of one check's readings, as arrays: a month of a large site has millions of them.

Only whoever judges a quality clause comes here; all else does without numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from sla.evidence.intervals import Intervals


class MetricReading(NamedTuple):
    """One reading by itself. `value` is None where it does not carry the metric."""

    at: int
    ok: bool
    value: float | None


class MetricReadings(NamedTuple):
    """Readings in time order, `none` left out: instant, whether it is ok, and the metric (NaN: not carried)."""

    ats: NDArray[np.int64]
    oks: NDArray[np.bool_]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, found: Iterable[tuple[int, bool, Any]]) -> MetricReadings:
        """Of (instant, is it ok, the metric or None) in time order."""
        listed = list(found)
        values = [np.nan if value is None else float(value) for _, _, value in listed]
        return cls(
            np.array([at for at, _, _ in listed], dtype=np.int64),
            np.array([ok for _, ok, _ in listed], dtype=np.bool_),
            np.array(values, dtype=np.float64),
        )

    @classmethod
    def joined(cls, parts: Sequence[MetricReadings]) -> MetricReadings:
        """Parts that follow each other in time, as one."""
        if len(parts) == 1:
            return parts[0]
        none = cls.of(())
        return cls(*(np.concatenate(columns) for columns in zip(none, *parts, strict=True)))

    def each(self) -> Iterator[MetricReading]:
        """The readings one by one in time order, NaN as None, for whoever shows them."""
        for at, ok, value in zip(self.ats.tolist(), self.oks.tolist(), self.values.tolist(), strict=True):
            yield MetricReading(at, ok, None if np.isnan(value) else value)

    @property
    def carries_any(self) -> bool:
        """Whether any of them carries the metric."""
        return bool((~np.isnan(self.values)).any())

    def chosen(self, mask: NDArray[Any]) -> MetricReadings:
        """The readings for which a mask of booleans is true, or at these places, as a new value."""
        return MetricReadings(self.ats[mask], self.oks[mask], self.values[mask])


def worst_at_each_instant(found: MetricReadings, sign: int, *, absolute: bool) -> MetricReadings:
    """One reading an instant: of several fail wins (SPEC §1), and of several values that remain, the worst.

    `sign`: 1 if a larger value is worse, -1 if a smaller one is. `absolute`: values lose their sign.
    """
    if absolute:
        found = found._replace(values=np.abs(found.values))
    if (found.ats[1:] != found.ats[:-1]).all():
        return found
    badness = np.where(np.isnan(found.values), -np.inf, sign * found.values)
    ordered = found.chosen(np.lexsort((-badness, found.oks, found.ats)))
    return ordered.chosen(np.concatenate(([True], ordered.ats[1:] != ordered.ats[:-1])))


def holding_at(changes: Sequence[tuple[int, int]], ats: NDArray[np.int64]) -> NDArray[np.int64]:
    """What holds at each instant, of (from when on, what) in time order; before the first one: the first."""
    begins, held = (np.array(column, dtype=np.int64) for column in zip(*changes, strict=True))
    found: NDArray[np.int64] = held[np.maximum(0, np.searchsorted(begins, ats, side="right") - 1)]
    return found


def covered(seen: MetricReadings, gap: NDArray[np.int64] | int) -> list[tuple[int, int]]:
    """The union of [r, s) of successive readings at most `gap` apart, of which at least one carries the metric.

    `gap`: in ms, one for all, or that of each reading but the last.
    """
    if len(seen.ats) == 0:
        return []
    carries = ~np.isnan(seen.values)
    joined = (np.diff(seen.ats) <= gap) & (carries[1:] | carries[:-1])
    edges = np.flatnonzero(np.diff(np.concatenate(([False], joined, [False])).astype(np.int8)))
    return list(zip(seen.ats[edges[::2]].tolist(), seen.ats[edges[1::2]].tolist(), strict=True))


def values_in(seen: MetricReadings, spans: Intervals) -> NDArray[np.float64]:
    """The metric of all readings that carry it at an instant in these spans."""
    if not spans:
        return seen.values[:0]
    begins, ends = (np.array(edge, dtype=np.int64) for edge in zip(*spans, strict=True))
    place = np.searchsorted(begins, seen.ats, side="right") - 1
    inside = (place >= 0) & (seen.ats < ends[place]) & ~np.isnan(seen.values)
    return seen.values[inside]


def count_within(values: NDArray[np.float64], limit: float, sign: int) -> int:
    """How many of them are no worse than the limit."""
    return int(np.count_nonzero(sign * values <= sign * limit))


def ranked(parts: Sequence[NDArray[np.float64]], rank: int, sign: int) -> tuple[float, float]:
    """(the value of that rank, counted from the best as 1, the worst value) of at least one value."""
    badness = np.sort(sign * np.concatenate(parts))
    return sign * float(badness[rank - 1]), sign * float(badness[-1])


def in_order(readings: MetricReadings) -> MetricReadings:
    """The readings by their instants; of one instant fail before ok."""
    return readings.chosen(np.lexsort((readings.oks, readings.ats)))
