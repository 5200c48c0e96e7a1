"""The promise of a repeat clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import duration
from sla.reports.text.promises.losses import amounts
from sla.reports.text.promises.promise import KindPromise

if TYPE_CHECKING:
    from sla.contract.clauses.repeat import RepeatClause, RepeatLoss
    from sla.reports.text.pen import Pen


def _promised(clause: RepeatClause, pen: Pen) -> str:
    return pen.say(
        "at most {count} repeats in {length}", count=clause.repeats, length=duration(clause.within, pen.language)
    )


def _reckoned(_clause: RepeatClause, pen: Pen) -> str:
    return pen.say("faults of the same check before it, excused ones and blips left out")


def _loss(rule: RepeatLoss, pen: Pen, unit: str) -> list[str]:
    return amounts(
        pen,
        unit,
        ("{amount} for each fault too many", rule.per_breach),
        ("at most {amount} for one check", rule.cap_each),
    )


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=_loss)
