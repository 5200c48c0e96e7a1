"""What a replace clause says in a contract file."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from config.input.models import Duration, Share, Word
from sla.contract.clause_table import ClauseTable
from sla.contract.loss_tables import OvertimeDeduct, OvertimeLose
from sla.contract.scope_tables import ScopeTable


class ReplaceTable(ClauseTable):
    """The keys of a replace clause (docs/obligations.md §5)."""

    scope: ScopeTable = ScopeTable()
    stage: Literal["substitute", "replace"] = "replace"
    limit: Duration
    calendar: Word = "always"
    share: Share = Fraction(1)
    deduct: OvertimeDeduct | None = None
    lose: OvertimeLose | None = None
