"""Incidents as readings come in: the same rules as in hindsight, driven one reading at a time.

`Detection` decides everything; the fold only remembers which checks new readings may have touched,
so that a site on which nothing happens costs nothing. After any number of readings, `incidents`
equals what `sla.judge.judge` finds in the same readings cut at that instant.

What is found live is what was known then: a camera's first fail can stand as an incident until the
next reading of the link that it is behind shows that the link was out. Whoever tells people about
an incident waits for that reading (`agent.alerts.decide`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sla.evidence.intervals import BEGINNING, contains
from sla.incidents.detection import Detection
from sla.incidents.followed import FollowedCheck
from sla.incidents.sides import gap_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sla.contract.model import Measurement
    from sla.evidence.records import Asset, Check
    from sla.history.definitions import DefinitionHistory
    from sla.incidents.incident import Incident
    from sla.incidents.sides import Side

State = Literal["up", "down", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentChange:
    """An incident that is new (`before` None), different, or gone (`after` None) since it was last asked."""

    check: str
    before: Incident | None
    after: Incident | None


class IncidentFold:
    """Follows all checks of a site under one contract's rules of measurement."""

    def __init__(
        self,
        assets: Mapping[str, DefinitionHistory[Asset]],
        checks: Mapping[str, DefinitionHistory[Check]],
        rules: Measurement,
    ) -> None:
        """`assets`, `checks`: newest id → its definitions over time, of the future too (`sla.history.known`)."""
        self._checks = checks
        self._rules = rules
        self._followed = {name: FollowedCheck(check, rules) for name, check in checks.items()}
        self._now = BEGINNING
        self._detection = Detection(assets, checks, rules, lambda check: self._followed[check].sides(self._now))
        turns = ((at, name) for name, check in checks.items() for span in check.service for at in span)
        self._turns = sorted(turns, reverse=True)
        """When which check goes out of service or comes back, the next one last."""
        self._reaching = {
            name for name, check in checks.items() if any(part.definition.reach for part in check.parts)
        }
        self._touched: set[str] = set()
        self._restless: set[str] = set()
        self._failed: set[str] = set()
        self._reported: dict[str, dict[int, Incident]] = {}

    def preload(self, check: str, sides: Sequence[Side]) -> None:
        """Take over what the ledger knows of a check; before any reading of it is observed."""
        self._followed[check].preload(sides)
        if any(side.runs.fails for side in sides):
            self._failed.add(check)
            self._restless.add(check)
            self._touched.add(check)

    def observe(self, check: str, at: int, *, ok: bool) -> None:
        """Take one reading that is not `none`, in time order of its check; outside of its service it is ignored."""
        self._now = max(self._now, at)
        if not self._followed[check].observe(at, ok=ok):
            return
        if not ok:
            self._failed.add(check)
            self._restless.add(check)
        if check in self._restless:
            self._touched.add(check)

    def pass_time(self, now: int) -> None:
        """It is `now` (ms): checks that have gone out of service or come back by then are looked at again."""
        self._now = max(self._now, now)
        while self._turns and self._turns[-1][0] <= self._now:
            _, name = self._turns.pop()
            if name in self._failed:
                self._touched.add(name)

    def changed(self) -> list[IncidentChange]:
        """What became of incidents since this was last called, by detection."""
        self.pass_time(self._now)
        touched, self._touched = self._touched, set()
        self._detection.forget(touched)
        found = [each for check in self._affected(touched) for each in self._changes_of(check)]
        return [change for _, change in sorted(found, key=lambda each: (each[0], each[1].check))]

    def _affected(self, touched: set[str]) -> set[str]:
        """The touched checks, and those with fails that a touched reach check may explain, however old."""
        affected = set(touched)
        for name in touched:
            if name in self._reaching:
                asset = self._checks[name].latest.asset
                for below in (asset, *self._detection.below(asset)):
                    affected.update(self._detection.checks_of(below))
        return affected & self._failed

    def _changes_of(self, check: str) -> list[tuple[int, IncidentChange]]:
        """(when it was detected, what became of it) of every incident of the check that is not as before."""
        before, now = self._reported.get(check, {}), {each.detected: each for each in self.incidents(check)}
        self._reported[check] = now
        if self._is_calm(check, now):
            self._restless.discard(check)
        return [
            (detected, IncidentChange(check=check, before=before.get(detected), after=now.get(detected)))
            for detected in before.keys() | now.keys()
            if before.get(detected) != now.get(detected)
        ]

    def _is_calm(self, check: str, now: Mapping[int, Incident]) -> bool:
        """Whether further ok readings cannot change anything: all closed, and no longer out since the last fail."""
        runs = self._detection.runs(check)[-1]
        last = runs.runs[-1] if runs.runs else None
        rest = self._rules.stable_for + self._rules.settle + runs.gap
        settled = last is not None and last.ok and last.last - last.first > rest
        return settled and all(incident.closed for incident in now.values())

    def incidents(self, check: str) -> tuple[Incident, ...]:
        """The check's incidents so far, in time order, as of the last `changed()`."""
        return self._detection.incidents(check)

    def state(self, check: str, now: int) -> State:
        """What is known of the check at `now`: its last reading, unless that is more than G old."""
        newest = self._followed[check].newest
        if newest is None or now - newest[0] > gap_of(self._checks[check].at(newest[0]), self._rules):
            return "unknown"
        return "up" if newest[1] else "down"

    def cut_off(self, asset: str, at: int) -> bool:
        """Whether what it is behind cuts the asset off at that instant."""
        return contains(self._detection.cut_off(asset), at)

    def out(self, asset: str, at: int) -> bool:
        """Whether the asset is out at that instant, by its own reach check or cut off."""
        return contains(self._detection.out(asset), at)

    def explains(self, incident: Incident) -> tuple[str, ...]:
        """The other checks whose fails it explains."""
        return self._detection.explains(incident)
