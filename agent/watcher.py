"""Follows every check through the readings that are on disk: states, incidents, and what was seen last."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from sla.evidence.intervals import END
from sla.history.known import known
from sla.history.topology import downstream
from sla.incidents.fold import IncidentFold
from sla.incidents.sides import gap_of, sides_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sla.contract.model import Contract, Measurement
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import Asset, Check, Reading
    from sla.history.definitions import D, DefinitionHistory
    from sla.incidents.fold import IncidentChange
    from sla.incidents.incident import Incident
    from sla.incidents.sides import Side

State = Literal["up", "down", "cut_off", "unknown"]
STATES: tuple[State, ...] = get_args(State)


class Last(NamedTuple):
    """A check's last reading that was not `none`."""

    at: int
    ok: bool
    reason: str


class Past(NamedTuple):
    """What the ledger knows at `now` (ms, the agent's time): taken out in the ledger's thread.

    `assets`, `checks`: newest id → definitions over time. `names`: any id of a check → its newest one. `sides`:
    newest id → the check's readings. `reasons`: of those that fail now, why.
    """

    now: int
    assets: Mapping[str, DefinitionHistory[Asset]]
    checks: Mapping[str, DefinitionHistory[Check]]
    names: Mapping[str, str]
    sides: Mapping[str, tuple[Side, ...]]
    reasons: Mapping[str, str]


def past_of(evidence: Evidence, contract: Contract | None, rules: Measurement, now: int) -> Past:
    """Everything that a watcher needs of the evidence at `now` (ms); every definition in it counts as known.

    Definitions that were put on record this moment bear a stamp that may be a hair later than the agent's time.
    """
    found = known(evidence, contract, END)
    sides = {name: sides_of(evidence.readings, check, rules, now) for name, check in found.checks.items()}
    reasons = {
        name: reading.reason
        for name, last in ((name, _last_of(each)) for name, each in sides.items())
        if last is not None and not last.ok
        for each in found.checks[name].ids
        for reading in evidence.readings.samples(each, last.at, last.at + 1, now)
        if reading.outcome == "fail"
    }
    return Past(now, found.assets, found.checks, found.lines["check"].newest, sides, reasons)


def _last_of(sides: Sequence[Side]) -> Last | None:
    """The last reading that was not `none`, without its reason; None without any."""
    runs = [run for side in sides for run in side.runs.runs[-1:]]
    return Last(runs[-1].last, runs[-1].ok, "") if runs else None


