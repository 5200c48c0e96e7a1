"""What a manual clause says in a contract file."""

from __future__ import annotations

from typing import Literal

from config.input.models import Duration, Share
from sla.contract.clause_table import ClauseTable
from sla.contract.loss_tables import ShortfallDeduct, ShortfallLose


class ManualTable(ClauseTable):
    """The keys of a manual clause (docs/obligations.md §6)."""

    every: Literal["month", "quarter"] = "month"
    target: Share
    grace: Duration = 0
    deduct: ShortfallDeduct | None = None
    lose: ShortfallLose | None = None
