"""Settlement of earlier months (SPEC §9): what a signed month comes to now, and which items changed since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sla.evidence.refusals import EvidenceError
from sla.judge.causes import Causes
from sla.judge.judgement import Adjustment, Cause, ChangedItem, MonthResult
from sla.measure.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sla.contract.model import Contract
    from sla.history.known import Known
    from sla.history.settlements import Settlement
    from sla.obligations.result import AnyResult, Item

Key = tuple[str, str]


def adjustment_of(
    settled: Settlement,
    now: MonthResult,
    analysis: Analysis,
    judge_month: Callable[[Analysis, str], MonthResult],
) -> Adjustment:
    """The settled month beside what it comes to now.

    Where that is another amount, the items are compared with the month judged as of the moment of signing, which is
    what both parties had before them then.
    """
    if now.payable == settled.payable:
        return Adjustment(month=settled.month, signed=settled, payable=now.payable, items=())
    try:
        then = judge_month(Analysis(analysis.contract, analysis.evidence, settled.at), settled.month)
    except EvidenceError:  # what contradicted then has been resolved since: nobody can tell what was before them
        whole = _of_the_contract(analysis.contract, settled)
        return Adjustment(month=settled.month, signed=settled, payable=now.payable, items=(), unexplained=whole)
    return Adjustment(
        month=settled.month,
        signed=settled,
        payable=now.payable,
        items=tuple(changed_items(then, now, Causes(analysis, settled), analysis.known)),
        unexplained=None if then.payable == settled.payable else _of_the_contract(analysis.contract, settled),
    )


def _of_the_contract(contract: Contract, settled: Settlement) -> Cause:
    """Why the evidence of then already came to another amount than was signed: another contract file, or the fee."""
    if contract.sha256 and settled.contracts - {contract.sha256}:
        return Cause("contract", "", contract.sha256, None, "")
    return Cause("fee", "", "", None, "")


def changed_items(then: MonthResult, now: MonthResult, causes: Causes, known: Known) -> Iterator[ChangedItem]:
    """The obligations and items whose summary differs, by obligation and name; an obligation before its items."""
    before, after = _by_clause(then), _by_clause(now)
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        items = tuple(_items(name, (_by_name(old, known), _by_name(new, known)), new or old, causes))
        if _summary(old) != _summary(new):
            found = {cause: None for item in items for cause in item.causes} or {
                Cause("time", "", "", None, ""): None
            }
            yield ChangedItem(obligation=name, item="", then=old, now=new, causes=tuple(found))
        yield from items


def _by_clause(result: MonthResult) -> Mapping[str, AnyResult]:
    return {each.obligation.id: each for each in result.obligations}


def _items(
    name: str, listed: tuple[Mapping[str, Item], Mapping[str, Item]], result: AnyResult | None, causes: Causes
) -> Iterator[ChangedItem]:
    """`listed`: the items of then and of now, by name; `result`: whose they are."""
    before, after = listed
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key), after.get(key)
        item = other or one
        if _summary(one) != _summary(other) and item is not None and result is not None:
            found = causes.of(result.obligation, item)
            yield ChangedItem(obligation=name, item=key, then=one, now=other, causes=found)


def _by_name(result: AnyResult | None, known: Known) -> Mapping[str, Item]:
    items = () if result is None else (_under_newest_name(item, known) for item in result.items)
    return {item.name: item for item in items}


def _under_newest_name(item: Any, known: Known) -> Item:
    """The item as it is called now: its asset or check may have been renamed since the month was signed."""
    found = {"asset": known.asset_named, "check": known.check_named}
    names = {key: named(old) for key, named in found.items() if (old := getattr(item, key, None)) is not None}
    changed = {key: name for key, name in names.items() if name != getattr(item, key)}
    renamed: Item = item
    if changed:
        renamed = item._replace(**changed) if hasattr(item, "_replace") else replace(item, **changed)
    return renamed


def _summary(one: AnyResult | Item | None) -> str | None:
    return None if one is None else one.summary
