"""Settlement of earlier months (SPEC §9): what a signed month comes to now, and which items changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.contract.calendars import month_span
from sla.evidence.records import Claim, Ruling, Settled
from sla.judge.judgement import Adjustment, ChangedItem, MonthResult
from sla.measure.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.intervals import Interval
    from sla.obligations.result import AnyResult, Item

Key = tuple[str, str]


def adjustment_of(
    settled: Settled,
    now: MonthResult,
    contract: Contract,
    evidence: Evidence,
    judge_month: Callable[[Analysis, str], MonthResult],
) -> Adjustment:
    """The settled month beside what it comes to now.

    The items are compared with the month judged as of the moment of signing, which is what both
    parties had before them then.
    """
    then = judge_month(Analysis(contract, evidence, settled.at), settled.month)
    rulings = later_rulings(settled, evidence, month_span(settled.month, contract.timezone))
    return Adjustment(
        month=settled.month,
        settled=settled.payable + settled.adjustment,
        payable=now.payable,
        items=changed_items(then, now, rulings, evidence),
    )


def later_rulings(settled: Settled, evidence: Evidence, month: Interval) -> tuple[tuple[str, Ruling], ...]:
    """(asset, ruling) of what was ruled after the signature on claims that touch the month, in time order.

    A ruling can be known before its claim, where that is said to be later than `as_of`.
    """
    claims = {claim.id: claim for claim in evidence.of(Claim)}
    known = (each for each in evidence.of(Ruling) if each.at > settled.at and each.claim in claims)
    found = ((claims[each.claim], each) for each in sorted(known, key=lambda each: each.at))
    return tuple((claim.asset, ruling) for claim, ruling in found if claim.begin < month[1] and claim.end > month[0])


def changed_items(
    then: MonthResult, now: MonthResult, rulings: tuple[tuple[str, Ruling], ...], evidence: Evidence
) -> tuple[ChangedItem, ...]:
    """The obligations and items whose summary differs, in their order; `rulings` as `later_rulings` has them."""
    before, after = _listed(then), _listed(now)
    found = [(key, before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())]
    return tuple(
        ChangedItem(
            obligation=obligation,
            item=name,
            then=old,
            now=new,
            rulings=tuple(each for asset, each in rulings if not name or asset == _asset_of(old or new, evidence)),
        )
        for (obligation, name), old, new in found
        if (None if old is None else old.summary) != (None if new is None else new.summary)
    )


def _listed(result: MonthResult) -> Mapping[Key, AnyResult | Item]:
    """Each obligation under (its id, "") and each of its items under (the obligation's id, the item's name)."""
    found: dict[Key, AnyResult | Item] = {}
    for each in result.obligations:
        found[each.obligation.id, ""] = each
        found.update({(each.obligation.id, item.name): item for item in each.items})
    return found


def _asset_of(item: object, evidence: Evidence) -> str | None:
    """The asset that an item is about, itself or by its check; None for items about none."""
    check = getattr(item, "check", None)
    found: str | None = getattr(item, "asset", None) if check is None else evidence.checks[check].asset
    return found
