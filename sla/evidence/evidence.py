"""Evidence as a whole (SPEC §1): records that fit together, and the readings behind them.

`evidence_from` is where records meet: it refuses contradictions (all of them at once), so that
everything behind it may take ids, references and the order of assets for granted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from config.text.sentence import Sentence
from sla.evidence.records import Asset, Check
from sla.evidence.records.registry import RECORDS, type_of
from sla.evidence.refusals import EvidenceError, Problem
from sla.evidence.topology import circle_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from config.text.sentence import Value
    from sla.evidence.metrics import MetricReadings
    from sla.evidence.record_type import R, Record
    from sla.evidence.records import Reading
    from sla.evidence.runs import Runs

__all__ = [
    "Evidence",
    "ReadingSource",
    "evidence_from",
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
        """The evidence as if no record of that class had been put forward."""
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
    _lines: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _named: dict[tuple[Any, ...], Record] = field(default_factory=dict)
    _references: list[tuple[int, str, str, str]] = field(default_factory=list)
    _read: dict[str, int] = field(default_factory=dict)

    def add(self, record: Record, line: int) -> None:
        """Take a record that is no reading; the same record said twice counts once."""
        row = type_of(record)
        name = row.identity_of(record)
        if name is not None and not self._is_new(name, record, line):
            return
        self._records.setdefault(row.record, []).append(record)
        self._references += [(line, *reference) for reference in row.references(record)]

    def refer(self, check: str, line: int) -> None:
        """Say that line has a reading of that check; the first line of each check is remembered."""
        self._read.setdefault(check, line)

    def _is_new(self, name: tuple[Any, ...], record: Record, line: int) -> bool:
        before = self._named.get(name)
        if before is None:
            self._named[name], self._lines[name] = record, line
            return True
        if before != record:
            self._refuse(
                line,
                "{what} contradicts the one on line {line}; both are refused",
                what=type_of(record).shown(record),
                line=self._lines[name],
            )
        return False

    def _refuse(self, at_line: int, template: str, /, **values: Value) -> None:
        self.problems.append(Problem(at_line, Sentence(template, **values)))

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
                self._refuse(line, "{key}: no {kind} {name} in this evidence", key=key, kind=noun, name=repr(name))

    def _check_reach(self, checks: Mapping[str, Check]) -> None:
        reaching: dict[str, str] = {}
        for check in checks.values():
            if check.reach and (other := reaching.setdefault(check.asset, check.id)) != check.id:
                self._refuse(
                    self._lines["check", check.id],
                    "reach: asset {asset} has the reach checks {one} and {other}; at most one",
                    asset=repr(check.asset),
                    one=repr(other),
                    other=repr(check.id),
                )

    def _check_circle(self, assets: Mapping[str, Asset]) -> None:
        circle = circle_in(assets)
        if circle:
            shown = " behind ".join(circle)
            self._refuse(self._lines["asset", circle[0]], "behind: a circle, {circle}", circle=shown)


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
