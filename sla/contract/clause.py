"""What every clause of a contract has, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from sla.evidence.records import Scope

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

EVERYTHING = Scope()


class Loss(Protocol):
    """What a breach costs, in money (`deduct`) or points (`lose`); each kind says for what, and how much."""

    @property
    def cap(self) -> Decimal | None:
        """The most that one month can cost; None: no bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """The days in which a clause holds, both included, as it says them; None: as the contract's term.

    `sla.contract.terms` cuts the contract's term to them.
    """

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One obligation of a contract (SPEC §5). A kind's own class adds what only that kind says.

    `kind`: how a contract spells the kind. `id`: unique in the contract; `clause`: the paragraph of the
    signed paper; `line`: where the file says it. `calendar`: the name of the calendar whose time counts.
    `points`, `lose`, `deduct`: what a breach costs (SPEC §9). `valid`: the days in which it holds, where the clause
    says any; None: the contract's whole term. `sla.contract.terms` gives a clause's own term.
    """

    kind: ClassVar[str]

    id: str
    clause: str
    title: str
    scope: Scope
    points: Decimal | None = None
    line: int = 0
    calendar: str = "always"
    valid: Validity | None = None
    deduct: Loss | None = None
    lose: Loss | None = None
