"""What an availability clause says in a contract file."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from config.input.models import Share, Word, wanted
from sla.contract.clause_table import ClauseTable
from sla.contract.loss_tables import ShortfallDeduct, ShortfallLose
from sla.contract.scope_tables import ScopeTable


class AvailabilityTable(ClauseTable):
    """The keys of an availability clause (SPEC §6)."""

    scope: ScopeTable = ScopeTable()
    measure: Literal["fleet", "each"] = "fleet"
    target: Share
    calendar: Word = "always"
    deduct: ShortfallDeduct | None = None
    lose: ShortfallLose | None = None

    @model_validator(mode="after")
    def _each_only(self) -> AvailabilityTable:
        rules = (self.deduct, self.lose)
        if self.measure != "each" and any(rule and rule.amount_each is not None for rule in rules):
            raise wanted('amount_each only with measure = "each"')
        return self
