"""What a repeat clause says in a contract file."""

from __future__ import annotations

from typing import Annotated

from config.input.mistakes import WantedError
from config.input.models import Money, StrictModel, reading
from sla.contract.amounts import Points, PositiveDuration
from sla.contract.clause_table import ClauseTable, values_of
from sla.contract.clauses.repeat import RepeatLoss
from sla.contract.scope_tables import SeverityScopeTable

_MOST_REPEATS = 1_000_000


def _repeats(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_REPEATS:
        raise WantedError("a whole number, 0 or more")
    return value


class _RepeatLossTable(StrictModel):
    def made(self) -> RepeatLoss:
        return RepeatLoss(**values_of(self))


class RepeatDeduct(_RepeatLossTable):
    """Money for each failure too many."""

    per_breach: Money
    cap_each: Money | None = None
    cap: Money | None = None


class RepeatLose(_RepeatLossTable):
    """Points for each failure too many."""

    per_breach: Points
    cap_each: Points | None = None
    cap: Points | None = None


class RepeatTable(ClauseTable):
    """The keys of a repeat clause (docs/obligations.md §2)."""

    scope: SeverityScopeTable = SeverityScopeTable()
    within: PositiveDuration
    repeats: Annotated[int, reading(_repeats)]
    deduct: RepeatDeduct | None = None
    lose: RepeatLose | None = None
