"""The promise of an online clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import clock, percent, share
from sla.reports.text.promises.losses import amount_words, amounts
from sla.reports.text.promises.promise import KindPromise

if TYPE_CHECKING:
    from sla.contract.clauses.online import OnlineClause, OnlineLoss
    from sla.reports.text.pen import Pen


def _promised(clause: OnlineClause, pen: Pen) -> str:
    mean = pen.say("mean ≥ {share}", share=percent(clause.target))
    if clause.worst_day is None:
        return mean
    return pen.joined((mean, pen.say("each day ≥ {share}", share=percent(clause.worst_day))))


def _reckoned(clause: OnlineClause, pen: Pen) -> str:
    times = ", ".join(clock(minute) for minute in clause.at)
    return pen.say("mean of the shares of assets up at {times}", times=times)


def _loss(rule: OnlineLoss, pen: Pen, unit: str) -> list[str]:
    found = []
    if rule.per is not None:
        text = "{amount} for each started {step} below"
        found.append(pen.say(text, amount=amount_words(rule.amount, unit), step=share(rule.per)))
    return found + amounts(pen, unit, ("{amount} for each bad day", rule.per_day))


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=_loss)
