"""Steps that several obligation kinds have: value and verdict, the deduction's sum, an item as judged."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sla.explain.model import (
    VERDICTS,
    Amount,
    Name,
    Number,
    Row,
    Section,
    Share,
    Step,
    Word,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.measure.charges import summed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sla.explain.model import Statement, Value
    from sla.measure.analysis import Analysis
    from sla.obligations.result import AnyResult, Item


MOST_ROWS = 200


def titled(result: AnyResult, *steps: Iterable[Step]) -> Section:
    """The section of the clause itself, with these steps one after another."""
    title = say("{id} {title}", id=Name(result.obligation.id), title=Name(result.obligation.title))
    return Section(title=title, steps=tuple(chain.from_iterable(steps)))


def whole_step(rule: str, result: AnyResult, how: Callable[..., Statement]) -> Step:
    """The clause's value and verdict; `how` is the sentence that says the arithmetic."""
    values: dict[str, Value] = {"value": Share(result.value), "verdict": verdict_word(result.verdict)}
    return step(rule, how(**values))


def deduction_step(rule: str, result: AnyResult, rows: list[Row], columns: tuple[Statement, ...]) -> Step:
    """What was charged, a row each, and its sum; the clause's cap; the deduction."""
    return step(f"{rule} deduct", summed_statement(result), rows_of(columns, rows, MOST_ROWS))


def summed_statement(result: AnyResult) -> Statement:
    """The sum of what was charged, the clause's cap if there is one, the deduction."""
    cap = None if result.obligation.deduct is None else result.obligation.deduct.cap
    values: dict[str, Value] = {"sum": Amount(summed(result.charges)), "deduction": Amount(result.deduction)}
    if cap is None:
        return say("Together {sum}, to the cent: deduction {deduction}.", **values)
    return say("Together {sum}, at most {cap}: deduction {deduction}.", cap=Amount(cap), **values)


def by_rule_step(rule: str, result: AnyResult, words: Mapping[str, Statement]) -> Step:
    """The deduction of a clause whose charges are by the keys of its rule; `words` says what each key charges for."""
    rows: list[Row] = [
        (words[each.what], Number(each.number), Amount(each.each), Amount(each.amount)) for each in result.charges
    ]
    return deduction_step(rule, result, rows, (say("For each"), say("Count"), say("Amount"), say("Together")))


def without_loss(rule: str, result: AnyResult) -> Step | None:
    """What to say where nothing can be deducted; None where something can."""
    if result.obligation.deduct is None:
        return step(rule, say("The clause says no deduction."))
    if result.deduction == 0:
        return step(f"{rule} deduct", say("Nothing to deduct: deduction {amount}.", amount=Amount(result.deduction)))
    return None


ITEM_VERDICTS = VERDICTS | {"done": say("done"), "late": say("late"), "missed": say("missed")}


def item_word(verdict: str) -> Word:
    """The verdict of an item of whatever kind, a period's among them, as people read it."""
    return Word(ITEM_VERDICTS[verdict].template)


def judged_item_sections(result: AnyResult, item: Item, _analysis: Analysis, month: str) -> tuple[Section, ...]:
    """One item as it was judged, for kinds whose items have no chain of their own: its name, verdict and summary."""
    clause = result.obligation
    row: Row = (Name(item.name), item_word(item.verdict), Name(item.summary))
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "month": Name(month),
        "count": Number(1),
        "value": Share(result.value),
        "verdict": verdict_word(result.verdict),
        "deduction": Amount(result.deduction),
    }
    columns = (say("Item"), say("Verdict"), say("What was found"))
    return (
        titled(
            result,
            (
                step("docs/obligations", say("Clause {clause}; its rules are in docs/obligations.md.", **values)),
                step("docs/obligations", say("{count} items.", **values), rows_of(columns, [row], 1)),
                step("docs/obligations deduct", say("Value {value}: {verdict}; deduction {deduction}.", **values)),
            ),
        ),
    )
