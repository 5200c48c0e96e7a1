"""Evidence as a whole (SPEC §1): records that fit together, and the readings behind them.

`evidence_from` is where records meet: it refuses contradictions (all of them at once), so that
everything behind it may take ids, references and the order of assets for granted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from sla.evidence.record_json import record_from_json, record_to_json, record_type
from sla.evidence.records import (
    Acknowledged,
    AgentEvent,
    Arrived,
    Asset,
    Check,
    Claim,
    Delivered,
    Diagnosed,
    Inspection,
    Maintenance,
    Notified,
    Reading,
    Record,
    Replaced,
    Ruling,
    Scored,
    Settled,
)
from sla.evidence.topology import circle_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sla.evidence.metrics import MetricReadings
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
    """Everything both parties put forward. Other records than assets and checks are in no order."""

    assets: Mapping[str, Asset]
    checks: Mapping[str, Check]
    readings: ReadingSource
    notified: tuple[Notified, ...] = ()
    acknowledged: tuple[Acknowledged, ...] = ()
    arrived: tuple[Arrived, ...] = ()
    claims: tuple[Claim, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    inspections: tuple[Inspection, ...] = ()
    delivered: tuple[Delivered, ...] = ()
    diagnosed: tuple[Diagnosed, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    scored: tuple[Scored, ...] = ()
    settled: tuple[Settled, ...] = ()
    agent_events: tuple[AgentEvent, ...] = ()

    def upto(self, as_of: int) -> Evidence:
        """What was known at `as_of`: records said later are forgotten (SPEC §10). Readings are cut by the reader."""
        kept: dict[str, Any] = {name: tuple(r for r in getattr(self, name) if said_at(r) <= as_of) for name in _DATED}
        return replace(self, **kept)

    def latest_at(self) -> int | None:
        """The latest `at` or `announced_at` of all, which is what `as_of` defaults to; None without any."""
        instants = [said_at(record) for name in _DATED for record in getattr(self, name)]
        latest = self.readings.latest_at()
        return max(instants if latest is None else [*instants, latest], default=None)


_FIELD_OF: Mapping[type, str] = {
    Notified: "notified",
    Acknowledged: "acknowledged",
    Arrived: "arrived",
    Claim: "claims",
    Ruling: "rulings",
    Maintenance: "maintenance",
    Inspection: "inspections",
    Delivered: "delivered",
    Diagnosed: "diagnosed",
    Replaced: "replaced",
    Scored: "scored",
    Settled: "settled",
    AgentEvent: "agent_events",
}
_DATED = tuple(_FIELD_OF.values())


def said_at(record: Record) -> int:
    """When a dated record was said: its `at`, or `announced_at`."""
    return record.announced_at if isinstance(record, Maintenance) else record.at  # type: ignore[union-attr]


@dataclass(slots=True)
class Gathering:
    """Takes records one by one, each with the line it stands on, and makes evidence of them."""

    problems: list[Problem] = field(default_factory=list)
    _records: dict[type, list[Any]] = field(default_factory=lambda: {cls: [] for cls in _FIELD_OF})
    _assets: dict[str, Asset] = field(default_factory=dict)
    _checks: dict[str, Check] = field(default_factory=dict)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)
    _named: dict[tuple[str, str], Record] = field(default_factory=dict)
    _references: list[tuple[int, str, str, str]] = field(default_factory=list)
    _read: dict[str, int] = field(default_factory=dict)

    def add(self, record: Record, line: int) -> None:
        """Take a record that is no reading; the same record said twice counts once."""
        name = _identity(record)
        if name is not None and not self._is_new(name, record, line):
            return
        if isinstance(record, Asset):
            self._assets[record.id] = record
        elif isinstance(record, Check):
            self._checks[record.id] = record
        else:
            self._records[type(record)].append(record)
        self._references += [(line, *reference) for reference in _references(record)]

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
        self._check_references()
        self._check_reach()
        self._check_circle()
        if self.problems:
            raise EvidenceError(source, self.problems)
        lists = {_FIELD_OF[cls]: tuple(records) for cls, records in self._records.items()}
        return Evidence(assets=self._assets, checks=self._checks, readings=readings, **lists)

    def _check_references(self) -> None:
        known: Mapping[str, Callable[[str], bool]] = {
            "asset": self._assets.__contains__,
            "check": self._checks.__contains__,
            "claim": lambda claim: ("claim", claim) in self._named,
            "diagnosis": lambda diagnosis: ("diagnosed", diagnosis) in self._named,
        }
        readings = ((line, "check", "check", check) for check, line in self._read.items())
        for line, key, kind, name in (*self._references, *readings):
            if not known[kind](name):
                self.problems.append(Problem(line, f"{key}: no {kind} {name!r} in this evidence"))

    def _check_reach(self) -> None:
        reaching: dict[str, str] = {}
        for check in self._checks.values():
            if check.reach and (other := reaching.setdefault(check.asset, check.id)) != check.id:
                reason = f"reach: asset {check.asset!r} has the reach checks {other!r} and {check.id!r}; at most one"
                self.problems.append(Problem(self._lines["check", check.id], reason))

    def _check_circle(self) -> None:
        circle = circle_in(self._assets)
        if circle:
            reason = "behind: a circle, " + " behind ".join(circle)
            self.problems.append(Problem(self._lines["asset", circle[0]], reason))


def _identity(record: Record) -> tuple[str, str] | None:
    """What may be said only once, or only in the same words."""
    if isinstance(record, Asset | Check | Claim | Maintenance | Inspection | Delivered | Diagnosed):
        return record_type(record), record.id
    if isinstance(record, Ruling):
        return "ruling at one instant on claim", f"{record.claim} at {record.at}"
    if isinstance(record, Scored):
        return "scored record at one instant of plan", f"{record.plan} for {record.month} at {record.at}"
    if isinstance(record, Settled):
        return "settled record at one instant of month", f"{record.month} at {record.at}"
    return None


def _references(record: Record) -> Iterator[tuple[str, str, str]]:
    """(key, kind, id) of all that a record points to."""
    if isinstance(record, Asset):
        yield from (("behind", "asset", one) for one in record.behind)
        yield from (("behind_any", "asset", one) for one in record.behind_any)
    elif isinstance(record, Check | Claim | Diagnosed):
        yield "asset", "asset", record.asset
    elif isinstance(record, Notified | Acknowledged | Arrived):
        yield "check", "check", record.check
    elif isinstance(record, Ruling):
        yield "claim", "claim", record.claim
    elif isinstance(record, Replaced):
        yield "diagnosis", "diagnosis", record.diagnosis
    elif isinstance(record, Inspection):
        yield from (("covers", "asset", one) for one in record.covers)


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
