"""What keeps a contract's fee from bearing what is deducted from it: no fee, caps too small, changes too late."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sla.contract.calendars import months_between
from sla.contract.fees import monthly_fee
from sla.explain.model import Amount, Name, say
from sla.lint.subject import WHOLE, Finding, Subject, amounts_of
from sla.measure.money import share_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.explain.model import Value


def fee_findings(subject: Subject) -> Iterator[Finding]:
    """What is found in the fee, its changes and its cap."""
    yield from _changes(subject)
    yield from _amount(subject)


def _changes(subject: Subject) -> Iterator[Finding]:
    """Changes of the fee that leave nothing of what stood before, or come when nothing is paid any more."""
    fee, term = subject.contract.fee, subject.contract.term
    months = months_between(term.first, term.last)
    for place, change in enumerate(fee.changes):
        line = subject.line_of(("fee", "changes", place, "from"))
        values: dict[str, Value] = {
            "month": Name(change.begins),
            "key": Name("total" if fee.total is not None else "monthly"),
        }
        if change.begins > months[-1]:
            statement = say("The fee changes from {month} on, after the term: it is never reached.", **values)
            yield Finding(line, WHOLE, "no_period", statement, say("Drop the change, or lengthen the term."))
        elif change.begins <= months[0]:
            statement = say(
                "The fee changes from {month} on, with the term's first month: {key} is never paid.", **values
            )
            yield Finding(line, WHOLE, "conflict", statement, say("Say the amount as fee.monthly, without a change."))


def _amount(subject: Subject) -> Iterator[Finding]:
    """The cap of the cheapest month against the dearest single unit of each clause."""
    contract = subject.contract
    cap = contract.fee.deduction_cap
    line = subject.line_of(("fee", "deduction_cap"))
    months = months_between(contract.term.first, contract.term.last)
    changed = {change.begins for change in contract.fee.changes} & set(months)
    fee = min(monthly_fee(contract, month) for month in (months[0], *changed))
    if fee == 0:
        statement, mend = say("The fee of a month is 0: nothing can be deducted."), say("Say the fee.")
        yield Finding(subject.line_of(("fee",)), WHOLE, "no_consequence", statement, mend)
    if cap is None:
        return
    most = share_of(fee, cap)
    for clause in contract.obligations:
        dearest = max(amounts_of(clause.deduct).values(), default=Decimal(0))
        if dearest > most:
            values: dict[str, Value] = {"id": Name(clause.id), "amount": Amount(dearest), "most": Amount(most)}
            statement = say(
                "At most {most} of a month can be deducted: not even one unit of {id}, {amount}.", **values
            )
            mend = say("Raise deduction_cap, or lower the amount.")
            yield Finding(line, WHOLE, "cap_too_small", statement, mend)
