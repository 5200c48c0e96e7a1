"""Why time of an asset is excused (SPEC §4): the claim and its ruling, the maintenance, or what it hangs on.

Judging needs only how much time is excused (`sla.measure.excuses`). A report must say by whose word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from sla.evidence.intervals import NEVER, Intervals, clip, difference, intersection, measure
from sla.history.topology import ever_upstream
from sla.measure.excuses import (
    claimed_span,
    is_maintained,
)

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
        excuses = analysis.excuses
        for claim in excuses.claims:
            span, ruling = claimed_span(claim), excuses.standing[claim.id].ruling
            if claim.asset == asset and span[0] < span[1] and ruling is not None:
                yield Ground("claim", claim.id, ruling.by, ruling.at, "", (span,))
        _, allowed = excuses.maintained(asset)
        for work in excuses.works:
            mine = is_maintained(analysis.asset(asset), work)
            spans = clip(allowed, work.begin, work.end) if mine else NEVER
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
        above = ever_upstream(self._analysis.known.assets)
        found: set[str] = set()
        ahead = [asset]
        while ahead:
            fresh = above[ahead.pop()] - found
            found |= fresh
            ahead += fresh
        return found
