"""One body of evidence under another contract: what this month would have come to.

A centre writes next year's numbers from last year's record. Obligations are matched by id. Both are
judged before settlement: what was signed was signed under one contract, and is owed under no other.
A draft whose term does not hold the month is judged as if it had the term of the contract in force.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from sla.contract.calendars import months_between
from sla.judge.judge import judge_month, judgement_of
from sla.measure.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.judge.judgement import Judgement
    from sla.obligations.result import AnyResult

Change = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One obligation under both contracts; None where one does not have it. `changed`: its clause reads otherwise."""

    id: str
    change: Change
    before: AnyResult | None
    after: AnyResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRule:
    """A rule for the whole contract that differs, like `measurement.doubt`; raw values, None where there is none."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both judgements side by side. `term_moved`: the other contract was given the term of the first."""

    before: Judgement
    after: Judgement
    obligations: tuple[Compared, ...]
    rules: tuple[ChangedRule, ...]
    term_moved: bool

    def difference(self, name: str) -> Decimal:
        """How much more (negative: less) `fee`, `earned`, `deductions` or `payable` are under the other contract."""
        found: Decimal = getattr(self.after.payment, name) - getattr(self.before.payment, name)
        return found


def what_if(contract: Contract, other: Contract, evidence: Evidence, month: str, as_of: int) -> Comparison:
    """A month (`YYYY-MM`) judged under both contracts, as of `as_of` in milliseconds. Pure."""
    term_moved = month not in months_between(other.term.first, other.term.last)
    fitted = replace(other, term=contract.term) if term_moved else other
    before, after = (_alone(Analysis(each, evidence, as_of), month) for each in (contract, fitted))
    return Comparison(
        before=before,
        after=after,
        obligations=tuple(_compared(before, after)),
        rules=tuple(_changed_rules(contract, other)),
        term_moved=term_moved,
    )


def _alone(analysis: Analysis, month: str) -> Judgement:
    """The month before settlement of earlier ones. What was signed is known all the same: definitions lean on it."""
    return judgement_of(analysis, judge_month(analysis, month), ())


def _compared(before: Judgement, after: Judgement) -> Iterator[Compared]:
    """In the order of the first contract; what only the other has comes last."""
    olds = {each.obligation.id: each for each in before.obligations}
    news = {each.obligation.id: each for each in after.obligations}
    for name in dict.fromkeys([*olds, *news]):
        old, new = olds.get(name), news.get(name)
        yield Compared(id=name, change=_change(old, new), before=old, after=new)


def _change(old: AnyResult | None, new: AnyResult | None) -> Change:
    if old is None or new is None:
        return "added" if old is None else "removed"
    same = type(old.obligation) is type(new.obligation) and replace(old.obligation, line=0) == replace(
        new.obligation, line=0
    )
    return "same" if same else "changed"


def _changed_rules(contract: Contract, other: Contract) -> Iterator[ChangedRule]:
    for name in ("timezone", "term", "bands", "public_days"):
        yield from _differing(name, getattr(contract, name), getattr(other, name))
    for name in ("fee", "measurement", "maintenance"):
        old, new = getattr(contract, name), getattr(other, name)
        for key in fields(old):
            yield from _differing(f"{name}.{key.name}", getattr(old, key.name), getattr(new, key.name))
    for name in sorted(contract.calendars.keys() | other.calendars.keys()):
        yield from _differing(f"calendars.{name}", contract.calendars.get(name), other.calendars.get(name))


def _differing(key: str, before: Any, after: Any) -> Iterator[ChangedRule]:
    if before != after:
        yield ChangedRule(key=key, before=before, after=after)
