"""The one table of what a clause of each obligation kind says in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.kinds import (
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
    from collections.abc import Callable, Mapping

    from sla.contract.clause import Clause
    from sla.reports.standard.parts import Parts
    from sla.reports.text.phrases import Phrases

INDICATORS: Mapping[str, Callable[[Any, Phrases], Parts]] = {
    "availability": availability.parts,
    "repair": repair.parts,
    "inspection": inspection.parts,
    "quality": quality.parts,
    "repeat": repeat.parts,
    "online": online.parts,
    "report": report.parts,
    "replace": replace.parts,
    "manual": manual.parts,
}
"""Kind as a contract spells it → the texts of its indicator."""


def parts_of(clause: Clause, words: Phrases) -> Parts:
    """The clause in words."""
    return INDICATORS[clause.kind](clause, words)
