"""The further obligation kinds of a contract file (docs/obligations.md): their keys, and the clauses they make."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import model_validator

from config.input.models import Duration, Money, OneOrMore, Share, StrictModel, Word, reading, wanted
from sla.contract.clause_parts import (
    AvailabilityDeduct,
    AvailabilityLose,
    ClauseTable,
    Points,
    PositiveDuration,
    PositiveShare,
    RepairDeduct,
    RepairLose,
    RepairScopeTable,
    ScopeTable,
    values_of,
)
from sla.contract.clauses.manual import ManualClause
from sla.contract.clauses.online import OnlineClause, OnlineLoss
from sla.contract.clauses.quality import QualityClause, QualityLoss
from sla.contract.clauses.repeat import RepeatClause, RepeatLoss
from sla.contract.clauses.replace import ReplaceClause
from sla.contract.clauses.report import ReportClause, ReportLoss

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.contract.clause import Clause

_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_MOST_DAYS = 31
_MOST_REPEATS = 1_000_000


def _number(value: object) -> Decimal:
    """A limit: at most 15 digits, so that comparing with it as a float is exact."""
    text = f"{Decimal(value):f}" if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError("a number with at most 9 digits before the point and 6 behind it")
    return Decimal(text)


def _positive_number(value: object) -> Decimal:
    found = _number(value)
    if found <= 0:
        raise ValueError("a number above 0")
    return found


def _percentile(value: object) -> Fraction:
    """`95` or `99.9` as the share of readings that it asks for."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 < value <= 100:  # noqa: PLR2004
        raise ValueError("a percentile above 0 and up to 100")
    return Fraction(value) / 100


