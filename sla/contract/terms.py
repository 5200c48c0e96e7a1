"""The days in which a clause holds: the contract's term, cut to what the clause says itself (SPEC §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.contract.calendars import day_span
from sla.contract.model import Term

if TYPE_CHECKING:
    from sla.contract.clause import Clause, Validity
    from sla.contract.model import Contract
    from sla.evidence.intervals import Interval


def cut_to(term: Term, valid: Validity | None) -> Term | None:
    """The days of a term on which something valid on those days holds; None if there are none."""
    if valid is None:
        return term
    first, last = max(term.first, valid.first or term.first), min(term.last, valid.last or term.last)
    return Term(first=first, last=last) if first <= last else None


def own_term(contract: Contract, clause: Clause) -> Term | None:
    """The first and last day of the clause's own term, both included.

    None if it has no day of the contract's term; a contract file with such a clause is refused.
    """
    return cut_to(contract.term, clause.valid)


def own_span(contract: Contract, clause: Clause) -> Interval:
    """The clause's own term from local midnight to local midnight, in milliseconds.

    Without a day of the contract's term it is empty: both ends are the contract's beginning.
    """
    term = own_term(contract, clause)
    if term is None:
        begin, _ = day_span(contract.term.first, contract.term.last, contract.timezone)
        return begin, begin
    return day_span(term.first, term.last, contract.timezone)
