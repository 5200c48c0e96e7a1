"""The promise of a repair clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import duration, percent
from sla.reports.text.promises.losses import overtime_loss
from sla.reports.text.promises.promise import KindPromise
from sla.reports.text.words import STAGES

if TYPE_CHECKING:
    from sla.contract.clauses.repair import RepairClause
    from sla.reports.text.pen import Pen

_CLOCKS = {
    "detected": "the clock starts when the fault is detected",
    "notified": "the clock starts when the vendor is notified",
}


def _promised(clause: RepairClause, pen: Pen) -> str:
    stage = pen.say(STAGES[clause.stage])
    return f"{stage} ≤ {duration(clause.limit, pen.language)}, ≥ {percent(clause.share)}"


def _reckoned(clause: RepairClause, pen: Pen) -> str:
    return pen.joined((_clock(clause, pen), pen.say("share = met ÷ (met + breached)")))


def _clock(clause: RepairClause, pen: Pen) -> str:
    if clause.notify_within is None:
        return pen.say(_CLOCKS[clause.clock])
    latest = duration(clause.notify_within, pen.language)
    return pen.say("the clock starts when the vendor is notified, at the latest {span} after detection", span=latest)


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=overtime_loss)
