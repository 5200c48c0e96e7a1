"""What an inspection clause says in a contract file."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from config.input.models import Duration, Money, Share, StrictModel, Word, wanted
from sla.contract.amounts import Points
from sla.contract.clause_table import ClauseTable, values_of
from sla.contract.clauses.inspection import InspectionLoss
from sla.contract.scope_tables import ScopeTable


class _InspectionLossTable(StrictModel):
    @model_validator(mode="after")
    def _whole(self) -> _InspectionLossTable:
        if not {"per_missed", "per_late", "per_asset"} & self.model_fields_set:
            raise wanted("at least one of per_missed, per_late, per_asset")
        return self

    def made(self) -> InspectionLoss:
        return InspectionLoss(**values_of(self))


class InspectionDeduct(_InspectionLossTable):
    """Money for rounds that were not made."""

    per_missed: Money = Decimal(0)
    per_late: Money = Decimal(0)
    per_asset: Money = Decimal(0)
    cap: Money | None = None


class InspectionLose(_InspectionLossTable):
    """Points for rounds that were not made."""

    per_missed: Points = Decimal(0)
    per_late: Points = Decimal(0)
    per_asset: Points = Decimal(0)
    cap: Points | None = None


class InspectionTable(ClauseTable):
    """The keys of an inspection clause (SPEC §8)."""

    scope: ScopeTable = ScopeTable()
    every: Literal["day", "week", "month", "quarter"]
    calendar: Word = "always"
    coverage: Share = Fraction(1)
    grace: Duration = 0
    contradicted: Literal["void", "flag"] = "void"
    deduct: InspectionDeduct | None = None
    lose: InspectionLose | None = None
