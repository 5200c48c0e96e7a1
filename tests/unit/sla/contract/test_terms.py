"""A clause's own term (SPEC §5): the contract's, cut to the days in which the clause is valid."""

from __future__ import annotations

from datetime import date

import pytest

from sla.contract.calendars import day_span
from sla.contract.model import Term
from sla.contract.terms import own_span, own_term
from tests.support.timelines import ZONE, at, availability, contract

TERM = "2026-03-01 2026-10-31"


@pytest.mark.parametrize(
    ("valid", "own"),
    [
        ("2026-05-01 2026-06-30", "2026-05-01 2026-06-30"),
        ("2026-05-01 -", "2026-05-01 2026-10-31"),
        ("- 2026-06-30", "2026-03-01 2026-06-30"),
        ("2025-01-01 2027-12-31", TERM),
        ("2026-10-31 2026-12-31", "2026-10-31 2026-10-31"),  # both days are included
        ("2025-12-01 2026-03-01", "2026-03-01 2026-03-01"),
    ],
)
def test_the_term_is_cut_to_the_days_in_which_the_clause_is_valid(valid, own):
    what, clause = contract(term=TERM), availability(valid=valid)
    first, last = (date.fromisoformat(day) for day in own.split())
    assert own_term(what, clause) == Term(first=first, last=last)
    assert own_span(what, clause) == day_span(first, last, ZONE)


def test_a_clause_that_says_no_days_holds_in_all_of_the_term():
    what, clause = contract(term=TERM), availability()
    assert own_term(what, clause) == what.term
    assert own_span(what, clause) == (at("2026-03-01 00:00"), at("2026-11-01 00:00"))


@pytest.mark.parametrize("valid", ["2026-11-01 -", "- 2026-02-28", "2027-01-01 2027-01-31"])
def test_a_clause_that_has_no_day_of_the_term_has_no_time(valid):
    what, clause = contract(term=TERM), availability(valid=valid)
    assert own_term(what, clause) is None
    begin, end = own_span(what, clause)
    assert begin == end == at("2026-03-01 00:00")
