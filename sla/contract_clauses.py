"""Obligations of a contract file: what each kind may say, and the clause that it makes (SPEC §6 to §9).

SPEC gives defaults under `measurement` only. Of an obligation, what is neutral may be left out
(`calendar`, `share`, `coverage`, `grace`, `contradicted`, `scope` = everything; of `measure` and
`clock` the word that SPEC names first); what decides about money must be said.
"""

from __future__ import annotations

import re
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, model_validator

from config.models import Duration, Money, OneOrMore, Share, StrictModel, Word, reading, wanted
from sla.contract import (
    AvailabilityClause,
    AvailabilityLoss,
    InspectionClause,
    InspectionLoss,
    Obligation,
    RepairClause,
    RepairLoss,
)
from sla.records import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_POINTS = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)


def _points(value: object) -> Decimal:
    text = str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _POINTS.fullmatch(text):
        raise ValueError('points like "20" or "0.5"')
    return Decimal(text)


def _above_zero(value: Any) -> Any:
    if value <= 0:
        raise wanted("more than nothing")
    return value


Points = Annotated[Decimal, reading(_points)]
PositiveShare = Annotated[Share, AfterValidator(_above_zero)]
PositiveDuration = Annotated[Duration, AfterValidator(_above_zero)]


class ScopeTable(StrictModel):
    """`scope`: all given keys must hold, any value of one is enough; `{}` is everything."""

    kind: OneOrMore | None = None
    ids: OneOrMore | None = None
    tags: OneOrMore | None = None

    def made(self) -> Scope:
        """As a value."""
        return Scope(**{name: getattr(self, name) for name in type(self).model_fields})


class RepairScopeTable(ScopeTable):
    """A repair clause may ask for severities too."""

    severity: OneOrMore | None = None

    @model_validator(mode="after")
    def _known(self) -> RepairScopeTable:
        unknown = [each for each in self.severity or () if each not in ("critical", "major", "minor")]
        if unknown:
            raise wanted("severity: one of critical, major, minor")
        return self


class _AvailabilityLossTable(StrictModel):
    per: PositiveShare | None = None
    amount: Any = None
    amount_each: Any = None
    cap: Any = None

    @model_validator(mode="after")
    def _whole(self) -> _AvailabilityLossTable:
        if (self.per is None) != (self.amount is None) or (self.amount is None) == (self.amount_each is None):
            raise wanted("per and amount together, or amount_each")
        return self

    def made(self) -> AvailabilityLoss:
        return AvailabilityLoss(**_values(self))


class AvailabilityDeduct(_AvailabilityLossTable):
    """Money for what is below target."""

    amount: Money | None = None
    amount_each: Money | None = None
    cap: Money | None = None


class AvailabilityLose(_AvailabilityLossTable):
    """Points for what is below target."""

    amount: Points | None = None
    amount_each: Points | None = None
    cap: Points | None = None


class _RepairLossTable(StrictModel):
    per_breach: Any = None
    per_started: PositiveDuration | None = None
    amount: Any = None
    cap_each: Any = None
    cap: Any = None

    @model_validator(mode="after")
    def _whole(self) -> _RepairLossTable:
        if (self.per_started is None) != (self.amount is None) or (self.amount is None) == (self.per_breach is None):
            raise wanted("per_started and amount together, or per_breach")
        return self

    def made(self) -> RepairLoss:
        return RepairLoss(**_values(self))


class RepairDeduct(_RepairLossTable):
    """Money for what came too late."""

    per_breach: Money | None = None
    amount: Money | None = None
    cap_each: Money | None = None
    cap: Money | None = None


class RepairLose(_RepairLossTable):
    """Points for what came too late."""

    per_breach: Points | None = None
    amount: Points | None = None
    cap_each: Points | None = None
    cap: Points | None = None


class _InspectionLossTable(StrictModel):
    @model_validator(mode="after")
    def _whole(self) -> _InspectionLossTable:
        if not {"per_missed", "per_late", "per_asset"} & self.model_fields_set:
            raise wanted("at least one of per_missed, per_late, per_asset")
        return self

    def made(self) -> InspectionLoss:
        return InspectionLoss(**_values(self))


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


def _values(model: BaseModel) -> dict[str, Any]:
    return {name: getattr(model, name) for name in type(model).model_fields}


class ClauseTable(StrictModel):
    """The keys of every obligation."""

    id: Word
    clause: Word
    title: Word
    kind: Word
    points: Points | None = None

    @model_validator(mode="after")
    def _scored(self) -> ClauseTable:
        if getattr(self, "lose", None) is not None and self.points is None:
            raise wanted("points, where lose takes from them")
        if self.points is not None and self.points <= 0:
            raise wanted("points above 0")
        return self


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


CLAUSES: Mapping[str, tuple[type[ClauseTable], Callable[..., Obligation]]] = {
    "availability": (AvailabilityTable, AvailabilityClause),
    "repair": (RepairTable, RepairClause),
    "inspection": (InspectionTable, InspectionClause),
}
"""Kind → the model of its table, and the clause that it makes: the names that contract files may use."""


def clause_of(table: ClauseTable, make: Callable[..., Obligation], line: int) -> Obligation:
    """The clause of a table that was read; `line` is where the file says it."""
    known = {field.name for field in fields(make)}  # type: ignore[arg-type]
    values = {
        name: value.made() if hasattr(value, "made") else value
        for name, value in _values(table).items()
        if name in known
    }
    return make(**values, line=line)
