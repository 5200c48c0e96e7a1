"""`deduct` and `lose` of a clause's table, in the forms that several kinds share."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from config.input.models import Money, StrictModel, wanted
from sla.contract.amounts import Points, PositiveDuration, PositiveShare
from sla.contract.clause_table import values_of
from sla.contract.losses import OvertimeLoss, ShortfallLoss


class _ShortfallTable(StrictModel):
    per: PositiveShare | None = None
    amount: Any = None
    amount_each: Any = None
    cap: Any = None

    @model_validator(mode="after")
    def _whole(self) -> _ShortfallTable:
        if (self.per is None) != (self.amount is None) or (self.amount is None) == (self.amount_each is None):
            raise wanted("per and amount together, or amount_each")
        return self

    def made(self) -> ShortfallLoss:
        return ShortfallLoss(**values_of(self))


class ShortfallDeduct(_ShortfallTable):
    """Money for what is below target."""

    amount: Money | None = None
    amount_each: Money | None = None
    cap: Money | None = None


class ShortfallLose(_ShortfallTable):
    """Points for what is below target."""

    amount: Points | None = None
    amount_each: Points | None = None
    cap: Points | None = None


class _OvertimeTable(StrictModel):
    per_breach: Any = None
    per_started: PositiveDuration | None = None
    amount: Any = None
    cap_each: Any = None
    cap: Any = None

    @model_validator(mode="after")
    def _whole(self) -> _OvertimeTable:
        if (self.per_started is None) != (self.amount is None) or (self.amount is None) == (self.per_breach is None):
            raise wanted("per_started and amount together, or per_breach")
        return self

    def made(self) -> OvertimeLoss:
        return OvertimeLoss(**values_of(self))


class OvertimeDeduct(_OvertimeTable):
    """Money for what came too late."""

    per_breach: Money | None = None
    amount: Money | None = None
    cap_each: Money | None = None
    cap: Money | None = None


class OvertimeLose(_OvertimeTable):
    """Points for what came too late."""

    per_breach: Points | None = None
    amount: Points | None = None
    cap_each: Points | None = None
    cap: Points | None = None
