"""What the parties said of a stretch of time: claims with their rulings, and maintenance with what it excuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from sla.evidence.intervals import intersection
from sla.evidence.records import Claim, Maintenance
from sla.measure.excuses import (
    is_approved,
    is_maintained,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.evidence.intervals import Interval
    from sla.evidence.records import Ruling
    from sla.measure.analysis import Analysis

Excuse = Literal["yes", "unapproved", "late", "over"]
"""Whether maintenance excuses: not without approval, nor announced too late, nor wholly over the allowance."""


class RuledClaim(NamedTuple):
    """A claim and the ruling that stands on it, None while there is none: then it is not accepted."""

    claim: Claim
    ruling: Ruling | None


class JudgedMaintenance(NamedTuple):
    """Announced maintenance, and whether it excuses any time."""

    work: Maintenance
    excuses: Excuse


def ruled_claims(analysis: Analysis, span: Interval, asset: str | None = None) -> tuple[RuledClaim, ...]:
    """The claims that touch [begin, end), on that asset or on any, by begin and id."""
    standing = analysis.excuses.standing
    found = [
        each
        for each in analysis.known.of(Claim)
        if asset in (None, each.asset) and _touch((each.begin, each.end), span)
    ]
    ordered = sorted(found, key=lambda each: (each.begin, each.id))
    return tuple(RuledClaim(each, standing[each.id].ruling if each.id in standing else None) for each in ordered)


def judged_maintenance(analysis: Analysis, span: Interval, asset: str | None = None) -> tuple[JudgedMaintenance, ...]:
    """The maintenance that touches [begin, end), of that asset or of any, by begin and id.

    With an asset `excuses` says whether time of that asset is excused, else of any asset in its scope.
    """
    assets = analysis.known.assets
    asked = list(assets) if asset is None else [asset]
    found = [
        each
        for each in analysis.known.of(Maintenance)
        if _touch((each.begin, each.end), span) and (asset is None or is_maintained(assets[asset], each))
    ]
    return tuple(
        JudgedMaintenance(each, _excuses(each, asked, analysis))
        for each in sorted(found, key=lambda each: (each.begin, each.id))
    )


def _excuses(work: Maintenance, asked: Iterable[str], analysis: Analysis) -> Excuse:
    excuses = analysis.excuses
    if work not in excuses.works:
        return "late" if is_approved(work, excuses.approved) else "unapproved"
    mine = [asset for asset in asked if is_maintained(analysis.asset(asset), work)]
    if analysis.contract.maintenance.allowance is None or not mine or work.begin == work.end:
        return "yes"
    span = ((work.begin, work.end),)
    return "yes" if any(intersection(excuses.maintained(each)[1], span) for each in mine) else "over"


def _touch(one: Interval, other: Interval) -> bool:
    return one[0] < other[1] and other[0] < one[1]
