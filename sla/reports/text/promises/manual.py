"""The promise of a manual clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import percent
from sla.reports.text.promises.losses import share_loss
from sla.reports.text.promises.promise import KindPromise

if TYPE_CHECKING:
    from sla.contract.clauses.manual import ManualClause
    from sla.reports.text.pen import Pen


def _promised(clause: ManualClause, _pen: Pen) -> str:
    return f"≥ {percent(clause.target)}"


def _reckoned(_clause: ManualClause, pen: Pen) -> str:
    return pen.say("a person's score: the last one on record stands; without one it is not assessable")


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=share_loss)
