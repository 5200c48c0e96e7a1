"""Pieces that obligation tables are made of: points, scopes, the keys of every obligation, the forms of a loss."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, model_validator

from config.input.models import Duration, Money, OneOrMore, Share, StrictModel, Word, reading, wanted
from sla.contract.losses import OvertimeLoss, ShortfallLoss
from sla.evidence.records import Scope

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


def values_of(model: BaseModel) -> dict[str, Any]:
    """Key → value of everything that the table may say."""
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

    def clause_values(self) -> dict[str, Any]:
        """What the table says, under the names of the clause's attributes."""
        return values_of(self)


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

    def made(self) -> ShortfallLoss:
        return ShortfallLoss(**values_of(self))


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

    def made(self) -> OvertimeLoss:
        return OvertimeLoss(**values_of(self))


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
