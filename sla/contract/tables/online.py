"""What an online clause says in a contract file."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import model_validator

from config.input.mistakes import WantedError
from config.input.models import Money, Share, StrictModel, Word, reading, wanted
from sla.contract.amounts import Points, PositiveShare
from sla.contract.clause_table import ClauseTable, values_of
from sla.contract.clauses.online import OnlineLoss
from sla.contract.scope_tables import ScopeTable

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def _times(value: object) -> tuple[int, ...]:
    """Times of day as minutes, ascending, each once."""
    listed = value if isinstance(value, list) else [value]
    found = [_TIME.fullmatch(each) if isinstance(each, str) else None for each in listed]
    minutes = [int(match[1]) * 60 + int(match[2]) for match in found if match]
    if not minutes or len(set(minutes)) < len(listed):
        raise WantedError('different times of day, like ["08:00", "20:00"]')
    return tuple(sorted(minutes))


class _OnlineLossTable(StrictModel):
    per: PositiveShare | None = None
    amount: Any = None
    per_day: Any = None
    cap: Any = None

    @model_validator(mode="after")
    def _whole(self) -> _OnlineLossTable:
        if (self.per is None) != (self.amount is None) or (self.amount is None and self.per_day is None):
            raise wanted("per and amount together, or per_day, or all three")
        return self

    def made(self) -> OnlineLoss:
        return OnlineLoss(**{name: value for name, value in values_of(self).items() if value is not None})


class OnlineDeduct(_OnlineLossTable):
    """Money for a mean below target, and for bad days."""

    amount: Money | None = None
    per_day: Money | None = None
    cap: Money | None = None


class OnlineLose(_OnlineLossTable):
    """Points for a mean below target, and for bad days."""

    amount: Points | None = None
    per_day: Points | None = None
    cap: Points | None = None


class OnlineTable(ClauseTable):
    """The keys of an online clause (docs/obligations.md §3)."""

    scope: ScopeTable = ScopeTable()
    at: Annotated[tuple[int, ...], reading(_times)]
    target: Share
    worst_day: Share | None = None
    calendar: Word = "always"
    deduct: OnlineDeduct | None = None
    lose: OnlineLose | None = None

    @model_validator(mode="after")
    def _days_owe(self) -> OnlineTable:
        rules = (self.deduct, self.lose)
        if self.worst_day is None and any(rule and rule.per_day is not None for rule in rules):
            raise wanted("per_day only with worst_day")
        return self
