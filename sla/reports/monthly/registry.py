"""The one table of what shows the evidence of each obligation kind in the monthly report."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from collections.abc import Iterator, Mapping

    from sla.obligations.result import AnyResult
    from sla.reports.layout.document import Block
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.monthly.evidence import KindEvidence

EVIDENCE: Mapping[str, KindEvidence] = {
    "availability": availability.EVIDENCE,
    "repair": repair.EVIDENCE,
    "inspection": inspection.EVIDENCE,
    "quality": quality.EVIDENCE,
    "repeat": repeat.EVIDENCE,
    "online": online.EVIDENCE,
    "report": report.EVIDENCE,
    "replace": replace.EVIDENCE,
    "manual": manual.EVIDENCE,
}
"""Kind as a contract spells it → how it is shown."""


def evidence_blocks(result: AnyResult, context: MonthlyContext) -> Iterator[Block]:
    """Everything under the clause's heading."""
    return EVIDENCE[result.obligation.kind].blocks(result, context)
