"""The keys that `figures.toml` may have, and what is wrong with a single one of its tables."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from config.input.mistakes import WantedError
from config.input.models import OneOrMore, Share, StrictModel, Word, reading, wanted
from config.text.sentence import Sentence
from sla.evaluation.city_export import CASE_COLUMNS, SURVEY_COLUMNS
from sla.evaluation.figures import RATES, CaseCounts, CasesWanted, FundAmount, Indicator, Take

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_SHARE = re.compile(r"(\d{1,4}(?:\.\d{1,9})?)%", re.ASCII)
_HUNDRED = 100
SELF_BLOCKS = (("产出指标", "50"), ("效益指标", "30"), ("满意度指标", "10"))
"""What a self-evaluation has unless the file says otherwise; the budget carries the other 10."""


def _amount(value: object) -> FundAmount:
    """`"2500"` or `"95%"`."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and (match := _SHARE.fullmatch(text)):
        return FundAmount(Fraction(match[1]) / _HUNDRED, is_share=True, text=text)
    if isinstance(text, str) and _NUMBER.fullmatch(text):
        return FundAmount(Fraction(text), is_share=False, text=text)
    raise WantedError('a number in quotes like "2500" or "90.41", or a share like "95%"')


def _decimal(value: object) -> Decimal:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text) or text.startswith("-"):
        raise WantedError('a number in quotes that is not negative, like "90.41"')
    return Decimal(text)


def _factor(value: object) -> Fraction:
    found = _amount(value)
    if found.is_share or found.value < 1:
        raise WantedError('how many times the target is remarked on, like "1.3"')
    return found.value


Number = Annotated[Decimal, reading(_decimal)]


class SourceTable(StrictModel):
    """A line below the budget's total."""

    name: Word
    annual: Number
    executed: Number


class BudgetTable(StrictModel):
    """`[budget]` (预算执行), in `unit`. `initial` may be unknown; sources, where given, add up to the whole."""

    unit: Word = "万元"
    initial: Number | None = None
    annual: Number
    executed: Number
    points: Number | None = None
    sources: list[SourceTable] = Field(default_factory=list)

    @model_validator(mode="after")
    def _adds_up(self) -> BudgetTable:
        if self.annual <= 0:
            raise wanted("annual above 0")
        for name in ("annual", "executed"):
            whole = getattr(self, name)
            if self.sources and sum(getattr(each, name) for each in self.sources) != whole:
                raise wanted("sources whose {key} adds up to {sum}", key=name, sum=whole)
        return self


class GoalTable(StrictModel):
    """`[goal]` (年度总体目标): what was expected of the year, and what was achieved."""

    expected: str = ""
    achieved: str = ""


class ScoringTable(StrictModel):
    """`remark_above`: from how many times the target on a reason is asked for; nothing is deducted."""

    remark_above: Annotated[Fraction, reading(_factor)] = Fraction(13, 10)


class CasesTable(StrictModel):
    """A file, or its sums where only those are known."""

    file: Word | None = None
    columns: dict[str, Word] = Field(default_factory=dict)
    taken_in: int | None = Field(default=None, ge=0)
    due: int | None = Field(default=None, ge=0)
    disposed: int | None = Field(default=None, ge=0)
    in_time: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_of_both(self) -> CasesTable:
        sums = (self.taken_in, self.disposed, self.in_time)
        if (self.file is None) == (None in sums) or (self.file is not None and sums != (None, None, None)):
            raise wanted("either file, or taken_in, disposed and in_time (and due)")
        if self.file is None:
            counts = self.counts()
            if not counts.in_time <= counts.disposed <= counts.due:
                raise wanted("in_time at most disposed, disposed at most due (taken_in where due is not given)")
        _known_columns(self.columns, CASE_COLUMNS)
        return self

    def counts(self) -> CaseCounts:
        """The sums."""
        taken_in = self.taken_in or 0
        due = taken_in if self.due is None else self.due
        return CaseCounts(taken_in=taken_in, due=due, disposed=self.disposed or 0, in_time=self.in_time or 0)


class SurveyTable(StrictModel):
    """A file of groups."""

    file: Word
    columns: dict[str, Word] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> SurveyTable:
        _known_columns(self.columns, SURVEY_COLUMNS)
        return self


def _known_columns(named: Mapping[str, str], known: Mapping[str, Any]) -> None:
    if set(named) - set(known):
        raise wanted("columns: only {names}", names=known)


