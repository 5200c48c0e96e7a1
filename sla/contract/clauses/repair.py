"""The repair clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from sla.contract.clause import Clause

if TYPE_CHECKING:
    from sla.contract.losses import OvertimeLoss


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairClause(Clause):
    """At least `share` of incidents are answered, attended or restored within `limit` (SPEC §7).

    `limit`: milliseconds of working time under `calendar`. `clock`: whether it runs from detection or the notice, and
    `notify_within`, in plain milliseconds after detection, when it runs at the latest if the notice is late; None: it
    waits for the notice, however late.
    """

    kind: ClassVar[str] = "repair"

    stage: Literal["respond", "arrive", "restore"]
    limit: int
    clock: Literal["detected", "notified"] = "detected"
    notify_within: int | None = None
    calendar: str = "always"
    share: Fraction = Fraction(1)
    deduct: OvertimeLoss | None = None
    lose: OvertimeLoss | None = None
