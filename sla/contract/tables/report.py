"""What a report clause says in a contract file."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import model_validator

from config.input.mistakes import WantedError
from config.input.models import Duration, Money, StrictModel, Word, reading, wanted
from sla.contract.amounts import Points
from sla.contract.clause_table import ClauseTable, values_of
from sla.contract.clauses.report import ReportLoss

_MOST_DAYS = 31


def _day_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_DAYS:
        raise WantedError("a day's number from 1 to 31")
    return value


class _ReportLossTable(StrictModel):
    @model_validator(mode="after")
    def _whole(self) -> _ReportLossTable:
        if not {"per_missed", "per_late", "per_day"} & self.model_fields_set:
            raise wanted("at least one of per_missed, per_late, per_day")
        return self

    def made(self) -> ReportLoss:
        return ReportLoss(**values_of(self))


class ReportDeduct(_ReportLossTable):
    """Money for documents that came late or never."""

    per_missed: Money = Decimal(0)
    per_late: Money = Decimal(0)
    per_day: Money = Decimal(0)
    cap: Money | None = None


class ReportLose(_ReportLossTable):
    """Points for documents that came late or never."""

    per_missed: Points = Decimal(0)
    per_late: Points = Decimal(0)
    per_day: Points = Decimal(0)
    cap: Points | None = None


class ReportTable(ClauseTable):
    """The keys of a report clause (docs/obligations.md §4)."""

    every: Literal["month", "quarter"] = "month"
    due: Annotated[int, reading(_day_number)]
    due_in: Literal["next", "same"] = "next"
    calendar: Word = "always"
    grace: Duration = 0
    deduct: ReportDeduct | None = None
    lose: ReportLose | None = None
