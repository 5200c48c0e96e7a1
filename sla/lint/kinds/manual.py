"""A manual clause lives on scores that people give: nothing is asked of its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.lint.kind import LintKind

if TYPE_CHECKING:
    from sla.contract.clauses.manual import ManualClause

LINT: LintKind[ManualClause] = LintKind(source="records")
