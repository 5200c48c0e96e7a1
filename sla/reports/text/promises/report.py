"""The promise of a report clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import duration
from sla.reports.text.promises.losses import amounts
from sla.reports.text.promises.promise import KindPromise

if TYPE_CHECKING:
    from sla.contract.clauses.report import ReportClause, ReportLoss
    from sla.reports.text.pen import Pen


def _promised(clause: ReportClause, pen: Pen) -> str:
    text = {
        "next": "by day {day} of the month after",
        "same": "by day {day} of the same month",
    }[clause.due_in]
    return pen.say(text, day=clause.due)


def _reckoned(clause: ReportClause, pen: Pen) -> str:
    first = pen.say("the first delivery on record counts")
    if not clause.grace:
        return first
    return pen.joined((first, pen.say("grace {length}", length=duration(clause.grace, pen.language))))


def _loss(rule: ReportLoss, pen: Pen, unit: str) -> list[str]:
    return amounts(
        pen,
        unit,
        ("{amount} for each missed document", rule.per_missed),
        ("{amount} for each late document", rule.per_late),
        ("{amount} for each started day late", rule.per_day),
    )


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=_loss)
