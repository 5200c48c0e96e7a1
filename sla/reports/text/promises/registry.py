"""What a clause promises, how its figure comes about and what breaking it costs, in a line each.

`PROMISES` is the one table: kind as a contract spells it → its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.reports.text.promises import (
    availability,
    inspection,
    manual,
    online,
    quality,
    repair,
    repeat,
    replace,
    report,
)
from sla.reports.text.promises.losses import amount_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.contract.clause import Clause
    from sla.reports.text.pen import Pen
    from sla.reports.text.promises.promise import KindPromise

PROMISES: Mapping[str, KindPromise] = {
    "availability": availability.PROMISE,
    "repair": repair.PROMISE,
    "inspection": inspection.PROMISE,
    "quality": quality.PROMISE,
    "repeat": repeat.PROMISE,
    "online": online.PROMISE,
    "report": report.PROMISE,
    "replace": replace.PROMISE,
    "manual": manual.PROMISE,
}


def promised(clause: Clause, pen: Pen) -> str:
    """The level that was promised, as short as a table's cell wants it."""
    return PROMISES[clause.kind].promised(clause, pen)


def reckoned(clause: Clause, pen: Pen) -> str:
    """How the clause's figure comes about."""
    return PROMISES[clause.kind].reckoned(clause, pen)


def deduction_words(clause: Clause, pen: Pen) -> str:
    """What breaking the clause costs in the contract's currency; a dash for nothing."""
    return _loss_words(clause, clause.deduct, pen, pen.currency)


def points_words(clause: Clause, pen: Pen) -> str:
    """What breaking the clause costs in points of the score; a dash for nothing."""
    return _loss_words(clause, clause.lose, pen, pen.say("points"))


def _loss_words(clause: Clause, rule: object, pen: Pen, unit: str) -> str:
    if rule is None:
        return NONE
    parts = PROMISES[clause.kind].loss(rule, pen, unit)
    cap = getattr(rule, "cap", None)
    if cap is not None:
        parts.append(pen.say("at most {amount} a month", amount=amount_words(cap, unit)))
    return pen.joined(parts) or NONE
