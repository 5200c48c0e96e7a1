"""`scope` of a clause's table: which assets, and of an incident which severities."""

from __future__ import annotations

from pydantic import model_validator

from config.input.models import OneOrMore, StrictModel, wanted
from sla.evidence.records import Scope


class ScopeTable(StrictModel):
    """`scope`: all given keys must hold, any value of one is enough; `{}` is everything."""

    kind: OneOrMore | None = None
    ids: OneOrMore | None = None
    tags: OneOrMore | None = None

    def made(self) -> Scope:
        """The scope as a value."""
        return Scope(**{name: getattr(self, name) for name in type(self).model_fields})


class SeverityScopeTable(ScopeTable):
    """`scope` of a clause about incidents, which may ask for the severities of checks too."""

    severity: OneOrMore | None = None

    @model_validator(mode="after")
    def _known(self) -> SeverityScopeTable:
        unknown = [each for each in self.severity or () if each not in ("critical", "major", "minor")]
        if unknown:
            raise wanted("severity: one of {names}", names=("critical", "major", "minor"))
        return self
