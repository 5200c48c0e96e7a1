"""The rows of the self-evaluation's tables: what is missing is said to be missing, in every column."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from config.text.figures import NONE, hundredths, hundredths_text, nearest_hundredths, percent, plain
from config.text.figures import share as spelled_share
from config.text.i18n import in_language
from sla.reports.layout.document import Figure
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.text.i18n import Language
    from sla.evaluation.figures import CaseCounts, SurveyGroup
    from sla.evaluation.scored import MeasuredFigure, ScoredBlock, ScoredIndicator, SelfEvaluation
    from sla.reports.layout.document import Cell

_SIGNS = {">=": "≥", "<=": "≤", "=": "="}
_ACHIEVED, _PARTLY = Fraction(8, 10), Fraction(6, 10)


class EvaluationRows:
    """Speaks of one evaluation in one language."""

    def __init__(self, found: SelfEvaluation, language: Language) -> None:
        self.found = found
        self.language = language

    def say(self, text: str, **values: object) -> str:
        """The text in the language of the paper."""
        said = in_language(text, self.language)
        return said.format(**values) if values else said

    def number(self, value: Decimal) -> Figure:
        """A number as it was told."""
        return Figure(text=f"{value:,f}", value=value)

    def points(self, value: Decimal | None) -> Cell:
        """Points, or that nobody told them."""
        return self.say("not told") if value is None else Figure(text=plain(value), value=value)

    def all_points(self) -> Cell:
        """Of all blocks and the budget."""
        budget = self.found.budget
        parts = [each.points for each in self.found.blocks]
        parts += [budget.points] if budget is not None and budget.points is not None else []
        known = [each for each in parts if each is not None]
        return self.points(sum(known, Decimal(0)) if len(known) == len(parts) else None)

    def total(self) -> str:
        """The total, or the range in which it lies."""
        found = self.found
        if found.total is not None:
            return f"{found.total:.2f}"
        return self.say("between {low} and {high}", low=f"{found.low:.2f}", high=f"{found.high:.2f}")

    def indicator(self, each: ScoredIndicator, block: ScoredBlock) -> tuple[Cell, ...]:
        """A row of the three-level table."""
        indicator = each.indicator
        return (
            harmless(block.name),
            harmless(indicator.group),
            harmless(indicator.name),
            self._target(each),
            self._actual(each),
            self.points(indicator.points),
            self._score(each),
            self._reasons(each),
        )

    def _target(self, each: ScoredIndicator) -> str:
        indicator = each.indicator
        if indicator.target is None:
            return harmless(indicator.target_text)
        return harmless(f"{_SIGNS[indicator.nature]}{indicator.target.text}{indicator.unit}")

    def _actual(self, each: ScoredIndicator) -> Cell:
        reached, indicator = each.reached, each.indicator
        if each.state == "not_applicable":
            return self.say("not applicable")
        if indicator.obligations and indicator.target is None:
            return self._joined([self._one(one) for one in each.measured]) or self.say("not monitored")
        if reached.state == "missing":
            return self.say("missing")
        if reached.value is None:
            return harmless(reached.text) or self.band(indicator.degree)
        if reached.is_share:
            return measured(reached.value) if indicator.obligations else rate(reached.value)
        return f"{plain(reached.value)}{harmless(indicator.unit)}"

    def _one(self, one: MeasuredFigure) -> str:
        value = self._why_not(one) if one.value is None else percent(one.value)
        return f"{harmless(one.obligation.id)} {value}"

    def _why_not(self, one: MeasuredFigure) -> str:
        return self.say("too little observed") if one.is_applicable else self.say("nothing to test")

    def band(self, degree: Fraction | None) -> str:
        """Which of the three bands people's decision lies in."""
        if degree is None:
            return NONE
        told = "achieved" if degree >= _ACHIEVED else "partly achieved" if degree >= _PARTLY else "not achieved"
        return f"{self.say(told)} ({spelled_share(degree)})"

    def _score(self, each: ScoredIndicator) -> Cell:
        if each.state == "not_applicable":
            return self.say("dropped")
        if each.score is not None:
            return self.points(each.score)
        if each.state == "not_scored" or each.indicator.points is None or each.low == each.high:
            return NONE
        return f"{plain(each.low)}–{plain(each.high)}"

    def _reasons(self, each: ScoredIndicator) -> str:
        """People's own words first, then what the table itself has to remark."""
        indicator, told = each.indicator, []
        if indicator.reason:
            told.append(harmless(indicator.reason))
        for remark in each.remarks:
            text = self._remark(remark, each)
            if text and not (indicator.reason and remark != "missing"):
                told.append(text)
        return self._joined(told)

    def _joined(self, told: list[str]) -> str:
        return ("；" if self.language == "zh" else "; ").join(told)

    def _remark(self, remark: str, each: ScoredIndicator) -> str:
        if remark == "far_above" and each.reached.times is not None:
            times = f"{int(each.reached.times * 100) / 100:.2f}"
            return self.say("{times} times the target: was it set too low? Please give the reason", times=times)
        texts = {
            "missing": "no actual value was given",
            "not_measured": "not measured: no evidence, or too little of it",
            "below": "below the target: please give the reason",
        }
        return self.say(texts[remark])

    def mapping(self, each: ScoredIndicator) -> Iterator[tuple[Cell, ...]]:
        """From the indicator to each obligation that measures it."""
        indicator = each.indicator
        for one in each.measured:
            clause = one.obligation
            yield (
                harmless(indicator.name),
                self._target(each),
                harmless(f"{clause.id} {clause.title} ({clause.clause})"),
                f"≥ {percent(one.promised)}" + (f" {self.say('of the months')}" if one.by_months else ""),
                NONE if one.value is None else measured(one.value),
                NONE if one.low is None else f"{percent(one.low)} … {percent(one.high, up=True)}",
                percent(one.coverage),
                f"{one.months_met}/{one.months_judged}",
            )
        for missing in indicator.obligations if not each.measured else ():
            yield (harmless(indicator.name), self._target(each), harmless(missing), *(NONE,) * 5)

    def cases(self, department: str, source: str, counts: CaseCounts) -> tuple[Cell, ...]:
        """A department's cases with both rates."""
        numbers = (counts.taken_in, counts.due, counts.disposed, counts.in_time, counts.late)
        rates = (counts.disposal_rate, counts.in_time_rate)
        return (
            department,
            source,
            *(Figure(text=f"{each}", value=each) for each in numbers),
            *(NONE if each is None else rate(each) for each in rates),
        )

    def survey(self, group: SurveyGroup) -> tuple[Cell, ...]:
        """A group that was asked."""
        return (
            harmless(group.group),
            NONE if group.asked is None else Figure(text=str(group.asked), value=group.asked),
            Figure(text=str(group.answered), value=group.answered),
            Figure(text=str(group.satisfied), value=group.satisfied),
            NONE if group.rate is None else rate(group.rate),
        )


def measured(share: Fraction) -> Figure:
    """What the probes measured, rounded down as in every report of ours."""
    return Figure(text=percent(share), value=Fraction(hundredths(share), 10_000), form="share")


def rate(share: Fraction) -> Figure:
    """In percent, half-up to 2 decimals, as offices write rates that no clause is judged by."""
    shown = nearest_hundredths(share)
    return Figure(text=hundredths_text(shown), value=Fraction(shown, 10_000), form="share")