def _repeats(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_REPEATS:
        raise ValueError("a whole number, 0 or more")
    return value


def _day_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_DAYS:
        raise ValueError("a day's number from 1 to 31")
    return value


def _times(value: object) -> tuple[int, ...]:
    """Times of day as minutes, ascending, each once."""
    listed = value if isinstance(value, list) else [value]
    found = [_TIME.fullmatch(each) if isinstance(each, str) else None for each in listed]
    minutes = [int(match[1]) * 60 + int(match[2]) for match in found if match]
    if not minutes or len(set(minutes)) < len(listed):
        raise ValueError('different times of day, like ["08:00", "20:00"]')
    return tuple(sorted(minutes))


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
    """docs/obligations.md §1."""

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
            raise wanted("one of at_most and at_least")
        if (self.share is None) == (self.percentile is None):
            raise wanted("one of share and percentile")
        rules = [rule for rule in (self.deduct, self.lose) if rule]
        if self.percentile is None and any(rule.per_unit is not None for rule in rules):
            raise wanted("per_unit only with percentile")
        if self.measure != "each" and any(rule.amount_each is not None for rule in rules):
            raise wanted('amount_each only with measure = "each"')
        return self

    def clause_values(self) -> dict[str, Any]:
        """With the limit and its side, and a percentile as the share that it asks for."""
        limit, side = (self.at_least, "at_least") if self.at_most is None else (self.at_most, "at_most")
        is_percentile = self.percentile is not None
        share = self.percentile if is_percentile else self.share
        return super().clause_values() | {"limit": limit, "side": side, "share": share, "percentile": is_percentile}


class _RepeatLossTable(StrictModel):
    def made(self) -> RepeatLoss:
        return RepeatLoss(**values_of(self))


class RepeatDeduct(_RepeatLossTable):
    """Money for each failure too many."""

    per_breach: Money
    cap_each: Money | None = None
    cap: Money | None = None


class RepeatLose(_RepeatLossTable):
    """Points for each failure too many."""

    per_breach: Points
    cap_each: Points | None = None
    cap: Points | None = None


class RepeatTable(ClauseTable):
    """docs/obligations.md §2."""

    scope: RepairScopeTable = RepairScopeTable()
    within: PositiveDuration
    repeats: Annotated[int, reading(_repeats)]
    deduct: RepeatDeduct | None = None
    lose: RepeatLose | None = None


class _OnlineLossTable(StrictModel):
    per: PositiveShare | None = None
    amount: Any = None
    per_day: Any = None
    cap: Any = None

    @model_validator(mode="after")
    def _whole(self) -> _OnlineLossTable:
        if (self.per is None) != (self.amount is None) or (self.amount is None and self.per_day is None):
            raise wanted("per and amount together, or per_day, or all three")
        return self

    def made(self) -> OnlineLoss:
        return OnlineLoss(**{name: value for name, value in values_of(self).items() if value is not None})


class OnlineDeduct(_OnlineLossTable):
    """Money for a mean below target, and for bad days."""

    amount: Money | None = None
    per_day: Money | None = None
    cap: Money | None = None


class OnlineLose(_OnlineLossTable):
    """Points for a mean below target, and for bad days."""

    amount: Points | None = None
    per_day: Points | None = None
    cap: Points | None = None


class OnlineTable(ClauseTable):
    """docs/obligations.md §3."""

    scope: ScopeTable = ScopeTable()
    at: Annotated[tuple[int, ...], reading(_times)]
    target: Share
    worst_day: Share | None = None
    calendar: Word = "always"
    deduct: OnlineDeduct | None = None
    lose: OnlineLose | None = None

    @model_validator(mode="after")
    def _days_owe(self) -> OnlineTable:
        rules = (self.deduct, self.lose)
        if self.worst_day is None and any(rule and rule.per_day is not None for rule in rules):
            raise wanted("per_day only with worst_day")
        return self


class _ReportLossTable(StrictModel):
    @model_validator(mode="after")
    def _whole(self) -> _ReportLossTable:
        if not {"per_missed", "per_late", "per_day"} & self.model_fields_set:
            raise wanted("at least one of per_missed, per_late, per_day")
        return self

    def made(self) -> ReportLoss:
        return ReportLoss(**values_of(self))


class ReportDeduct(_ReportLossTable):
    """Money for documents that came late or never."""

    per_missed: Money = Decimal(0)
    per_late: Money = Decimal(0)
    per_day: Money = Decimal(0)
    cap: Money | None = None


class ReportLose(_ReportLossTable):
    """Points for documents that came late or never."""

    per_missed: Points = Decimal(0)
    per_late: Points = Decimal(0)
    per_day: Points = Decimal(0)
    cap: Points | None = None


class ReportTable(ClauseTable):
    """docs/obligations.md §4."""

    every: Literal["month", "quarter"] = "month"
    due: Annotated[int, reading(_day_number)]
    due_in: Literal["next", "same"] = "next"
    calendar: Word = "always"
    grace: Duration = 0
    deduct: ReportDeduct | None = None
    lose: ReportLose | None = None


class ReplaceTable(ClauseTable):
    """docs/obligations.md §5."""

    scope: ScopeTable = ScopeTable()
    stage: Literal["substitute", "replace"] = "replace"
    limit: Duration
    calendar: Word = "always"
    share: Share = Fraction(1)
    deduct: RepairDeduct | None = None
    lose: RepairLose | None = None


class ManualTable(ClauseTable):
    """docs/obligations.md §6."""

    every: Literal["month", "quarter"] = "month"
    target: Share
    grace: Duration = 0
    deduct: AvailabilityDeduct | None = None
    lose: AvailabilityLose | None = None


FURTHER_CLAUSES: Mapping[str, tuple[type[ClauseTable], Callable[..., Clause]]] = {
    "quality": (QualityTable, QualityClause),
    "repeat": (RepeatTable, RepeatClause),
    "online": (OnlineTable, OnlineClause),
    "report": (ReportTable, ReportClause),
    "replace": (ReplaceTable, ReplaceClause),
    "manual": (ManualTable, ManualClause),
}
"""Kind → the model of its table, and the clause that it makes."""
