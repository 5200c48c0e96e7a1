"""Excused time of an asset (SPEC §4): announced maintenance, accepted claims, and what follows from them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sla.contract.calendars import local_day, month_span
from sla.evidence.instants import month_of
from sla.evidence.intervals import NEVER, Interval, Intervals, difference, normal, union
from sla.evidence.records import Approved, Claim, Maintenance, Ruling
from sla.evidence.records.registry import type_of
from sla.incidents.detection import spread_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sla.contract.model import MaintenanceRule
    from sla.evidence.records import Asset
    from sla.history.definitions import DefinitionHistory
    from sla.history.known import Known
    from sla.incidents.detection import Detection


class Standing(NamedTuple):
    """What stands of the rulings on a claim: the last one that is not too late, None without any; whether one is."""

    ruling: Ruling | None
    has_late: bool


def claimed_span(claim: Claim) -> Interval:
    """What a claim can excuse: [from, to), up to the claim's own R, as nothing is claimed in advance."""
    return claim.begin, min(claim.end, type_of(claim).recorded(claim))


def settled_at(known: Known, span: Interval) -> int | None:
    """When (ms) the last month that a span touches was settled; None while it is not, or for an empty span."""
    settlements = known.settlements
    if settlements is None or span[0] >= span[1]:
        return None
    return settlements.at(month_of(local_day(span[1] - 1, settlements.timezone)))


def standing_rulings(known: Known) -> Mapping[str, Standing]:
    """Claim id → what stands of the rulings on it (SPEC §1, §4); claims without a ruling are left out.

    A ruling that comes after the settlement of what the claim is about changes nothing that was ruled before it; nor
    does whoever takes such a ruling back.
    """
    rulings: dict[str, list[Ruling]] = defaultdict(list)
    withdrawn: dict[str, list[tuple[Ruling, int]]] = defaultdict(list)
    for ruling in known.of(Ruling):
        rulings[ruling.claim].append(ruling)
    for correction in known.corrections:
        if isinstance(correction.record, Ruling):
            at = type_of(correction.by).recorded(correction.by)
            withdrawn[correction.record.claim].append((correction.record, at))
    claims = {claim.id: claim for claim in known.of(Claim)}
    named = [name for name in (*rulings, *withdrawn) if name in claims]
    return {name: _standing(known, claims[name], rulings[name], withdrawn[name]) for name in dict.fromkeys(named)}


def _standing(
    known: Known, claim: Claim, rulings: Sequence[Ruling], withdrawn: Sequence[tuple[Ruling, int]]
) -> Standing:
    claimed_at = type_of(claim).recorded(claim)
    counted = [each for each in rulings if _order(each)[0] >= claimed_at]
    settled = settled_at(known, claimed_span(claim))
    if settled is not None:
        back_later = [each for each, at in withdrawn if at > settled and _order(each)[0] >= claimed_at]
        then = [each for each in (*counted, *back_later) if _known_at(each, settled)]
        if then:
            stands = max(then, key=_order)
            return Standing(stands, len(then) < len(counted) + len(back_later) or stands in back_later)
    return Standing(max(counted, key=_order, default=None), has_late=False)


def _order(ruling: Ruling) -> tuple[int, int]:
    """R, then `at`: the last one stands."""
    return type_of(ruling).recorded(ruling), ruling.at


def _known_at(record: Ruling | Approved, at: int) -> bool:
    return type_of(record).known_from(record) <= at


def accepted_claims(known: Known, standing: Mapping[str, Standing]) -> tuple[Claim, ...]:
    """The claims whose standing ruling accepts them; one without any ruling is not accepted."""
    return tuple(
        claim
        for claim in known.of(Claim)
        if claim.id in standing and (ruling := standing[claim.id].ruling) is not None and ruling.accepted
    )


class Approvals(NamedTuple):
    """The ids of maintenance that an `approved` record approves in time, and of what one approves too late."""

    in_time: frozenset[str]
    late: frozenset[str]


def approvals(known: Known) -> Approvals:
    """What `approved` records approve: one after the settlement of the last month of the window comes too late."""
    windows = {work.id: (work.begin, work.end) for work in known.of(Maintenance)}
    in_time: set[str] = set()
    late: set[str] = set()
    for each in known.of(Approved):
        if each.maintenance in windows:
            settled = settled_at(known, windows[each.maintenance])
            is_late = settled is not None and type_of(each).recorded(each) > settled
            (late if is_late else in_time).add(each.maintenance)
    return Approvals(frozenset(in_time), frozenset(late - in_time))


def is_approved(work: Maintenance, approved: Approvals) -> bool:
    """Whether maintenance is approved, by itself or by a record that came in time."""
    return work.approved or work.id in approved.in_time


def announced_at(work: Maintenance) -> int:
    """When (ms) maintenance counts as announced: the later of what it says and its R."""
    return max(work.announced_at, type_of(work).recorded(work))


def counts_as_maintenance(work: Maintenance, rule: MaintenanceRule, approved: Approvals) -> bool:
    """Whether maintenance excuses: approved, and announced early enough; without a `notice` key, whenever."""
    return is_approved(work, approved) and (rule.notice is None or announced_at(work) <= work.begin - rule.notice)


def is_maintained(asset: DefinitionHistory[Asset], work: Maintenance) -> bool:
    """Whether the window's scope holds the asset, by the definition that governs when the window begins."""
    definition = asset.governing(work.begin)
    return definition is not None and work.scope.holds_asset(definition)


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
    """Excused time of every asset of a body of evidence, and what it comes from, worked out once.

    `standing`: claim → what stands of the rulings on it; `claims`: those accepted. `approved`: what records of that
    type approve; `works`: the maintenance that excuses, approved and announced early enough.
    """

    def __init__(self, known: Known, detection: Detection, rule: MaintenanceRule, timezone: str) -> None:
        """`known`: what is judged; `rule`: the contract's, whose months lie in `timezone`."""
        self._known = known
        self._detection = detection
        self._rule = rule
        self._timezone = timezone
        self.standing = standing_rulings(known)
        self.claims = accepted_claims(known, self.standing)
        self.approved = approvals(known)
        self.works = tuple(work for work in known.of(Maintenance) if counts_as_maintenance(work, rule, self.approved))
        self._own = self._own_spans()
        self._followed: dict[str, Intervals] | None = None

    def maintained(self, asset: str) -> tuple[Intervals, Intervals]:
        """(an asset's maintenance that excuses, what the allowance of its months leaves of it)."""
        history = self._known.assets[asset]
        whole = normal((work.begin, work.end) for work in self.works if is_maintained(history, work))
        return whole, within_allowance(whole, self._rule.allowance, self._timezone)

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
            detection.epochs,
            lambda name: difference(detection.reach_out(name), self.own(name)),
        )
        followed = {name: difference(detection.cut_off(name), still) for name, still in still_cut_off.items()}
        return {name: spans for name, spans in followed.items() if spans}

    def _own_spans(self) -> dict[str, Intervals]:
        claimed: dict[str, list[Interval]] = defaultdict(list)
        for claim in self.claims:
            claimed[claim.asset].append(claimed_span(claim))
        spans = {name: union(self.maintained(name)[1], normal(claimed.get(name, ()))) for name in self._known.assets}
        return {name: own for name, own in spans.items() if own}
