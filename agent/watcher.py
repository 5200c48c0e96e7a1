"""Follows every check through the readings that are on disk: states, incidents, and what was seen last."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from sla.evidence.topology import downstream
from sla.incidents.detection import gap_of
from sla.incidents.fold import IncidentFold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sla.contract.model import Measurement
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import Asset, Check, Reading
    from sla.evidence.runs import Runs
    from sla.incidents.fold import IncidentChange
    from sla.incidents.incident import Incident

State = Literal["up", "down", "cut_off", "unknown"]
STATES: tuple[State, ...] = get_args(State)
FOREVER = 1 << 53


class Last(NamedTuple):
    """A check's last reading that was not `none`."""

    at: int
    ok: bool
    reason: str


class Past(NamedTuple):
    """What the ledger knows when the agent starts: taken out in the ledger's thread."""

    assets: Mapping[str, Asset]
    checks: Mapping[str, Check]
    runs: Mapping[str, Runs]
    reasons: Mapping[str, str]


def past_of(evidence: Evidence, rules: Measurement) -> Past:
    """Everything that a watcher needs of the evidence so far."""
    runs = {
        check.id: evidence.readings.runs(check.id, gap_of(check, rules), FOREVER)
        for check in evidence.checks.values()
    }
    reasons = {
        name: reading.reason
        for name, found in runs.items()
        if found.runs and not found.runs[-1].ok
        for reading in evidence.readings.samples(name, found.runs[-1].last, found.runs[-1].last + 1)
        if reading.outcome == "fail"
    }
    return Past(evidence.assets, evidence.checks, runs, reasons)


class Watcher:
    """Drives the incident fold with committed readings. Every part of the agent holds the same one."""

    def __init__(self, past: Past, rules: Measurement) -> None:
        self.rules = rules
        self.is_outdated = False
        """The ledger holds readings or definitions that came in past us: `take_up` it again."""
        self._past = past
        self._fold = IncidentFold(past.assets, past.checks, rules)
        self._gaps: dict[str, int] = {}
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
        self._gaps = {name: gap_of(check, self.rules) for name, check in past.checks.items()}
        self._last, self._why, self._blind = {}, dict(past.reasons), {}
        self._reach = {check.asset: check.id for check in past.checks.values() if check.reach}
        self.below = downstream(past.assets)
        self._above = _above(self.below)
        for name, runs in past.runs.items():
            self._fold.preload(name, runs)
            if runs.runs:
                end = runs.runs[-1]
                self._last[name] = Last(end.last, end.ok, past.reasons.get(name, ""))

    @property
    def assets(self) -> Mapping[str, Asset]:
        """Every asset that the ledger knows, by id."""
        return self._past.assets

    @property
    def checks(self) -> Mapping[str, Check]:
        """Every check that the ledger knows, by id; the site may have given some of them up."""
        return self._past.checks

    def observe(self, readings: Iterable[Reading]) -> list[IncidentChange]:
        """Take committed readings, in time order of each check; what they changed about incidents."""
        for reading in readings:
            if reading.outcome == "none":
                self._blind[reading.check] = reading.reason
                continue
            self._blind.pop(reading.check, None)
            ok = reading.outcome == "ok"
            self._fold.observe(reading.check, reading.at, ok=ok)
            self._last[reading.check] = Last(reading.at, ok, reading.reason)
            if not ok:
                self._why[reading.check] = reading.reason
        return self._fold.changed()

    def incident(self, check: str, detected: int) -> Incident | None:
        """The check's incident that was detected then, as it is now; None if it is none any more."""
        return next((each for each in self._fold.incidents(check) if each.detected == detected), None)

    def is_open(self, check: str, detected: int) -> bool:
        """Whether the incident of this check that was detected then is there and not restored yet."""
        incident = self.incident(check, detected)
        return incident is not None and incident.restored is None

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
        if last is None or now - last.at > self._gaps[check]:
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
        """Incidents that are not restored."""
        return [
            each
            for name, last in self._last.items()
            if not last.ok
            for each in self._fold.incidents(name)[-1:]
            if each.restored is None
        ]


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
