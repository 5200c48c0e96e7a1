"""The promise of an availability clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import percent
from sla.reports.text.promises.losses import share_loss
from sla.reports.text.promises.promise import KindPromise

if TYPE_CHECKING:
    from sla.contract.clauses.availability import AvailabilityClause
    from sla.reports.text.pen import Pen

_TOGETHER = {"fleet": "over all assets together", "each": "each asset by itself"}


def _promised(clause: AvailabilityClause, _pen: Pen) -> str:
    return f"≥ {percent(clause.target)}"


def _reckoned(clause: AvailabilityClause, pen: Pen) -> str:
    return pen.joined((pen.say("availability = up ÷ (up + down)"), pen.say(_TOGETHER[clause.measure])))


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=share_loss)
