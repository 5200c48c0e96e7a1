"""What every clause of a contract has, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from sla.evidence.records import Scope

if TYPE_CHECKING:
    from decimal import Decimal

EVERYTHING = Scope()


class Loss(Protocol):
    """What a breach costs, in money (`deduct`) or points (`lose`); each kind says for what, and how much."""

    @property
    def cap(self) -> Decimal | None:
        """The most that one month can cost; None: no bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One obligation of a contract (SPEC §5). A kind's own class adds what only that kind says.

    `kind`: how a contract spells the kind. `id`: unique in the contract; `clause`: the paragraph of the
    signed paper; `line`: where the file says it. `calendar`: the name of the calendar whose time counts.
    `points`, `lose`, `deduct`: what a breach costs (SPEC §9).
    """

    kind: ClassVar[str]

    id: str
    clause: str
    title: str
    scope: Scope
    points: Decimal | None = None
    line: int = 0
    calendar: str = "always"
    deduct: Loss | None = None
    lose: Loss | None = None
