"""What a quality clause says in a contract file."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import model_validator

from config.input.mistakes import WantedError
from config.input.models import Money, OneOrMore, StrictModel, Word, reading, wanted
from sla.contract.amounts import Points, PositiveShare
from sla.contract.clause_table import ClauseTable, values_of
from sla.contract.clauses.quality import QualityLoss
from sla.contract.scope_tables import ScopeTable

_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?", re.ASCII)


def _number(value: object) -> Decimal:
    """A limit: at most 15 digits, so that comparing with it as a float is exact."""
    text = f"{Decimal(value):f}" if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise WantedError("a number with at most 9 digits before the point and 6 behind it")
    return Decimal(text)


def _positive_number(value: object) -> Decimal:
    found = _number(value)
    if found <= 0:
        raise WantedError("a number above 0")
    return found


def _percentile(value: object) -> Fraction:
    """`95` or `99.9` as the share of readings that it asks for."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 < value <= 100:  # noqa: PLR2004
        raise WantedError("a percentile above 0 and up to 100")
    return Fraction(value) / 100


Number = Annotated[Decimal, reading(_number)]


PositiveNumber = Annotated[Decimal, reading(_positive_number)]


class _QualityLossTable(StrictModel):
    per: PositiveShare | None = None
    per_unit: PositiveNumber | None = None
    amount: Any = None
    amount_each: Any = None
    cap: Any = None

    @model_validator(mode="after")
    def _whole(self) -> _QualityLossTable:
        steps = [each for each in (self.per, self.per_unit) if each is not None]
        if len(steps) != (self.amount is not None) or (self.amount is None) == (self.amount_each is None):
            raise wanted("per or per_unit together with amount, or amount_each")
        return self

    def made(self) -> QualityLoss:
        return QualityLoss(**values_of(self))


class QualityDeduct(_QualityLossTable):
    """Money for readings beyond the limit."""

    amount: Money | None = None
    amount_each: Money | None = None
    cap: Money | None = None


class QualityLose(_QualityLossTable):
    """Points for readings beyond the limit."""

    amount: Points | None = None
    amount_each: Points | None = None
    cap: Points | None = None


class QualityTable(ClauseTable):
    """The keys of a quality clause (docs/obligations.md §1)."""

    scope: ScopeTable = ScopeTable()
    checks: OneOrMore | None = None
    metric: Word
    at_most: Number | None = None
    at_least: Number | None = None
    absolute: bool = False
    share: PositiveShare | None = None
    percentile: Annotated[Fraction, reading(_percentile)] | None = None
    measure: Literal["fleet", "each"] = "fleet"
    calendar: Word = "always"
    deduct: QualityDeduct | None = None
    lose: QualityLose | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> QualityTable:
        if (self.at_most is None) == (self.at_least is None):
            raise wanted("one of at_most and at_least", code="limitless")
        if (self.share is None) == (self.percentile is None):
            raise wanted("one of share and percentile")
        rules = [rule for rule in (self.deduct, self.lose) if rule]
        if self.percentile is None and any(rule.per_unit is not None for rule in rules):
            raise wanted("per_unit only with percentile")
        if self.measure != "each" and any(rule.amount_each is not None for rule in rules):
            raise wanted('amount_each only with measure = "each"')
        return self

    def clause_values(self) -> dict[str, Any]:
        """What the table says, its limit with its side, and a percentile as the share that it asks for."""
        limit, side = (self.at_least, "at_least") if self.at_most is None else (self.at_most, "at_most")
        is_percentile = self.percentile is not None
        share = self.percentile if is_percentile else self.share
        return super().clause_values() | {"limit": limit, "side": side, "share": share, "percentile": is_percentile}
