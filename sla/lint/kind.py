"""What a kind of clause is asked when a contract is linted: the row that `sla.lint.registry` has for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from sla.contract.clause import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sla.lint.subject import Finding, Subject

ClauseT = TypeVar("ClauseT", bound=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class LintKind(Generic[ClauseT]):
    """One kind's row: where its figures come from, and the questions that only its clauses are asked.

    `source`: what a clause's scope must hold, or that people's records are its only source.
    `needs_coverage`: whether a single missed reading matters to it (`measurement.min_coverage`, `max_gap`).
    `about_incidents`: whether it counts incidents, so that one fault told as many costs as many.
    `drops_out`: whether it has no part in the score of a month in which nobody looked and unknown time is left out.
    """

    source: Literal["assets", "checks", "records"]
    needs_coverage: bool = False
    about_incidents: bool = False
    drops_out: bool = False
    scope: Callable[[Subject, ClauseT], Iterator[Finding]] | None = None
    """More that is asked of the surroundings, if they are known and the scope holds an asset."""
    clause: Callable[[Subject, ClauseT], Iterator[Finding]] | None = None
    """What is asked of one clause, with or without surroundings."""
    pair: Callable[[Subject, ClauseT, ClauseT], Iterator[Finding]] | None = None
    """What is asked of two clauses of the kind, in the order of the file."""
