"""What a repair clause says in a contract file."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from config.input.models import Duration, Share, Word
from sla.contract.clause_table import ClauseTable
from sla.contract.loss_tables import OvertimeDeduct, OvertimeLose
from sla.contract.scope_tables import SeverityScopeTable


class RepairTable(ClauseTable):
    """The keys of a repair clause (SPEC §7)."""

    scope: SeverityScopeTable = SeverityScopeTable()
    stage: Literal["respond", "arrive", "restore"]
    limit: Duration
    clock: Literal["detected", "notified"] = "detected"
    calendar: Word = "always"
    share: Share = Fraction(1)
    deduct: OvertimeDeduct | None = None
    lose: OvertimeLose | None = None
