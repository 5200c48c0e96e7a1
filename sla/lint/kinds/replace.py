"""A replace clause lives on what people record of the assets in its scope; only that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.lint.kind import LintKind

if TYPE_CHECKING:
    from sla.contract.clauses.replace import ReplaceClause

LINT: LintKind[ReplaceClause] = LintKind(source="assets")
