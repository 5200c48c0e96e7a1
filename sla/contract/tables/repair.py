"""What a repair clause says in a contract file."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from config.input.models import Duration, Share, Word, wanted
from sla.contract.clause_table import ClauseTable
from sla.contract.loss_tables import OvertimeDeduct, OvertimeLose
from sla.contract.scope_tables import SeverityScopeTable


class RepairTable(ClauseTable):
    """The keys of a repair clause (SPEC §7)."""

    scope: SeverityScopeTable = SeverityScopeTable()
    stage: Literal["respond", "arrive", "restore"]
    limit: Duration
    clock: Literal["detected", "notified"] = "detected"
    notify_within: Duration | None = None
    calendar: Word = "always"
    share: Share = Fraction(1)
    deduct: OvertimeDeduct | None = None
    lose: OvertimeLose | None = None

    @model_validator(mode="after")
    def _notice_only(self) -> RepairTable:
        if self.notify_within is not None and self.clock != "notified":
            raise wanted('notify_within only with clock = "notified"')
        return self
