"""The one table of how obligation kinds explain their results: kind as a contract spells it → its explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.kinds import availability, inspection, manual, online, quality, repair, repeat, replace, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.explain.kind import KindExplanation
    from sla.obligations.result import AnyResult

EXPLANATIONS: Mapping[str, KindExplanation] = {
    "availability": availability.EXPLANATION,
    "repair": repair.EXPLANATION,
    "inspection": inspection.EXPLANATION,
    "quality": quality.EXPLANATION,
    "repeat": repeat.EXPLANATION,
    "online": online.EXPLANATION,
    "report": report.EXPLANATION,
    "replace": replace.EXPLANATION,
    "manual": manual.EXPLANATION,
}


def explanation_of(result: AnyResult) -> KindExplanation:
    """How results of this one's kind are explained."""
    return EXPLANATIONS[result.obligation.kind]