class BlockTable(StrictModel):
    """`[[blocks]]` (一级指标): points, or the score that an evaluator gave the block as a whole."""

    name: Word
    points: Number | None = None
    score: Number | None = None

    @model_validator(mode="after")
    def _scored(self) -> BlockTable:
        if self.points is None and self.score is None:
            raise wanted("points, or score where an evaluator gave it as a whole")
        if self.points is not None and self.score is not None and self.score > self.points:
            raise wanted("score at most points")
        return self


class CasesWantedTable(StrictModel):
    """Which number of the case export."""

    take: Take
    source: Word | None = None
    department: Word | None = None

    def made(self) -> CasesWanted:
        """The cases that an indicator takes, as a value."""
        return CasesWanted(take=self.take, source=self.source, department=self.department)


class IndicatorTable(StrictModel):
    """`[[indicators]]` (三级指标): a target and how it was reached, in keys that go together."""

    block: Word
    group: Word
    name: Word
    nature: Literal[">=", "<=", "=", "qualitative"]
    target: Word
    unit: str = ""
    points: Number | None = None
    actual: Word | None = None
    cases: CasesWantedTable | None = None
    survey: Word | None = None
    obligations: OneOrMore | None = None
    degree: Share | None = None
    rule: Literal["ratio", "satisfaction"] = "ratio"
    reason: str = ""
    not_applicable: bool = False

    @model_validator(mode="after")
    def _whole(self) -> IndicatorTable:
        sources: list[Sentence | str] = [
            name for name in ("actual", "cases", "survey", "obligations") if getattr(self, name) is not None
        ]
        if len(sources) > 1:
            names = reduce(
                lambda first, second: Sentence("{first} and {second}", first=first, second=second), sources
            )
            raise wanted("one of actual, cases, survey, obligations; not {names}", names=names)
        if self.nature == "qualitative":
            self._qualitative()
        else:
            self._numeric()
        if self.not_applicable and not self.reason:
            raise wanted("a reason why it is not applicable")
        return self

    def _qualitative(self) -> None:
        if self.cases is not None or self.survey is not None:
            raise wanted("a nature with a number where cases or survey say what was reached")
        if self.degree is not None and self.obligations is not None:
            raise wanted("degree or obligations, not both")

    def _numeric(self) -> None:
        target = self._number("target", self.target)
        if self.degree is not None:
            raise wanted('degree only with nature = "qualitative"')
        if self.actual is not None and self._number("actual", self.actual).is_share != target.is_share:
            raise wanted("target and actual both as numbers, or both as shares")
        if self.obligations is not None and (len(self.obligations) > 1 or not target.is_share):
            raise wanted("one obligation where the target is a share; or nature = qualitative")
        shares = self.survey is not None or (self.cases is not None and self.cases.take in RATES)
        if (shares and not target.is_share) or (self.cases is not None and not shares and target.is_share):
            raise wanted("a share as target for rates and surveys, a number for counts")
        if self.rule == "satisfaction" and not target.is_share:
            raise wanted('a share as target with rule = "satisfaction"')

    def _number(self, key: str, text: str) -> FundAmount:
        try:
            return _amount(text)
        except WantedError as error:
            raise wanted("{key}: {reason}", key=key, reason=error.sentence) from None

    def made(self, line: int) -> Indicator:
        """The indicator as a value; `line` is where the file says it."""
        is_number = self.nature != "qualitative"
        return Indicator(
            block=self.block,
            group=self.group,
            name=self.name,
            nature=self.nature,
            target_text=self.target,
            target=_amount(self.target) if is_number else None,
            unit=self.unit,
            points=self.points,
            actual_text=self.actual or "",
            actual=_amount(self.actual) if is_number and self.actual else None,
            cases=None if self.cases is None else self.cases.made(),
            survey=self.survey,
            obligations=self.obligations or (),
            degree=self.degree,
            rule=self.rule,
            reason=self.reason,
            is_applicable=not self.not_applicable,
            line=line,
        )


def _self_blocks() -> list[BlockTable]:
    return [BlockTable.model_validate({"name": name, "points": points}) for name, points in SELF_BLOCKS]


class FiguresTable(StrictModel):
    """The file's top level."""

    year: int = Field(ge=2, le=9998)
    project: Word
    department: str = ""
    unit: Word
    vendor: str = ""
    form: Literal["self", "evaluation"] = "self"
    goal: GoalTable = GoalTable()
    scoring: ScoringTable = ScoringTable()
    budget: BudgetTable | None = None
    blocks: list[BlockTable] = Field(default_factory=_self_blocks)
    indicators: list[IndicatorTable] = Field(default_factory=list)
    cases: CasesTable | None = None
    survey: SurveyTable | None = None
