"""The trend of one clause: a dot for each month with its bounds, and the promised level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.reports.layout.charts import Dot, share_of_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.judge.period import ClauseInPeriod
    from sla.obligations.result import AnyResult


def trend(clause: ClauseInPeriod, months: Sequence[str], promised: str) -> str:
    """The chart as SVG; months across, the share up."""
    dots = [_dot(month, each) for month, each in zip(months, clause.results, strict=True)]
    return share_of_days(dots, clause.results[0].level, promised)


def _dot(month: str, result: AnyResult) -> Dot:
    low = result.low if result.low is not None else result.value
    high = result.high if result.high is not None else result.value
    return Dot(month, result.value, low, high)
