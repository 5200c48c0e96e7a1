"""Obligations of kinds that have no chain of their own here: clause, items, value and deduction as judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Amount, Name, Number, Section, Share, Step, rows_of, say, step, verdict_word

if TYPE_CHECKING:
    from sla.explain.model import Said, Value
    from sla.measure.analysis import Analysis
    from sla.obligations.result import AnyResult, Item

Row = tuple["Value | Said", ...]
MOST_ROWS = 200


def item_name(item: Item) -> str:
    """What an item is called within its obligation."""
    return str(getattr(item, "name", ""))


def other_sections(
    result: AnyResult, _analysis: Analysis, month: str, only: Item | None = None
) -> tuple[Section, ...]:
    """The result as judged: each item with its verdict and its own summary. `only`: of one item."""
    clause = result.obligation
    items = [item for item in result.items if only is None or item == only]
    rows: list[Row] = [
        (Name(item_name(item)), Name(str(item.verdict)), Name(str(getattr(item, "summary", "")))) for item in items
    ]
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "month": Name(month),
        "count": Number(len(items)),
        "value": Share(result.value),
        "verdict": verdict_word(result.verdict),
        "deduction": Amount(result.deduction),
    }
    steps: tuple[Step, ...] = (
        step("docs/obligations", say("Clause {clause}; its rules are in docs/obligations.md.", **values)),
        step(
            "docs/obligations",
            say("{count} items.", **values),
            rows_of((say("Item"), say("Verdict"), say("What was found")), rows, MOST_ROWS),
        ),
        step("docs/obligations deduct", say("Value {value}: {verdict}; deduction {deduction}.", **values)),
    )
    return (Section(title=say("{id} {title}", id=Name(clause.id), title=Name(clause.title)), steps=steps),)
