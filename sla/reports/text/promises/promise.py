"""What an obligation kind says of its clauses in a line each; `registry` has one for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sla.reports.text.pen import Pen


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPromise:
    """The words of one kind; every clause and rule handed in is of that kind.

    `promised`: the level that was promised, as short as a table's cell wants it.
    `reckoned`: how the clause's figure comes about.
    `loss`: (rule, pen, unit) → what a breach costs, part by part, without the cap of a month, which all rules
    have alike. `unit` is a currency or a word for points.
    """

    promised: Callable[[Any, Pen], str]
    reckoned: Callable[[Any, Pen], str]
    loss: Callable[[Any, Pen, str], list[str]]
