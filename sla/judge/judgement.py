"""What judging a month comes to (SPEC §10), as values. Reports write them down and compute nothing.

Instants are milliseconds, shares exact fractions, money and points decimals; None where SPEC says null.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from sla.contract.model import Contract
    from sla.evidence.records import Ruling
    from sla.incidents.incident import Incident
    from sla.measure.verdicts import Verdict
    from sla.obligations.result import AnyResult, Item


class ListedIncident(NamedTuple):
    """An incident that touches the month, with how many other checks' fails it explains."""

    incident: Incident
    explains: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a month's points come to: of 100, half-up to 2 decimals.

    `grade`: None below every band. `pay`: the share of the fee that is earned. `total`, `lost`: the points that it
    is made of, over the obligations that could be judged.
    """

    points: Decimal
    grade: str | None
    pay: Fraction
    total: Decimal
    lost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a month's obligations, score and earlier months come to, in the contract's currency, with 2 digits.

    earned − deductions = payable (0 at least); payable + adjustment = due. `summed`: the deductions of all
    obligations; `cap`: the most that a month can cost, None without a bound; `deductions`: the less of the two.
    """

    fee: Decimal
    earned: Decimal
    summed: Decimal
    cap: Decimal | None
    deductions: Decimal
    payable: Decimal
    adjustment: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedItem:
    """An item of an earlier month that is judged otherwise now, or its obligation as a whole (`item` is "").

    `then`, `now`: the item, or the obligation's result; None where it was or is not listed.
    `rulings`: what was ruled since the month was signed on claims on its asset that touch the month (on all
    claims that touch it, for an obligation as a whole), in time order; none where other evidence changed it.
    """

    obligation: str
    item: str
    then: AnyResult | Item | None
    now: AnyResult | Item | None
    rulings: tuple[Ruling, ...]

    @property
    def before(self) -> str | None:
        """Verdict and figures of then in a line."""
        return None if self.then is None else self.then.summary

    @property
    def after(self) -> str | None:
        """Verdict and figures of now in a line."""
        return None if self.now is None else self.now.summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A settled month, computed again: `settled` = its signed payable + adjustment, `payable` = now."""

    month: str
    settled: Decimal
    payable: Decimal
    items: tuple[ChangedItem, ...]

    @property
    def difference(self) -> Decimal:
        """What is paid more (or, negative, less) now."""
        return self.payable - self.settled


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthResult:
    """A month's obligations, score and money, before earlier months are settled."""

    month: str
    obligations: tuple[AnyResult, ...]
    score: Score | None
    fee: Decimal
    earned: Decimal
    summed: Decimal
    cap: Decimal | None
    deductions: Decimal
    payable: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One month of one contract, judged as of one instant (milliseconds): the whole result of SPEC §10.

    `is_over`: whether the month was over at `as_of`; all figures are provisional otherwise.
    """

    contract: Contract
    month: str
    as_of: int
    is_over: bool
    verdict: Verdict
    obligations: tuple[AnyResult, ...]
    incidents: tuple[ListedIncident, ...]
    score: Score | None
    payment: Payment
    adjustments: tuple[Adjustment, ...]
    notes: tuple[Mapping[str, object], ...]

    @property
    def verdicts(self) -> Mapping[str, int]:
        """How many obligations have each verdict; 0 for words that none has."""
        return Counter(each.verdict for each in self.obligations)

    @property
    def faults(self) -> int:
        """How many incidents touch the month, without blips."""
        return sum(not each.incident.blip for each in self.incidents)
