"""How the monthly report shows an obligation kind; `sla.reports.monthly.registry` has one for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from sla.reports.layout.document import Block
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEvidence:
    """What one kind shows; every result and item handed in is of that kind.

    `blocks`: (result, context) → everything under the heading of a clause.
    `summary`: (item, pen) → an item in a line, for a signed month in which it comes to something else now.
    """

    blocks: Callable[[Any, MonthlyContext], Iterator[Block]]
    summary: Callable[[Any, Pen], str]


class _Billed(Protocol):
    @property
    def verdict(self) -> str: ...

    @property
    def carried(self) -> bool: ...

    @property
    def deduction(self) -> Decimal: ...


def billed_summary(item: _Billed, pen: Pen) -> str:
    """An item that is billed by itself: its verdict, its deduction, and whether it is listed for that alone."""
    carried = f"{pen.say('carried')} " if item.carried else ""
    return f"{carried}{pen.verdict(item.verdict)} {item.deduction}"


class _FourStates(Protocol):
    @property
    def verdict(self) -> str: ...

    @property
    def up(self) -> int: ...

    @property
    def down(self) -> int: ...

    @property
    def changing(self) -> int: ...

    @property
    def unknown(self) -> int: ...


def states_summary(item: _FourStates, pen: Pen, written: Callable[[int], str]) -> str:
    """An item's verdict, and how much was in which state, each amount as `written` writes it."""
    named = (("Up", item.up), ("Down", item.down), ("Changing", item.changing), ("Unknown", item.unknown))
    return " ".join([pen.verdict(item.verdict), *(f"{pen.say(name)} {written(amount)}" for name, amount in named)])
