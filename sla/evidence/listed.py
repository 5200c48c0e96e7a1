"""Readings in memory, packed as whole numbers: what an evidence file holds, as one `ReadingSource`. Pure."""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sla.evidence.intervals import BEGINNING, END
from sla.evidence.metrics import MetricReadings
from sla.evidence.records import Reading
from sla.evidence.runs import Runs, runs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sla.evidence.records import OutcomeName

NUMBER = rb"-?(?:0|[1-9]\d{0,15})(?:\.\d{1,17})?"
"""The numbers that quick reading takes; every other spelling of a number goes through the strict reader."""
WORDS: tuple[OutcomeName, ...] = ("fail", "ok", "none")
"""Outcomes in the order of the numbers that stand for them, so that fail sorts before ok at one instant."""
_FAIL, _OK, _NONE = range(3)
BITS = 2
"""A reading is packed as `at << 2 | outcome`, so that numbers sort by time, and fail before ok."""


class Provenance(NamedTuple):
    """Where a reading comes from that this agent did not make, or that was not recorded at once."""

    recorded_at: int | None
    source: str


_HERE = Provenance(None, "")


class CheckReadings:
    """One check's readings in the order in which they were added: packed, and each one's details.

    `provenance`: place → where that reading comes from; the few that say nothing of it are left out.
    """

    __slots__ = ("details", "order", "packed", "provenance")

    def __init__(self) -> None:
        self.packed: array[int] = array("q")
        self.details: list[tuple[Any, Any] | None] = []
        self.provenance: dict[int, Provenance] = {}
        self.order: tuple[np.ndarray, np.ndarray] | None = None

    def in_order(self) -> tuple[np.ndarray, np.ndarray]:
        """The packed readings sorted, and where each was added."""
        if self.order is None:
            packed = np.array(self.packed, dtype=np.int64)
            places = np.argsort(packed, kind="stable")
            self.order = packed[places], places
        return self.order

    def between(self, begin: int, end: int, as_of: int) -> tuple[np.ndarray, np.ndarray]:
        """The packed readings of [begin, end) that were known at `as_of`, sorted, and where each was added."""
        packed, places = self.in_order()
        end = min(end, as_of + 1)
        first, last = np.searchsorted(packed, [begin << BITS, end << BITS])
        packed, places = packed[first:last], places[first:last]
        late = [place for place, each in self.provenance.items() if (each.recorded_at or as_of) > as_of]
        if late:
            known = ~np.isin(places, late)
            packed, places = packed[known], places[known]
        return packed, places


class ListedReadings:
    """A `ReadingSource` over packed readings in memory."""

    def __init__(self) -> None:
        self._of: dict[str, CheckReadings] = {}

    def of(self, check: str) -> CheckReadings:
        """The readings of a check, to append to while reading."""
        return self._of.setdefault(check, CheckReadings())

    def _known(self, check: str) -> CheckReadings:
        """The readings of a check, to ask; none of a check that nobody read."""
        return self._of.get(check) or CheckReadings()

    def add(self, reading: Reading) -> None:
        """Add one reading of any check; readings may come in any order."""
        listed = self.of(reading.check)
        listed.order = None
        if reading.source or reading.recorded_at is not None:
            listed.provenance[len(listed.packed)] = Provenance(reading.recorded_at, reading.source)
        listed.packed.append(reading.at << BITS | WORDS.index(reading.outcome))
        listed.details.append((reading.reason, reading.metrics) if reading.reason or reading.metrics else None)

    def checks(self) -> Iterable[str]:
        """The ids of all checks of which there is any reading."""
        return self._of

    def runs(self, check: str, gap: int, as_of: int, begin: int = BEGINNING, end: int = END) -> Runs:
        """The check's readings of [begin, end) ms known at `as_of`, as runs broken where a gap exceeds `gap` ms."""
        packed, _ = self._known(check).between(begin, end, as_of)
        seen = packed[(packed & 3) != _NONE]
        return runs_of(seen >> BITS, (seen & 1).astype(bool), gap)

    def samples(self, check: str, begin: int, end: int, as_of: int = END) -> Iterator[Reading]:
        """The check's readings of [begin, end) ms known at `as_of`, in time order, `none` included."""
        listed = self._known(check)
        packed, places = listed.between(begin, end, as_of)
        for one, place in zip(packed.tolist(), places.tolist(), strict=True):
            reason, metrics = _details_of(listed.details[place])
            whence = listed.provenance.get(place, _HERE)
            yield Reading(
                check=check,
                at=one >> BITS,
                outcome=WORDS[one & 3],
                reason=reason,
                metrics=metrics,
                source=whence.source,
                recorded_at=whence.recorded_at,
            )

    def foreign(self, check: str, begin: int, end: int, as_of: int, late: int) -> int:
        """How many of [begin, end) name a source, or were recorded more than `late` ms after their instant.

        Identical ones count once.
        """
        listed = self._known(check)
        packed, places = listed.between(begin, end, as_of)
        if not listed.provenance:
            return 0
        found = {
            (one, whence, *_words_of(listed.details[place]))
            for one, place in zip(packed.tolist(), places.tolist(), strict=True)
            if (whence := listed.provenance.get(place)) is not None
        }
        return sum(
            bool(whence.source) or (whence.recorded_at or one >> BITS) - (one >> BITS) > late
            for one, whence, *_ in found
        )

    def metric(self, check: str, name: str, begin: int, end: int, as_of: int = END) -> MetricReadings:
        """One metric of the check's readings of [begin, end) ms in time order, `none` left out.

        The bytes that the quick reader kept are searched for the one number.
        """
        listed = self._known(check)
        packed, places = listed.between(begin, end, as_of)
        is_outcome = (packed & 3) != _NONE
        packed, places = packed[is_outcome], places[is_outcome]
        number = re.compile(b'"' + re.escape(name.encode()) + b'": ?(' + NUMBER + b")").search
        values = (_number_in(listed.details[place], name, number) for place in places.tolist())
        return MetricReadings(
            packed >> BITS, (packed & 1).astype(bool), np.fromiter(values, dtype=np.float64, count=len(packed))
        )

    def latest_at(self) -> int | None:
        """The latest instant (ms), or stamp, of any reading of any check, `none` included; None without any."""
        instants = [max(each.packed) >> BITS for each in self._of.values() if each.packed]
        stamps = [one.recorded_at for each in self._of.values() for one in each.provenance.values()]
        return max((at for at in (*instants, *stamps) if at is not None), default=None)


def _details_of(details: tuple[Any, Any] | None) -> tuple[str, Mapping[str, Any]]:
    """Reason and metrics; the quick reader keeps them as the bytes of the file."""
    if details is None:
        return "", {}
    reason, metrics = details
    if isinstance(reason, str):
        return reason, metrics
    return (reason or b"").decode(), json.loads(metrics) if metrics else {}


def _words_of(details: tuple[Any, Any] | None) -> tuple[str, str]:
    """Reason and metrics as texts that are equal where they are."""
    reason, metrics = _details_of(details)
    return reason, json.dumps(metrics, sort_keys=True, default=str)


def _number_in(
    details: tuple[Any, Any] | None, name: str, search: Callable[[bytes], re.Match[bytes] | None]
) -> float:
    """The metric of that name; NaN where the reading does not carry it."""
    metrics = None if details is None else details[1]
    if isinstance(metrics, bytes):
        found = search(metrics)
        return np.nan if found is None else float(found[1])
    return float(metrics[name]) if metrics and name in metrics else np.nan
