"""Excused time of an asset (SPEC §4): announced maintenance, accepted claims, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.contract.calendars import local_day, month_span
from sla.evidence.instants import month_of
from sla.evidence.intervals import NEVER, Interval, Intervals, difference, normal, union
from sla.evidence.records import Claim, Maintenance, Ruling
from sla.incidents.detection import spread_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.contract.model import MaintenanceRule
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import Asset
    from sla.incidents.detection import Detection


def standing_rulings(rulings: Iterable[Ruling]) -> dict[str, Ruling]:
    """Claim id → the last ruling on it."""
    return {ruling.claim: ruling for ruling in sorted(rulings, key=lambda ruling: ruling.at)}


def accepted_claims(claims: Iterable[Claim], rulings: Iterable[Ruling]) -> tuple[Claim, ...]:
    """The claims whose last ruling accepts them; one without any ruling is not accepted."""
    standing = standing_rulings(rulings)
    return tuple(claim for claim in claims if claim.id in standing and standing[claim.id].accepted)


def counts_as_maintenance(work: Maintenance, rule: MaintenanceRule) -> bool:
    """Whether maintenance excuses: approved, and announced early enough; without a `notice` key, whenever."""
    return work.approved and (rule.notice is None or work.announced_at <= work.begin - rule.notice)


def within_allowance(spans: Intervals, allowance: int | None, timezone: str) -> Intervals:
    """At most `allowance` of each calendar month, earliest first, in plain time."""
    if allowance is None:
        return spans
    left: dict[str, int] = {}
    kept: list[Interval] = []
    for span in spans:
        for month, begin, end in _by_month(span, timezone):
            used = min(end - begin, left.setdefault(month, allowance))
            left[month] -= used
            kept.append((begin, begin + used))
    return normal(kept)


def _by_month(span: Interval, timezone: str) -> Iterable[tuple[str, int, int]]:
    begin, end = span
    while begin < end:
        month = month_of(local_day(begin, timezone))
        until = min(end, month_span(month, timezone)[1])
        yield month, begin, until
        begin = until


class Excuses:
    """Excused time of every asset of a body of evidence, worked out once."""

    def __init__(self, evidence: Evidence, detection: Detection, rule: MaintenanceRule, timezone: str) -> None:
        """`evidence` is already cut at as_of."""
        self._detection = detection
        self._own = _own_spans(evidence, rule, timezone)
        self._followed: dict[str, Intervals] | None = None

    def own(self, asset: str) -> Intervals:
        """An asset's time excused by maintenance and by accepted claims on the asset itself."""
        return self._own.get(asset, NEVER)

    def following(self, asset: str) -> Intervals:
        """The time in which an asset is cut off, but would not be without the excused failures upstream.

        That is: if no upstream asset's own reach check made it out in that asset's own excused time.
        """
        if self._followed is None:
            self._followed = self._work_out() if self._own else {}
        return self._followed.get(asset, NEVER)

    def of(self, asset: str) -> Intervals:
        """All excused time of an asset: its own, and what follows from upstream."""
        return union(self.own(asset), self.following(asset))

    def _work_out(self) -> dict[str, Intervals]:
        detection = self._detection
        still_cut_off, _ = spread_out(
            detection.assets,
            detection.order,
            lambda name: difference(detection.reach_out(name), self.own(name)),
        )
        followed = {name: difference(detection.cut_off(name), still) for name, still in still_cut_off.items()}
        return {name: spans for name, spans in followed.items() if spans}


def _own_spans(evidence: Evidence, rule: MaintenanceRule, timezone: str) -> dict[str, Intervals]:
    works = [work for work in evidence.of(Maintenance) if counts_as_maintenance(work, rule)]
    claims = accepted_claims(evidence.of(Claim), evidence.of(Ruling))
    spans = {name: _own(asset, works, claims, rule, timezone) for name, asset in evidence.assets.items()}
    return {name: own for name, own in spans.items() if own}


def _own(
    asset: Asset, works: list[Maintenance], claims: tuple[Claim, ...], rule: MaintenanceRule, timezone: str
) -> Intervals:
    maintained = normal((work.begin, work.end) for work in works if work.scope.holds_asset(asset))
    claimed = normal((claim.begin, claim.end) for claim in claims if claim.asset == asset.id)
    return union(within_allowance(maintained, rule.allowance, timezone), claimed)
