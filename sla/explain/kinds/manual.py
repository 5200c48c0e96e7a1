"""A manual clause step by step (docs/obligations.md §6): every score that was given, and the last, which stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.clause_steps import deduction_step, judged_item_sections, titled, whole_step, without_loss
from sla.explain.kind import KindExplanation
from sla.explain.model import Amount, At, Name, Number, Row, Section, Share, Step, rows_of, say, step
from sla.obligations.manual import scores_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.manual import ManualClause
    from sla.explain.model import Value
    from sla.measure.analysis import Analysis
    from sla.obligations.manual import ManualItem
    from sla.obligations.result import ObligationResult

    ManualResult = ObligationResult[ManualClause, ManualItem]

MOST_ROWS = 200
MANUAL = "obligations §6"


def sections(result: ManualResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """A person's score: every one that was given, and the last, which stands."""
    clause = result.obligation
    items = result.items
    return (titled(result, _clause_steps(clause, result, items, analysis), deduction_steps(result, analysis, month)),)


def _clause_steps(
    clause: ManualClause, result: ManualResult, items: Sequence[ManualItem], analysis: Analysis
) -> Iterator[Step]:
    values: dict[str, Value] = {"clause": Name(clause.clause), "target": Share(clause.target)}
    yield step(MANUAL, say("Clause {clause}: scored by a person, at least {target} of the best score.", **values))
    rows: list[Row] = [
        (
            Name(item.month),
            At(each.at),
            Name(each.by or "–"),
            Amount(each.score),
            Amount(each.of),
            Name(each.reason),
            Name(each.sha256[:16] or "–"),
        )
        for item in items
        for each in scores_of(clause, analysis, item.month)
    ]
    columns = (say("About"), say("At"), say("By"), say("Score"), say("Of"), say("Reason"), say("SHA-256"))
    yield step(MANUAL, say("The scores that were given; the last one stands."), rows_of(columns, rows, MOST_ROWS))
    yield whole_step(MANUAL, result, lambda **v: say("score / best score = {value}: {verdict}.", **v))


def deduction_steps(result: ManualResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """From the score's shortfall to the deduction."""
    none = without_loss(MANUAL, result)
    if none is not None:
        yield none
        return
    charged: list[Row] = [
        (Share(result.value), Number(each.number), Amount(each.each), Amount(each.amount)) for each in result.charges
    ]
    names = (say("Value"), say("Steps"), say("Amount"), say("Together"))
    yield deduction_step(MANUAL, result, charged, names)


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.month,
    item_sections=judged_item_sections,
    deduction_steps=deduction_steps,
)
