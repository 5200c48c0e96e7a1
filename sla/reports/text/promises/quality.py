"""The promise of a quality clause in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import percent, plain
from sla.reports.text.promises.losses import amount_words, share_loss
from sla.reports.text.promises.promise import KindPromise
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from sla.contract.clauses.quality import QualityClause, QualityLoss
    from sla.reports.text.pen import Pen


def metric_words(clause: QualityClause) -> str:
    """The metric and its limit, like `rtt_ms ≤ 20`."""
    name = harmless(clause.metric)
    limit = f"{clause.limit:f}"
    return f"{f'|{name}|' if clause.absolute else name} {'≤' if clause.side == 'at_most' else '≥'} {limit}"


def _promised(clause: QualityClause, _pen: Pen) -> str:
    if clause.percentile:
        rank = plain(clause.share * 100)
        return f"P{rank} {metric_words(clause)}"
    return f"{metric_words(clause)}, ≥ {percent(clause.share)}"


def _reckoned(clause: QualityClause, pen: Pen) -> str:
    together = {"fleet": "over all assets together", "each": "each asset by itself"}
    how = pen.say("share of readings within the limit, of those made while the asset was available")
    return pen.joined((how, pen.say(together[clause.measure])))


def _loss(rule: QualityLoss, pen: Pen, unit: str) -> list[str]:
    if rule.per_unit is not None and rule.amount is not None:
        step = f"{rule.per_unit:f}"
        return [pen.say("{amount} for each started {step} beyond", amount=amount_words(rule.amount, unit), step=step)]
    return share_loss(rule, pen, unit)


PROMISE = KindPromise(promised=_promised, reckoned=_reckoned, loss=_loss)
