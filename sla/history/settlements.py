"""Which months both parties had signed, at which instants, and for what (SPEC §9, Settlement)."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from sla.contract.calendars import month_span, months_between
from sla.evidence.records.registry import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from sla.contract.model import Contract
    from sla.evidence.records import Party, Settled

PARTIES: tuple[Party, Party] = ("customer", "vendor")


class Settlement(NamedTuple):
    """A month that both parties signed for the same amounts, at `at` (ms): the R with which the second one agreed."""

    month: str
    payable: Decimal
    adjustment: Decimal
    at: int
    customer: Settled
    vendor: Settled

    @property
    def settled(self) -> Decimal:
        """What the month was signed for in all."""
        return self.payable + self.adjustment

    @property
    def contracts(self) -> frozenset[str]:
        """The SHA-256 of the contract files that they signed under; none where neither tells."""
        return frozenset(each.contract for each in (self.customer, self.vendor) if each.contract)


def _order(settled: Settled) -> tuple[int, int]:
    """R, then `at`: the last one stands."""
    return type_of(settled).recorded(settled), settled.at


class Settlements:
    """What is known of signatures, for every month of the contract's term; a month outside of it is never settled."""

    def __init__(self, contract: Contract, settled: Iterable[Settled]) -> None:
        """`settled`: those that are known, in any order; of each month, party, R and `at` there is one."""
        self.timezone = contract.timezone
        self.months = months_between(contract.term.first, contract.term.last)
        by_month: dict[str, list[Settled]] = defaultdict(list)
        for each in settled:
            by_month[each.month].append(each)
        self._last: dict[str, dict[Party, Settled]] = {}
        self._of: dict[str, list[Settlement]] = {}
        for month in self.months:
            if by_month[month]:
                self._of[month] = list(self._agreements(month, by_month[month]))
        found = [(each.at, self._end(month)) for month, all_of in self._of.items() for each in all_of[:1]]
        self._ends = sorted(found)

    def _agreements(self, month: str, records: list[Settled]) -> Iterable[Settlement]:
        """Each settlement of a month, in time order: it stays until both name the same other amounts."""
        last: dict[Party, Settled] = {}
        standing: tuple[Decimal, Decimal] | None = None
        for recorded, together in groupby(sorted(records, key=_order), key=lambda each: _order(each)[0]):
            last.update({record.party: record for record in together})
            if len(last) < len(PARTIES):
                continue
            customer, vendor = last["customer"], last["vendor"]
            amounts = customer.payable, customer.adjustment
            if amounts == (vendor.payable, vendor.adjustment) and amounts != standing:
                standing = amounts
                yield Settlement(month, *amounts, recorded, customer, vendor)
        self._last[month] = last

    def of(self, month: str) -> Settlement | None:
        """The settlement of a month that stands; None while it is not settled."""
        found = self._of.get(month)
        return found[-1] if found else None

    def at(self, month: str) -> int | None:
        """Since when (ms) a month is settled as it stands; None while it is not."""
        found = self.of(month)
        return None if found is None else found.at

    def is_settled_before(self, month: str, at: int) -> bool:
        """Whether what was known before `at` (ms) settles the month."""
        found = self._of.get(month)
        return bool(found and found[0].at < at)

    def end_before(self, at: int) -> int | None:
        """E (SPEC §1) of a definition with R = `at`: the end (ms) of the latest month settled before; None: none."""
        place = bisect_left(self._ends, at, key=itemgetter(0))
        return max((end for _, end in self._ends[:place]), default=None)

    def _end(self, month: str) -> int:
        return month_span(month, self.timezone)[1]

    def last_words(self, month: str) -> Mapping[Party, Settled]:
        """The last signature of each party for a month; parties that have not signed it are left out."""
        return self._last.get(month, {})
