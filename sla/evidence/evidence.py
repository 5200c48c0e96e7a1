"""Evidence as a whole (SPEC §1): every record that was put forward, and the readings behind them.

Here a record is right in itself. What contradicts is looked for among what was known at an instant
(`sla.history.known`), so that no later record can undo an earlier report.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from sla.evidence.records import AgentEvent
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import EvidenceError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sla.evidence.metrics import MetricReadings
    from sla.evidence.record_type import R, Record
    from sla.evidence.records import Reading
    from sla.evidence.runs import Runs

Placed = tuple[int, Any]
"""A record behind the number of the line that it stands on."""


class ReadingSource(Protocol):
    """Where readings come from: an evidence file, the ledger's blocks, or a test's list.

    Every question is answered from the readings that were known at `as_of`: those with R and `at` up to it.
    """

    def checks(self) -> Iterable[str]:
        """The ids of all checks of which there is any reading, as they stand there, in no order."""

    def runs(self, check: str, gap: int, as_of: int, begin: int, end: int) -> Runs:
        """The check's readings of [begin, end), as runs broken where a gap exceeds `gap` ms."""

    def samples(self, check: str, begin: int, end: int, as_of: int) -> Iterator[Reading]:
        """The check's readings of [begin, end) in time order, `none` included, with reason and metrics."""

    def metric(self, check: str, name: str, begin: int, end: int, as_of: int) -> MetricReadings:
        """One metric of the check's readings of [begin, end) in time order, `none` left out."""

    def foreign(self, check: str, begin: int, end: int, as_of: int, late: int) -> int:
        """How many of [begin, end) name a source, or were recorded more than `late` ms after their instant."""

    def latest_at(self) -> int | None:
        """The latest instant, or stamp, of any reading of any check, `none` included; None without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything both parties put forward, known or not at any instant.

    `records`: class of a record → all of that class with their lines, in no order; classes of which there is none
    are left out, readings have a source of their own. `source`: the file, or what else it comes from.
    """

    source: str
    records: Mapping[type[Record], tuple[Placed, ...]]
    readings: ReadingSource

    def of(self, record: type[R]) -> tuple[R, ...]:
        """All records of one class, in no order."""
        return tuple(one for _, one in self.records.get(record, ()))

    def without(self, record: type[Record]) -> Evidence:
        """The evidence as if no record of that class had been put forward."""
        return replace(self, records={cls: found for cls, found in self.records.items() if cls is not record})

    def latest_at(self) -> int | None:
        """What `as_of` defaults to (SPEC §10): the latest reading, word of the agent, or stamp of any record.

        None where none of these is there.
        """
        stamps = [one.recorded_at for found in self.records.values() for _, one in found]
        own = [one.at for one in self.of(AgentEvent)]
        return max((at for at in (*stamps, *own, self.readings.latest_at()) if at is not None), default=None)


@dataclass(slots=True)
class Gathering:
    """Takes records one by one, each with the line it stands on, and makes evidence of them."""

    problems: list[Problem] = field(default_factory=list)
    _records: dict[type[Record], list[Placed]] = field(default_factory=dict)
    _seen: dict[tuple[Any, ...], list[Record]] = field(default_factory=dict)

    def add(self, record: Record, line: int) -> None:
        """Take a record that is no reading; identical records count once, by the line of the first."""
        row = type_of(record)
        alike = self._seen.setdefault((row.name, row.recorded(record), row.likeness_of(record)), [])
        if record in alike:
            return
        alike.append(record)
        self._records.setdefault(row.record, []).append((line, record))

    def evidence(self, readings: ReadingSource, source: str) -> Evidence:
        """The evidence; EvidenceError with every problem where there is one."""
        if self.problems:
            raise EvidenceError(source, self.problems)
        records = {cls: tuple(found) for cls, found in self._records.items()}
        return Evidence(source=source, records=records, readings=readings)


def evidence_from(records: Iterable[Record], readings: ReadingSource, source: str = "records") -> Evidence:
    """Evidence of records that are no readings, whose lines count them from 1, and of readings kept elsewhere."""
    gathering = Gathering()
    for line, record in enumerate(records, 1):
        gathering.add(record, line)
    return gathering.evidence(readings, source)
