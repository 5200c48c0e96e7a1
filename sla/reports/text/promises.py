"""What a clause promises and what breaking it costs, in a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.inspection import InspectionClause, InspectionLoss
from sla.contract.clauses.repair import RepairClause
from sla.contract.losses import OvertimeLoss, ShortfallLoss
from sla.reports.text.promises_further import LOSSES, PROMISED, RECKONED
from sla.reports.text.words import NONE, STAGES, duration, harmless, percent

if TYPE_CHECKING:
    from decimal import Decimal

    from sla.contract.clause import Clause
    from sla.evidence.records import Scope
    from sla.reports.text.pen import Pen


def promised(clause: Clause, pen: Pen) -> str:
    """The level that was promised, as short as a table's cell wants it."""
    if isinstance(clause, AvailabilityClause):
        return f"≥ {percent(clause.target)}"
    if isinstance(clause, RepairClause):
        return f"{pen.say(STAGES[clause.stage])} ≤ {duration(clause.limit, pen.language)}, ≥ {percent(clause.share)}"
    if isinstance(clause, InspectionClause):
        return f"{pen.say('every ' + clause.every)}, ≥ {percent(clause.coverage)}"
    return PROMISED[type(clause)](clause, pen)


def reckoned(clause: Clause, pen: Pen) -> str:
    """How the clause's figure comes about."""
    if isinstance(clause, AvailabilityClause):
        one = pen.say("availability = up ÷ (up + down)")
        together = {"fleet": "over all assets together", "each": "each asset by itself"}
        return pen.joined((one, pen.say(together[clause.measure])))
    if isinstance(clause, RepairClause):
        clock = {
            "detected": "the clock starts when the fault is detected",
            "notified": "the clock starts when the vendor is notified",
        }
        return pen.joined((pen.say(clock[clause.clock]), pen.say("share = met ÷ (met + breached)")))
    if isinstance(clause, InspectionClause):
        grace = pen.say("grace {length}", length=duration(clause.grace, pen.language))
        how = {
            "void": "a round that monitoring contradicts does not count",
            "flag": "a round that monitoring contradicts counts, and is named",
        }
        return pen.joined((grace, pen.say(how[clause.contradicted])))
    return RECKONED[type(clause)](clause, pen)


def scope_words(scope: Scope, pen: Pen) -> str:
    """Which assets the clause is about."""
    named = (("Kind", scope.kind), ("Assets", scope.ids), ("Tags", scope.tags), ("Severity", scope.severity))
    found = [f"{pen.say(name)}: {pen.several(values)}" for name, values in named if values is not None]
    return pen.joined(found) or pen.say("everything")


def calendar_words(name: str, pen: Pen) -> str:
    """The calendar by name, and what it says."""
    if name == "always":
        return pen.say("around the clock")
    rule = pen.contract.calendars[name]
    days = (
        pen.say(rule.days)
        if isinstance(rule.days, str)
        else ", ".join(pen.say(day.capitalize()) for day in rule.days)
    )
    hours = ", ".join(f"{a // 60:02d}:{a % 60:02d}–{b // 60:02d}:{b % 60:02d}" for a, b in rule.hours)
    return f"{harmless(name)}: {days} {hours}"


def loss_words(rule: object, pen: Pen, unit: str) -> str:
    """What a breach costs, in money or points; a dash for nothing."""
    if type(rule) in LOSSES:
        parts = LOSSES[type(rule)](rule, pen, unit)
    elif isinstance(rule, ShortfallLoss):
        parts = _availability(rule, pen, unit)
    elif isinstance(rule, OvertimeLoss):
        parts = _repair(rule, pen, unit)
    elif isinstance(rule, InspectionLoss):
        parts = _inspection(rule, pen, unit)
    else:
        return NONE
    cap = getattr(rule, "cap", None)
    if cap is not None:
        parts.append(pen.say("at most {amount} a month", amount=_amount(cap, unit)))
    return pen.joined(parts) or NONE


def _amount(amount: Decimal, unit: str) -> str:
    return f"{amount:,f} {unit}"


def _availability(rule: ShortfallLoss, pen: Pen, unit: str) -> list[str]:
    if rule.amount_each is not None:
        return [pen.say("{amount} for each breached asset", amount=_amount(rule.amount_each, unit))]
    if rule.per is None or rule.amount is None:
        return []
    step = f"{float(rule.per) * 100:g}%"
    return [pen.say("{amount} for each started {step} below", amount=_amount(rule.amount, unit), step=step)]


def _repair(rule: OvertimeLoss, pen: Pen, unit: str) -> list[str]:
    found = []
    if rule.per_breach is not None:
        found.append(pen.say("{amount} for each breach", amount=_amount(rule.per_breach, unit)))
    elif rule.per_started is not None and rule.amount is not None:
        length = duration(rule.per_started, pen.language)
        found.append(
            pen.say("{amount} for each started {length} over", amount=_amount(rule.amount, unit), length=length)
        )
    if rule.cap_each is not None:
        found.append(pen.say("at most {amount} for one incident", amount=_amount(rule.cap_each, unit)))
    return found


def _inspection(rule: InspectionLoss, pen: Pen, unit: str) -> list[str]:
    named = (
        ("{amount} for each missed period", rule.per_missed),
        ("{amount} for each late period", rule.per_late),
        ("{amount} for each asset left out", rule.per_asset),
    )
    return [pen.say(text, amount=_amount(amount, unit)) for text, amount in named if amount]
