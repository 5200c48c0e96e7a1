"""Obligations of a contract file: what each kind may say, and the clause that it makes (SPEC §6 to §9).

SPEC gives defaults under `measurement` only. Of an obligation, what is neutral may be left out
(`calendar`, `share`, `coverage`, `grace`, `contradicted`, `scope` = everything; of `measure` and
`clock` the word that SPEC names first); what decides about money must be said.
"""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from config.input.models import Duration, Money, Share, StrictModel, Word, wanted
from sla.contract.clause_parts import (
    AvailabilityDeduct,
    AvailabilityLose,
    ClauseTable,
    Points,
    RepairDeduct,
    RepairLose,
    RepairScopeTable,
    ScopeTable,
    values_of,
)
from sla.contract.clause_tables_further import FURTHER_CLAUSES
from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.inspection import InspectionClause, InspectionLoss
from sla.contract.clauses.repair import RepairClause

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.contract.clause import Clause


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


class AvailabilityTable(ClauseTable):
    """SPEC §6."""

    scope: ScopeTable = ScopeTable()
    measure: Literal["fleet", "each"] = "fleet"
    target: Share
    calendar: Word = "always"
    deduct: AvailabilityDeduct | None = None
    lose: AvailabilityLose | None = None

    @model_validator(mode="after")
    def _each_only(self) -> AvailabilityTable:
        rules = (self.deduct, self.lose)
        if self.measure != "each" and any(rule and rule.amount_each is not None for rule in rules):
            raise wanted('amount_each only with measure = "each"')
        return self


class RepairTable(ClauseTable):
    """SPEC §7."""

    scope: RepairScopeTable = RepairScopeTable()
    stage: Literal["respond", "arrive", "restore"]
    limit: Duration
    clock: Literal["detected", "notified"] = "detected"
    calendar: Word = "always"
    share: Share = Fraction(1)
    deduct: RepairDeduct | None = None
    lose: RepairLose | None = None


class InspectionTable(ClauseTable):
    """SPEC §8."""

    scope: ScopeTable = ScopeTable()
    every: Literal["day", "week", "month", "quarter"]
    calendar: Word = "always"
    coverage: Share = Fraction(1)
    grace: Duration = 0
    contradicted: Literal["void", "flag"] = "void"
    deduct: InspectionDeduct | None = None
    lose: InspectionLose | None = None


CLAUSES: Mapping[str, tuple[type[ClauseTable], Callable[..., Clause]]] = {
    "availability": (AvailabilityTable, AvailabilityClause),
    "repair": (RepairTable, RepairClause),
    "inspection": (InspectionTable, InspectionClause),
    **FURTHER_CLAUSES,
}
"""Kind → the model of its table, and the clause that it makes: the names that contract files may use."""


def clause_of(table: ClauseTable, make: Callable[..., Clause], line: int) -> Clause:
    """The clause of a table that was read; `line` is where the file says it."""
    known = {field.name for field in fields(make)}  # type: ignore[arg-type]
    values = {
        name: value.made() if hasattr(value, "made") else value
        for name, value in table.clause_values().items()
        if name in known
    }
    return make(**values, line=line)
