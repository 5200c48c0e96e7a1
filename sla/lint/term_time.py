"""How much time the calendars of a contract have within its term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.contract.calendars import Calendar, day_span, month_span, months_between
from sla.evidence.intervals import clip, measure

if TYPE_CHECKING:
    from sla.contract.model import Contract, Term


def calendar_of(contract: Contract, name: str) -> Calendar | None:
    """A calendar that a clause names; None for `always`, which has all time."""
    if name == "always":
        return None
    return Calendar(contract.calendars[name], contract.timezone, contract.public_days)


def term_time(contract: Contract, name: str, term: Term) -> int:
    """The time, in milliseconds, that a calendar has in the whole of those days."""
    begin, end = day_span(term.first, term.last, contract.timezone)
    calendar = calendar_of(contract, name)
    return end - begin if calendar is None else measure(clip(calendar.spans(begin, end), begin, end))


def month_time(contract: Contract, name: str, term: Term) -> int:
    """The time, in milliseconds, that a calendar has in the shortest whole month of those days, or in all of them."""
    calendar = calendar_of(contract, name)
    begin, end = day_span(term.first, term.last, contract.timezone)
    spans = [month_span(month, contract.timezone) for month in months_between(term.first, term.last)]
    whole = [span for span in spans if begin <= span[0] and span[1] <= end] or [(begin, end)]
    if calendar is None:
        return min(last - first for first, last in whole)
    return min(measure(clip(calendar.spans(*span), *span)) for span in whole)
