"""A report clause lives on documents that people hand in: nothing is asked of its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.lint.kind import LintKind

if TYPE_CHECKING:
    from sla.contract.clauses.report import ReportClause

LINT: LintKind[ReportClause] = LintKind(source="records")
