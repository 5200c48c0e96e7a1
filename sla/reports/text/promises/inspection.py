"""The promise of an inspection clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import duration, percent
from sla.reports.text.promises.losses import amounts
from sla.reports.text.promises.promise import KindPromise

if TYPE_CHECKING:
    from sla.contract.clauses.inspection import InspectionClause, InspectionLoss
    from sla.reports.text.pen import Pen

_EVERY = {"day": "every day", "week": "every week", "month": "every month", "quarter": "every quarter"}
_CONTRADICTED = {
    "void": "a round that monitoring contradicts does not count",
    "flag": "a round that monitoring contradicts counts, and is named",
}


def _promised(clause: InspectionClause, pen: Pen) -> str:
    return f"{pen.say(_EVERY[clause.every])}, ≥ {percent(clause.coverage)}"


def _reckoned(clause: InspectionClause, pen: Pen) -> str:
    grace = pen.say("grace {length}", length=duration(clause.grace, pen.language))
    return pen.joined((grace, pen.say(_CONTRADICTED[clause.contradicted])))


def _loss(rule: InspectionLoss, pen: Pen, unit: str) -> list[str]:
    return amounts(
        pen,
        unit,
        ("{amount} for each missed period", rule.per_missed),
        ("{amount} for each late period", rule.per_late),
        ("{amount} for each asset left out", rule.per_asset),
    )


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=_loss)