class Watcher:
    """Drives the incident fold with committed readings. Every part of the agent holds the same one."""

    def __init__(self, past: Past, rules: Measurement) -> None:
        self.rules = rules
        self.is_outdated = False
        """The ledger holds readings or definitions that came in past us: `take_up` it again."""
        self._past = past
        self._fold = IncidentFold(past.assets, past.checks, rules)
        self._assets: dict[str, Asset] = {}
        self._checks: dict[str, Check] = {}
        self._changes_at: int | None = None
        self._last: dict[str, Last] = {}
        self._why: dict[str, str] = {}
        self._blind: dict[str, str] = {}
        self._reach: dict[str, str] = {}
        self.below: dict[str, frozenset[str]] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self.take_up(past)

    def take_up(self, past: Past) -> None:
        """Follow from here on what the ledger knows; the next `observe` gives every incident of it as changed."""
        self._past = past
        self.is_outdated = False
        self._fold = IncidentFold(past.assets, past.checks, self.rules)
        self._last, self._why, self._blind = {}, dict(past.reasons), {}
        self._see_definitions(past.now)
        for name, sides in past.sides.items():
            self._fold.preload(name, sides)
            last = _last_of(sides)
            if last is not None:
                self._last[name] = last._replace(reason=past.reasons.get(name, ""))
        self._fold.pass_time(past.now)

    def _see_definitions(self, now: int) -> None:
        """Go by the definitions that govern at `now`, until the next of them begins or ends."""
        past = self._past
        self._assets = {name: each.at(now) for name, each in past.assets.items()}
        self._checks = {name: each.at(now) for name, each in past.checks.items()}
        self._reach = {
            check.asset: name for name, check in self._checks.items() if check.reach and self.serves(name, now)
        }
        self.below = downstream(past.assets)
        self._above = _above(self.below)
        edges = [*_edges(past.assets.values()), *_edges(past.checks.values())]
        self._changes_at = min((edge for edge in edges if now < edge < END), default=None)

    @property
    def assets(self) -> Mapping[str, Asset]:
        """Every asset that the ledger knows, by its newest id, as it is defined now."""
        return self._assets

    @property
    def checks(self) -> Mapping[str, Check]:
        """Every check that the ledger knows, by its newest id, as it is defined now; some may be out of service."""
        return self._checks

    def serves(self, check: str, at: int) -> bool:
        """Whether the check is in service at that instant (ms)."""
        return check in self._past.checks and self._past.checks[check].serves(at)

    def is_due(self, now: int) -> bool:
        """Whether a service or a definition has begun or ended since this was last asked to `observe`."""
        return self._changes_at is not None and self._changes_at <= now

    def observe(self, readings: Iterable[Reading], now: int | None = None) -> list[IncidentChange]:
        """Take committed readings, in time order of each check; what they, or time, changed about incidents.

        `now`: the agent's time, ms; None: when the past was taken up.
        """
        for reading in readings:
            self._take(self._past.names.get(reading.check, reading.check), reading)
        if now is not None:
            self._fold.pass_time(now)
            if self.is_due(now):
                self._see_definitions(now)
        return self._fold.changed()

    def _take(self, check: str, reading: Reading) -> None:
        if check not in self._past.checks:
            return
        if reading.outcome == "none":
            self._blind[check] = reading.reason
            return
        self._blind.pop(check, None)
        if not self.serves(check, reading.at):
            return
        ok = reading.outcome == "ok"
        self._fold.observe(check, reading.at, ok=ok)
        self._last[check] = Last(reading.at, ok, reading.reason)
        if not ok:
            self._why[check] = reading.reason

    def incidents(self, check: str) -> Sequence[Incident]:
        """The check's incidents so far, in time order."""
        return self._fold.incidents(check)

    def incident(self, check: str, detected: int) -> Incident | None:
        """The check's incident that was detected then, as it is now; None if it is none any more."""
        return next((each for each in self._fold.incidents(check) if each.detected == detected), None)

    def is_open(self, check: str, detected: int) -> bool:
        """Whether the incident of this check that was detected then is there, and not restored or withdrawn yet."""
        incident = self.incident(check, detected)
        return incident is not None and incident.over_at is None

    def last(self, check: str) -> Last | None:
        """The check's last reading that was not `none`."""
        return self._last.get(check)

    def why(self, check: str) -> str:
        """The reason of the check's last fail; empty if it never failed."""
        return self._why.get(check, "")

    def why_unseen(self, check: str) -> str:
        """Why the check's last reading was `none`; empty if it was not."""
        return self._blind.get(check, "")

    def reach_checks_above(self, check: str) -> list[str]:
        """The reach checks by which a fail of this check could be explained."""
        asset, is_reach = self.checks[check].asset, self.checks[check].reach
        names = self._above[asset] if is_reach else (*self._above[asset], asset)
        return [self._reach[name] for name in names if name in self._reach]

    def failing_below(self, check: str) -> list[str]:
        """The failing checks that wait for this reach check's asset to return."""
        asset = self.checks[check].asset
        assets = {asset, *self.below[asset]}
        return [
            name
            for name, last in self._last.items()
            if not last.ok and name != check and self.checks[name].asset in assets
        ]

    def cut_off_by(self, incident: Incident) -> tuple[Asset, ...]:
        """The assets behind this incident's that were cut off at its last fail, if its check is the one of reach."""
        check = self.checks[incident.check]
        if not check.reach:
            return ()
        names = sorted(self.below[check.asset])
        return tuple(self.assets[name] for name in names if self._fold.cut_off(name, incident.last_fail))

    def is_cut_off(self, asset: str, at: int) -> bool:
        """Whether the asset is cut off at that instant."""
        return self._fold.cut_off(asset, at)

    def state(self, check: str, now: int) -> State:
        """What is known of the check: its last reading unless more than G old; `cut_off` while that explains it."""
        last = self._last.get(check)
        if last is None or now - last.at > gap_of(self._past.checks[check].at(last.at), self.rules):
            return "unknown"
        if last.ok:
            return "up"
        found = self.checks[check]
        explained = self._fold.cut_off if found.reach else self._fold.out
        return "cut_off" if explained(found.asset, last.at) else "down"

    def counts(self, checks: Iterable[str], now: int) -> dict[str, int]:
        """How many of these checks are in each state at `now`, in the agent's time."""
        return counts_of(self.state(check, now) for check in checks)

    def open_incidents(self) -> Sequence[Incident]:
        """Incidents that are neither restored nor withdrawn."""
        return [
            each
            for name, last in self._last.items()
            if not last.ok
            for each in self._fold.incidents(name)[-1:]
            if each.over_at is None
        ]


def _edges(histories: Iterable[DefinitionHistory[D]]) -> Iterable[int]:
    """When a definition or a service begins or ends."""
    for each in histories:
        yield from (part.begin for part in each.parts)
        yield from (edge for span in each.service for edge in span)


def counts_of(states: Iterable[State]) -> dict[str, int]:
    """How often each state is among these; states that are not among them too."""
    found = Counter(states)
    return {state: found[state] for state in STATES}


def _above(below: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Asset → every asset that it is behind, through any number of steps."""
    above: dict[str, list[str]] = {name: [] for name in below}
    for name, behind in below.items():
        for each in behind:
            above[each].append(name)
    return {name: tuple(sorted(names)) for name, names in above.items()}
