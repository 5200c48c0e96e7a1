"""The scope and the calendar of a clause, as short as a table's cell wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import clock
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from sla.evidence.records import Scope
    from sla.reports.text.pen import Pen


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
    hours = ", ".join(f"{clock(begin)}–{clock(end)}" for begin, end in rule.hours)
    return f"{harmless(name)}: {days} {hours}"
