"""The one table of what shows the evidence of each obligation kind in the monthly report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.monthly.kinds import (
    availability,
    inspection,
    manual,
    online,
    quality,
    repair,
    repeat,
    replace,
    report,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sla.obligations.result import AnyResult
    from sla.reports.layout.document import Block
    from sla.reports.monthly.story import Story

EVIDENCE: Mapping[str, Callable[[Any, Story], Iterator[Block]]] = {
    "availability": availability.evidence,
    "repair": repair.evidence,
    "inspection": inspection.evidence,
    "quality": quality.evidence,
    "repeat": repeat.evidence,
    "online": online.evidence,
    "report": report.evidence,
    "replace": replace.evidence,
    "manual": manual.evidence,
}
"""Kind as a contract spells it → everything under the heading of a clause of that kind."""


def evidence_blocks(result: AnyResult, story: Story) -> Iterator[Block]:
    """Everything under the clause's heading."""
    return EVIDENCE[result.obligation.kind](result, story)
