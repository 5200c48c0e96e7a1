"""What the core asks of a kind of obligation: the row that `sla.obligations.registry` has for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from sla.contract.clause import Clause
from sla.obligations.result import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from sla.contract.model import Contract
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.obligations.pooled import Pooled
    from sla.obligations.result import ObligationResult

ClauseT = TypeVar("ClauseT", bound=Clause)
ItemT = TypeVar("ItemT", bound=Item)


class Overdue(NamedTuple):
    """An incident of a check that came too late or cost money. `overtime` in working milliseconds, 0 if not late."""

    check: str
    is_late: bool
    overtime: int
    deduction: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeadline:
    """Until when a clause wants an open incident answered, attended or restored.

    `due_at`: milliseconds; None if working time never reaches the limit. `is_estimate`: the clause counts from
    the delivery of the alert, which lies ahead; `due_at` is then what it would be if delivered at once.
    """

    clause: Clause
    stage: Literal["respond", "arrive", "restore"]
    due_at: int | None
    is_estimate: bool


class Down(NamedTuple):
    """How long an asset was down, in milliseconds."""

    asset: str
    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationKind(Generic[ClauseT, ItemT]):
    """A kind's functions; None where the kind has nothing to say."""

    judge: Callable[[ClauseT, Analysis, str], ObligationResult[ClauseT, ItemT]]
    """(clause, analysis, month `YYYY-MM`) → what the clause comes to in that month."""
    pool: Callable[[ClauseT, Sequence[ItemT], Contract], Pooled] | None = None
    """(clause, items of all months of a quarter or year, contract) → the clause's formula over all of them."""
    overdue: Callable[[ClauseT, Sequence[ItemT]], Iterable[Overdue]] | None = None
    """(clause, a month's items) → what a quarter's or year's table of repeat offenders adds to checks."""
    down: Callable[[ClauseT, Sequence[ItemT]], Iterable[Down]] | None = None
    """(clause, a month's items) → what that table adds to assets, of the clause in which an asset has most."""
    deadline: Callable[[ClauseT, Incident, Analysis], IncidentDeadline | None] | None = None
    """(clause, incident, analysis as of now) → until when the clause wants it done; None if it is not about it."""
