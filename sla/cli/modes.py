"""What `sla-check` can be asked, each question with the options that it needs. `MODES` is the one table.

A question's module is loaded when it is asked: judging a month from a ledger takes no time for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.cli.answer import Answer
    from sla.cli.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One question: the module that answers it, and what must be given (`source`: --evidence or --ledger)."""

    module: str
    needs: frozenset[str]

    def answer(self, request: Request) -> Answer:
        """What `answer(request)` of the question's module says."""
        found = cast("Callable[[Request], Answer]", import_module(self.module).answer)
        return found(request)


def _mode(module: str, *needs: str) -> Mode:
    return Mode(module=f"sla.cli.{module}", needs=frozenset(needs))


MODES: Mapping[str, Mode] = {
    "month": _mode("month", "month", "contract", "source"),
    "explain": _mode("explain", "month", "contract", "source", "explain"),
    "what_if": _mode("what_if", "month", "contract", "source", "what_if"),
    "lint": _mode("lint", "lint"),
    "quarter": _mode("quarter", "contract", "source"),
    "year": _mode("year", "contract", "source"),
    "self_evaluation": _mode("self_evaluation", "year"),
    "standard": _mode("standard", "contract"),
}
"""Option that asks the question (without dashes) → its mode. Of several options given, the last row here counts."""
