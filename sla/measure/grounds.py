"""Why time of an asset is excused (SPEC §4): the claim and its ruling, the maintenance, or what it hangs on.

Judging needs only how much time is excused (`sla.measure.excuses`). A report must say by whose word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from sla.evidence.intervals import Intervals, difference, intersection, measure, normal
from sla.evidence.records import Claim, Maintenance, Ruling
from sla.measure.excuses import accepted_claims, counts_as_maintenance, standing_rulings, within_allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.measure.analysis import Analysis


class Ground(NamedTuple):
    """One reason, and the time that it excuses of one asset.

    `id`: the claim's or the maintenance's; `by`, `at`: who ruled a claim, when, or when the maintenance
    was announced; `via`: the upstream asset whose excuse it is, or "".
    """

    kind: Literal["claim", "maintenance"]
    id: str
    by: str
    at: int
    via: str
    spans: Intervals


class Grounds:
    """The grounds of every asset of one analysis, each worked out when asked for."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        evidence, rule = analysis.evidence, analysis.contract.maintenance
        self._rulings = standing_rulings(evidence.of(Ruling))
        self._claims = accepted_claims(evidence.of(Claim), evidence.of(Ruling))
        self._works = [work for work in evidence.of(Maintenance) if counts_as_maintenance(work, rule)]
        self._known: dict[str, tuple[Ground, ...]] = {}

    def of(self, asset: str) -> tuple[Ground, ...]:
        """The grounds that excuse an asset, by begin; together they are the asset's excused time."""
        if asset not in self._known:
            found = [*self._own(asset), *self._followed(asset)] if self._analysis.excuses.of(asset) else []
            self._known[asset] = tuple(sorted(found, key=lambda ground: (ground.spans, ground.kind, ground.id)))
        return self._known[asset]

    def excusing(self, asset: str, service: Intervals) -> tuple[tuple[Ground, int], ...]:
        """(ground, milliseconds of these stretches that it excuses) of those that excuse any, in the order of `of`.

        Grounds can overlap, so the sum may be more than what is excused.
        """
        found = ((ground, measure(intersection(ground.spans, service))) for ground in self.of(asset))
        return tuple((ground, length) for ground, length in found if length)

    def _own(self, asset: str) -> Iterator[Ground]:
        analysis = self._analysis
        for claim in self._claims:
            if claim.asset == asset and claim.begin < claim.end:
                ruling = self._rulings[claim.id]
                yield Ground("claim", claim.id, ruling.by, ruling.at, "", ((claim.begin, claim.end),))
        works = [work for work in self._works if work.scope.holds_asset(analysis.evidence.assets[asset])]
        maintained = normal((work.begin, work.end) for work in works)
        allowed = within_allowance(maintained, analysis.contract.maintenance.allowance, analysis.contract.timezone)
        for work in works:
            spans = intersection(allowed, normal([(work.begin, work.end)]))
            if spans:
                yield Ground("maintenance", work.id, "", work.announced_at, "", spans)

    def _followed(self, asset: str) -> Iterator[Ground]:
        """What upstream excuses it: their own grounds, as far as they fall into this asset's excused time."""
        excuses = self._analysis.excuses
        followed = difference(excuses.following(asset), excuses.own(asset))
        if not followed:
            return
        for name in sorted(self._upstream(asset)):
            for ground in self._own(name):
                spans = intersection(ground.spans, followed)
                if spans:
                    yield ground._replace(via=name, spans=spans)

    def _upstream(self, asset: str) -> set[str]:
        assets = self._analysis.evidence.assets
        found: set[str] = set()
        ahead = [asset]
        while ahead:
            behind = assets[ahead.pop()]
            fresh = {*behind.behind, *behind.behind_any} - found
            found |= fresh
            ahead += fresh
        return found
