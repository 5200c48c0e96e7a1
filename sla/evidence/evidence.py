"""Evidence as a whole (SPEC §1): records that fit together, and the readings behind them.

`evidence_from` is where records meet: it refuses contradictions (all of them at once), so that
everything behind it may take ids, references and the order of assets for granted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from sla.evidence.record_json import record_from_json, record_to_json
from sla.evidence.records import Asset, Check
from sla.evidence.records.registry import RECORDS, type_of
from sla.evidence.topology import circle_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sla.evidence.metrics import MetricReadings
    from sla.evidence.record_type import R, Record
    from sla.evidence.records import Reading
    from sla.evidence.runs import Runs

__all__ = [
    "Evidence",
    "EvidenceError",
    "Problem",
    "ReadingSource",
    "evidence_from",
    "record_from_json",
    "record_to_json",
]


class ReadingSource(Protocol):
    """Where readings come from: an evidence file, the ledger's blocks, or a test's list."""

    def runs(self, check: str, gap: int, until: int) -> Runs:
        """The check's readings up to and with `until`, as runs broken where a gap exceeds `gap` ms."""

    def samples(self, check: str, begin: int, end: int) -> Iterator[Reading]:
        """The check's readings of [begin, end) in time order, `none` included, with reason and metrics."""

    def metric(self, check: str, name: str, begin: int, end: int) -> MetricReadings:
        """One metric of the check's readings of [begin, end) in time order, `none` left out."""

    def latest_at(self) -> int | None:
        """The instant of the latest reading of any check, `none` included."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with evidence: the line of the file (or the number of the record), and why."""

    line: int
    reason: str


class EvidenceError(ValueError):
    """Malformed or contradictory evidence; nothing of it is taken. `problems` are in line order."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(f"{source}:{each.line}: {each.reason}" for each in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything both parties put forward.

    `assets` and `checks`: by id, as they are defined. `records`: class of a record → all of that class, in no
    order; classes of which there is none are left out.
    """

    assets: Mapping[str, Asset]
    checks: Mapping[str, Check]
    readings: ReadingSource
    records: Mapping[type[Record], tuple[Any, ...]]

    def of(self, record: type[R]) -> tuple[R, ...]:
        """All records of one class, in no order. Assets, checks and readings have fields of their own."""
        return self.records.get(record, ())

    def without(self, record: type[Record]) -> Evidence:
        """The same evidence as if no record of that class had been put forward."""
        return replace(self, records={cls: found for cls, found in self.records.items() if cls is not record})

    def upto(self, as_of: int) -> Evidence:
        """What was known at `as_of`: later records are forgotten (SPEC §10). Readings are cut by their reader."""
        known = {
            cls: tuple(one for one in found if (at := type_of(one).known_from(one)) is None or at <= as_of)
            for cls, found in self.records.items()
        }
        return replace(self, records={cls: found for cls, found in known.items() if found})

    def latest_at(self) -> int | None:
        """The latest instant at which anything became known, readings included, which is what `as_of` defaults to.

        None where neither a dated record nor a reading is there.
        """
        instants = [type_of(one).known_from(one) for found in self.records.values() for one in found]
        return max((at for at in (*instants, self.readings.latest_at()) if at is not None), default=None)


@dataclass(slots=True)
class Gathering:
    """Takes records one by one, each with the line it stands on, and makes evidence of them."""

    problems: list[Problem] = field(default_factory=list)
    _records: dict[type[Record], list[Any]] = field(default_factory=dict)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)
    _named: dict[tuple[str, str], Record] = field(default_factory=dict)
    _references: list[tuple[int, str, str, str]] = field(default_factory=list)
    _read: dict[str, int] = field(default_factory=dict)

    def add(self, record: Record, line: int) -> None:
        """Take a record that is no reading; the same record said twice counts once."""
        row = type_of(record)
        name = None if row.identity is None else row.identity(record)
        if name is not None and not self._is_new(name, record, line):
            return
        self._records.setdefault(row.record, []).append(record)
        self._references += [(line, *reference) for reference in row.references(record)]

    def refer(self, check: str, line: int) -> None:
        """Say that line has a reading of that check; the first line of each check is remembered."""
        self._read.setdefault(check, line)

    def _is_new(self, name: tuple[str, str], record: Record, line: int) -> bool:
        before = self._named.get(name)
        if before is None:
            self._named[name], self._lines[name] = record, line
            return True
        if before != record:
            reason = f"{name[0]} {name[1]} contradicts the one on line {self._lines[name]}; both are refused"
            self.problems.append(Problem(line, reason))
        return False

    def evidence(self, readings: ReadingSource, source: str) -> Evidence:
        """The evidence; EvidenceError with every problem where there is one."""
        records = {cls: tuple(found) for cls, found in self._records.items()}
        assets: dict[str, Asset] = {asset.id: asset for asset in records.pop(Asset, ())}
        checks: dict[str, Check] = {check.id: check for check in records.pop(Check, ())}
        self._check_references()
        self._check_reach(checks)
        self._check_circle(assets)
        if self.problems:
            raise EvidenceError(source, self.problems)
        return Evidence(assets=assets, checks=checks, readings=readings, records=records)

    def _check_references(self) -> None:
        readings = ((line, "check", "check", check) for check, line in self._read.items())
        for line, key, wanted, name in (*self._references, *readings):
            if (wanted, name) not in self._named:
                noun = RECORDS[wanted].noun or wanted
                self.problems.append(Problem(line, f"{key}: no {noun} {name!r} in this evidence"))

    def _check_reach(self, checks: Mapping[str, Check]) -> None:
        reaching: dict[str, str] = {}
        for check in checks.values():
            if check.reach and (other := reaching.setdefault(check.asset, check.id)) != check.id:
                reason = f"reach: asset {check.asset!r} has the reach checks {other!r} and {check.id!r}; at most one"
                self.problems.append(Problem(self._lines["check", check.id], reason))

    def _check_circle(self, assets: Mapping[str, Asset]) -> None:
        circle = circle_in(assets)
        if circle:
            reason = "behind: a circle, " + " behind ".join(circle)
            self.problems.append(Problem(self._lines["asset", circle[0]], reason))


def evidence_from(records: Iterable[Record], readings: ReadingSource, source: str = "records") -> Evidence:
    """Evidence of records that are no readings, and of readings kept elsewhere.

    Raises EvidenceError, whose lines count the records from 1, for contradictions: an id said twice
    in different words, two rulings on one claim (two settlements of one month, two scores of one) at one instant,
    a reference to what is not there, two reach checks of one asset, a circle in `behind`.
    """
    gathering = Gathering()
    for line, record in enumerate(records, 1):
        gathering.add(record, line)
    return gathering.evidence(readings, source)
