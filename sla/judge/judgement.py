"""What judging a month comes to (SPEC §10), as values. Reports write them down and compute nothing.

Instants are milliseconds, shares exact fractions, money and points decimals; None where SPEC says null.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from sla.contract.model import Contract
    from sla.history.settlements import Settlement
    from sla.incidents.incident import Incident
    from sla.measure.verdicts import Verdict
    from sla.obligations.result import AnyResult, Item


class ListedIncident(NamedTuple):
    """An incident that touches the month, its severity, and how many other checks' fails it explains."""

    incident: Incident
    severity: str
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

    earned − deductions = payable (0 at least); payable + adjustment = due. `low`, `high`: what payable lies between,
    whatever happened unseen. `summed`: the deductions of all
    obligations; `cap`: the most that a month can cost, None without a bound; `deductions`: the less of the two.
    """

    fee: Decimal
    earned: Decimal
    summed: Decimal
    cap: Decimal | None
    deductions: Decimal
    payable: Decimal
    low: Decimal
    high: Decimal
    adjustment: Decimal
    due: Decimal


class Cause(NamedTuple):
    """What made a signed month come to something else.

    `kind`: a `record` that is known now and was not then, one that was `corrected`, a `definition`, `reading`s that
    came later, `time` alone that went by, another `contract` file, or the `fee`. `type`: the record's, as evidence
    files spell it. `id`: what it is about (a claim, a check, an asset; of a contract its SHA-256). `at`: its R in ms,
    None where it has none. `by`: who said so.
    """

    kind: Literal["record", "corrected", "definition", "reading", "time", "contract", "fee"]
    type: str
    id: str
    at: int | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedItem:
    """An item of an earlier month that is judged otherwise now, or its obligation as a whole (`item` is "").

    `then`, `now`: the item, or the obligation's result; None where it was or is not listed.
    `causes`: what changed it, by R; of an obligation as a whole, what changed any of its items.
    """

    obligation: str
    item: str
    then: AnyResult | Item | None
    now: AnyResult | Item | None
    causes: tuple[Cause, ...]

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
    """A settled month, computed again: `signed` is what both parties signed, `payable` what it comes to now.

    `items`: what changed, where `payable` is another one now. `unexplained`: what a part of the difference comes from
    that no item explains, the contract or the fee; None where the items explain all of it.
    """

    month: str
    signed: Settlement
    payable: Decimal
    items: tuple[ChangedItem, ...]
    unexplained: Cause | None = None

    @property
    def differs(self) -> bool:
        """Whether the month's payable is another one now (SPEC §9)."""
        return self.payable != self.signed.payable

    @property
    def settled(self) -> Decimal:
        """What it was signed for: payable and adjustment of then."""
        return self.signed.settled

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
    low: Decimal
    high: Decimal


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
