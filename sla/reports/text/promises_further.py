"""What clauses of docs/obligations.md promise, how their figures come about, and what breaking them costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.contract.clauses.manual import ManualClause
from sla.contract.clauses.online import OnlineClause, OnlineLoss
from sla.contract.clauses.quality import QualityClause, QualityLoss
from sla.contract.clauses.repeat import RepeatClause, RepeatLoss
from sla.contract.clauses.replace import ReplaceClause
from sla.contract.clauses.report import ReportClause, ReportLoss
from sla.reports.text.words import duration, harmless, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from sla.reports.text.pen import Pen

SUBSTITUTE = {"substitute": "a spare lent", "replace": "replaced by a new one"}


def metric_words(clause: QualityClause) -> str:
    """The metric and its limit, like `rtt_ms ≤ 20`."""
    name = harmless(clause.metric)
    limit = f"{clause.limit:f}"
    return f"{f'|{name}|' if clause.absolute else name} {'≤' if clause.side == 'at_most' else '≥'} {limit}"


def _quality(clause: QualityClause, _pen: Pen) -> str:
    if clause.percentile:
        rank = f"{float(clause.share * 100):g}"
        return f"P{rank} {metric_words(clause)}"
    return f"{metric_words(clause)}, ≥ {percent(clause.share)}"


def _repeat(clause: RepeatClause, pen: Pen) -> str:
    return pen.say(
        "at most {count} repeats in {length}", count=clause.repeats, length=duration(clause.within, pen.language)
    )


def _online(clause: OnlineClause, pen: Pen) -> str:
    mean = pen.say("mean ≥ {share}", share=percent(clause.target))
    if clause.worst_day is None:
        return mean
    return pen.joined((mean, pen.say("each day ≥ {share}", share=percent(clause.worst_day))))


def _report(clause: ReportClause, pen: Pen) -> str:
    text = {
        "next": "by day {day} of the month after",
        "same": "by day {day} of the same month",
    }[clause.due_in]
    return pen.say(text, day=clause.due)


def _replace(clause: ReplaceClause, pen: Pen) -> str:
    stage = pen.say(SUBSTITUTE[clause.stage])
    return f"{stage} ≤ {duration(clause.limit, pen.language)}, ≥ {percent(clause.share)}"


def _manual(clause: ManualClause, _pen: Pen) -> str:
    return f"≥ {percent(clause.target)}"


def _quality_reckoned(clause: QualityClause, pen: Pen) -> str:
    together = {"fleet": "over all assets together", "each": "each asset by itself"}
    how = pen.say("share of readings within the limit, of those made while the asset was available")
    return pen.joined((how, pen.say(together[clause.measure])))


def _repeat_reckoned(_clause: RepeatClause, pen: Pen) -> str:
    return pen.say("faults of the same check before it, excused ones and blips left out")


def _online_reckoned(clause: OnlineClause, pen: Pen) -> str:
    times = ", ".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in clause.at)
    return pen.say("mean of the shares of assets up at {times}", times=times)


def _report_reckoned(clause: ReportClause, pen: Pen) -> str:
    first = pen.say("the first delivery on record counts")
    if not clause.grace:
        return first
    return pen.joined((first, pen.say("grace {length}", length=duration(clause.grace, pen.language))))


def _replace_reckoned(_clause: ReplaceClause, pen: Pen) -> str:
    return pen.joined((pen.say("the clock starts at the diagnosis"), pen.say("share = met ÷ (met + breached)")))


def _manual_reckoned(_clause: ManualClause, pen: Pen) -> str:
    return pen.say("a person's score: the last one on record stands; without one it is not assessable")


PROMISED: Mapping[type, Callable[[Any, Pen], str]] = {
    QualityClause: _quality,
    RepeatClause: _repeat,
    OnlineClause: _online,
    ReportClause: _report,
    ReplaceClause: _replace,
    ManualClause: _manual,
}
RECKONED: Mapping[type, Callable[[Any, Pen], str]] = {
    QualityClause: _quality_reckoned,
    RepeatClause: _repeat_reckoned,
    OnlineClause: _online_reckoned,
    ReportClause: _report_reckoned,
    ReplaceClause: _replace_reckoned,
    ManualClause: _manual_reckoned,
}


def _amounts(pen: Pen, unit: str, *named: tuple[str, Decimal | None]) -> list[str]:
    return [pen.say(text, amount=f"{amount:,f} {unit}") for text, amount in named if amount]


def _quality_loss(rule: QualityLoss, pen: Pen, unit: str) -> list[str]:
    if rule.amount_each is not None:
        return _amounts(pen, unit, ("{amount} for each breached asset", rule.amount_each))
    step = f"{rule.per_unit:f}" if rule.per is None else f"{float(rule.per) * 100:g}%"
    text = (
        "{amount} for each started {step} below"
        if rule.per_unit is None
        else "{amount} for each started {step} beyond"
    )
    return [pen.say(text, amount=f"{rule.amount:,f} {unit}", step=step)]


def _repeat_loss(rule: RepeatLoss, pen: Pen, unit: str) -> list[str]:
    return _amounts(
        pen,
        unit,
        ("{amount} for each fault too many", rule.per_breach),
        ("at most {amount} for one check", rule.cap_each),
    )


def _online_loss(rule: OnlineLoss, pen: Pen, unit: str) -> list[str]:
    found = []
    if rule.per is not None:
        text = "{amount} for each started {step} below"
        found.append(pen.say(text, amount=f"{rule.amount:,f} {unit}", step=f"{float(rule.per) * 100:g}%"))
    return found + _amounts(pen, unit, ("{amount} for each bad day", rule.per_day))


def _report_loss(rule: ReportLoss, pen: Pen, unit: str) -> list[str]:
    return _amounts(
        pen,
        unit,
        ("{amount} for each missed document", rule.per_missed),
        ("{amount} for each late document", rule.per_late),
        ("{amount} for each started day late", rule.per_day),
    )


LOSSES: Mapping[type, Callable[[Any, Pen, str], list[str]]] = {
    QualityLoss: _quality_loss,
    RepeatLoss: _repeat_loss,
    OnlineLoss: _online_loss,
    ReportLoss: _report_loss,
}
