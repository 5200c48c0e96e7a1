"""Readings in memory, packed as whole numbers: what an evidence file holds, as one `ReadingSource`. Pure."""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from sla.evidence.metrics import MetricReadings
from sla.evidence.records import Reading
from sla.evidence.runs import Runs, runs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sla.evidence.records import OutcomeName

NUMBER = rb"-?(?:0|[1-9]\d{0,15})(?:\.\d{1,17})?"
"""The numbers that quick reading takes; every other spelling of a number goes through the strict reader."""
WORDS: tuple[OutcomeName, ...] = ("fail", "ok", "none")
"""Outcomes in the order of the numbers that stand for them, so that fail sorts before ok at one instant."""
_FAIL, _OK, _NONE = range(3)
BITS = 2
"""A reading is packed as `at << 2 | outcome`, so that numbers sort by time, and fail before ok."""


class CheckReadings:
    """One check's readings in the order in which they were added: packed, and each one's details."""

    __slots__ = ("details", "order", "packed")

    def __init__(self) -> None:
        self.packed: array[int] = array("q")
        self.details: list[tuple[Any, Any] | None] = []
        self.order: tuple[np.ndarray, np.ndarray] | None = None

    def in_order(self) -> tuple[np.ndarray, np.ndarray]:
        """The packed readings sorted, and where each was added."""
        if self.order is None:
            packed = np.array(self.packed, dtype=np.int64)
            places = np.argsort(packed, kind="stable")
            self.order = packed[places], places
        return self.order


class ListedReadings:
    """A `ReadingSource` over packed readings in memory."""

    def __init__(self) -> None:
        self._of: dict[str, CheckReadings] = {}

    def of(self, check: str) -> CheckReadings:
        """The readings of a check, to append to while reading."""
        return self._of.setdefault(check, CheckReadings())

    def add(self, reading: Reading) -> None:
        """Add one reading of any check; readings may come in any order."""
        listed = self.of(reading.check)
        listed.order = None
        listed.packed.append(reading.at << BITS | WORDS.index(reading.outcome))
        listed.details.append((reading.reason, reading.metrics) if reading.reason or reading.metrics else None)

    def runs(self, check: str, gap: int, until: int) -> Runs:
        """The check's readings up to and with `until` (ms), as runs broken where a gap exceeds `gap` ms."""
        packed, _ = self.of(check).in_order()
        packed = packed[: np.searchsorted(packed, (until + 1) << BITS)]
        seen = packed[(packed & 3) != _NONE]
        return runs_of(seen >> BITS, (seen & 1).astype(bool), gap)

    def samples(self, check: str, begin: int, end: int) -> Iterator[Reading]:
        """The check's readings of [begin, end) ms in time order, `none` included, with reason and metrics."""
        listed = self.of(check)
        packed, places = listed.in_order()
        first, last = np.searchsorted(packed, [begin << BITS, end << BITS])
        for one, place in zip(packed[first:last].tolist(), places[first:last].tolist(), strict=True):
            reason, metrics = _details_of(listed.details[place])
            yield Reading(check=check, at=one >> BITS, outcome=WORDS[one & 3], reason=reason, metrics=metrics)

    def metric(self, check: str, name: str, begin: int, end: int) -> MetricReadings:
        """One metric of the check's readings of [begin, end) ms in time order, `none` left out.

        The bytes that the quick reader kept are searched for the one number.
        """
        listed = self.of(check)
        packed, places = listed.in_order()
        first, last = np.searchsorted(packed, [begin << BITS, end << BITS])
        packed, places = packed[first:last], places[first:last]
        is_outcome = (packed & 3) != _NONE
        packed, places = packed[is_outcome], places[is_outcome]
        number = re.compile(b'"' + re.escape(name.encode()) + b'": ?(' + NUMBER + b")").search
        values = (_number_in(listed.details[place], name, number) for place in places.tolist())
        return MetricReadings(
            packed >> BITS, (packed & 1).astype(bool), np.fromiter(values, dtype=np.float64, count=len(packed))
        )

    def latest_at(self) -> int | None:
        """The instant (ms) of the latest reading of any check, `none` included; None without any."""
        return max((max(each.packed) >> BITS for each in self._of.values() if each.packed), default=None)


def _details_of(details: tuple[Any, Any] | None) -> tuple[str, Mapping[str, Any]]:
    """Reason and metrics; the quick reader keeps them as the bytes of the file."""
    if details is None:
        return "", {}
    reason, metrics = details
    if isinstance(reason, str):
        return reason, metrics
    return (reason or b"").decode(), json.loads(metrics) if metrics else {}


def _number_in(
    details: tuple[Any, Any] | None, name: str, search: Callable[[bytes], re.Match[bytes] | None]
) -> float:
    """The metric of that name; NaN where the reading does not carry it."""
    metrics = None if details is None else details[1]
    if isinstance(metrics, bytes):
        found = search(metrics)
        return np.nan if found is None else float(found[1])
    return float(metrics[name]) if metrics and name in metrics else np.nan
