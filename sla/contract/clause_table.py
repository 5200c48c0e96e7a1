"""The keys of every clause's table, and how a table becomes a clause.

SPEC gives defaults under `measurement` only. Of a clause, what is neutral may be left out
(`calendar`, `share`, `coverage`, `grace`, `contradicted`, `scope` = everything; of `measure` and
`clock` the word that SPEC names first); what decides about money must be said.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, model_validator

from config.input.models import Day, StrictModel, Word, wanted
from sla.contract.amounts import Points
from sla.contract.clause import Validity

if TYPE_CHECKING:
    from sla.contract.clause import Clause


def values_of(model: BaseModel) -> dict[str, Any]:
    """Key → value of everything that the table may say."""
    return {name: getattr(model, name) for name in type(model).model_fields}


class ValidityTable(StrictModel):
    """`valid`: the first and the last day on which a clause holds, both included; one of them may be missing."""

    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _forward(self) -> ValidityTable:
        if self.first is None and self.last is None:
            raise wanted("from, to, or both")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise wanted("to on or after from")
        return self

    def made(self) -> Validity:
        """The days as a value."""
        return Validity(first=self.first, last=self.last)


class ClauseTable(StrictModel):
    """The keys that every clause's table has, whatever its kind.

    A kind's own table adds what only that kind says, and `deduct` and `lose` in its own form.
    """

    id: Word
    clause: Word
    title: Word
    kind: Word
    points: Points | None = None
    valid: ValidityTable | None = None

    @model_validator(mode="after")
    def _scored(self) -> ClauseTable:
        if getattr(self, "lose", None) is not None and self.points is None:
            raise wanted("points, where lose takes from them")
        if self.points is not None and self.points <= 0:
            raise wanted("points above 0")
        return self

    def clause_values(self) -> dict[str, Any]:
        """What the table says, under the names of the clause's attributes."""
        return values_of(self)


def clause_of(table: ClauseTable, make: type[Clause], line: int) -> Clause:
    """The clause of a table that was read; `line` is where the file says it."""
    known = {field.name for field in fields(make)}
    values = {
        name: value.made() if hasattr(value, "made") else value
        for name, value in table.clause_values().items()
        if name in known
    }
    return make(**values, line=line)
