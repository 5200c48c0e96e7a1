"""What only an online clause is asked: whether each asset of its roll call is seen."""

from __future__ import annotations

from sla.lint.kind import LintKind
from sla.lint.scope_checks import unseen_assets

LINT = LintKind(source="assets", needs_coverage=True, drops_out=True, scope=unseen_assets)
