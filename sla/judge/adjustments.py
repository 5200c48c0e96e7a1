"""Settlement of earlier months (SPEC §9): what a signed month comes to now, and which items changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.judge.judgement import Adjustment, ChangedItem, MonthResult
from sla.measure.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import Settled

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
    return Adjustment(
        month=settled.month,
        settled=settled.payable + settled.adjustment,
        payable=now.payable,
        items=changed_items(then, now),
    )


def changed_items(then: MonthResult, now: MonthResult) -> tuple[ChangedItem, ...]:
    """The items whose summary differs, by obligation and item."""
    before, after = _summaries(then), _summaries(now)
    return tuple(
        ChangedItem(obligation=key[0], item=key[1], before=before.get(key), after=after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )


def _summaries(result: MonthResult) -> Mapping[Key, str]:
    found: dict[Key, str] = {}
    for each in result.obligations:
        found[each.obligation.id, ""] = f"{each.verdict} {each.deduction}"
        found.update({(each.obligation.id, item.name): item.summary for item in each.items})
    return found
