"""An inspection clause lives on the rounds that people make of the assets in its scope; only that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.lint.kind import LintKind

if TYPE_CHECKING:
    from sla.contract.clauses.inspection import InspectionClause

LINT: LintKind[InspectionClause] = LintKind(source="assets")
