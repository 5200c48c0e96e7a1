"""`[fee]` of a contract file: what the customer pays, and from which month on something else."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from config.input.mistakes import MalformedError, WantedError
from config.input.models import Money, Share, StrictModel, Word, reading, wanted
from sla.contract.model import Fee, FeeChange
from sla.evidence.instants import parse_month


def _month(value: object) -> str:
    try:
        parse_month(str(value))
    except MalformedError:
        raise WantedError('a month in quotes, like "2026-10"') from None
    return str(value)


class FeeChangeTable(StrictModel):
    """`[[fee.changes]]`: from which month on a month costs what."""

    begins: Annotated[str, reading(_month)] = Field(alias="from")
    monthly: Money


class FeeTable(StrictModel):
    """What the customer pays, for the whole term or for each month."""

    total: Money | None = None
    monthly: Money | None = None
    changes: list[FeeChangeTable] = Field(default_factory=list)
    currency: Word = "CNY"
    deduction_cap: Share | None = None

    @model_validator(mode="after")
    def _either(self) -> FeeTable:
        if (self.total is None) == (self.monthly is None):
            raise wanted("either total or monthly")
        return self

    def made(self) -> Fee:
        """The fee as a value, its changes by month."""
        changes = sorted(self.changes, key=lambda change: change.begins)
        return Fee(
            total=self.total,
            monthly=self.monthly,
            changes=tuple(FeeChange(begins=each.begins, monthly=each.monthly) for each in changes),
            currency=self.currency,
            deduction_cap=self.deduction_cap,
        )
