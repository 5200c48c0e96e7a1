"""The promise of a replace clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import duration, percent
from sla.reports.text.promises.losses import overtime_loss
from sla.reports.text.promises.promise import KindPromise

if TYPE_CHECKING:
    from sla.contract.clauses.replace import ReplaceClause
    from sla.reports.text.pen import Pen


SUBSTITUTE = {"substitute": "a spare lent", "replace": "replaced by a new one"}


def _promised(clause: ReplaceClause, pen: Pen) -> str:
    stage = pen.say(SUBSTITUTE[clause.stage])
    return f"{stage} ≤ {duration(clause.limit, pen.language)}, ≥ {percent(clause.share)}"


def _reckoned(_clause: ReplaceClause, pen: Pen) -> str:
    return pen.joined((pen.say("the clock starts at the diagnosis"), pen.say("share = met ÷ (met + breached)")))


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=overtime_loss)
