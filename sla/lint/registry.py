"""The one table of kinds for linting: how a contract spells a kind → what only clauses of that kind are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.lint.kinds import availability, inspection, manual, online, quality, repair, repeat, replace, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.lint.kind import LintKind

LINTS: Mapping[str, LintKind[Any]] = {
    "availability": availability.LINT,
    "repair": repair.LINT,
    "inspection": inspection.LINT,
    "quality": quality.LINT,
    "repeat": repeat.LINT,
    "online": online.LINT,
    "report": report.LINT,
    "replace": replace.LINT,
    "manual": manual.LINT,
}
"""Every kind has a row; one that asks nothing of its own says at least where its figures come from."""
