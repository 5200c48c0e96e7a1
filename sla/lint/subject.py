"""What is linted, and what is found: values that `sla.lint.lint` and `sla.lint.clauses` share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from sla.contract.terms import own_term
from sla.explain.model import Statement  # noqa: TC001 - fields of a named tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.contract.clause import Clause
    from sla.contract.model import Contract, Term
    from sla.evidence.records import Asset, Check

Code = Literal[
    "no_measure",
    "no_number",
    "no_unit",
    "no_source",
    "no_period",
    "no_consequence",
    "too_slow",
    "conflict",
    "cap_too_small",
    "no_cap",
    "no_reach",
    "hidden",
    "late_clock",
    "never_met",
    "always_met",
    "bands",
    "points",
    "not_official",
]
KeyPath = tuple[str | int, ...]
WHOLE = ""
"""The clause id of what concerns the contract as a whole."""


class Finding(NamedTuple):
    """One thing that keeps a clause from being tested; `clause` is an obligation's id, or WHOLE."""

    line: int
    clause: str
    code: Code
    statement: Statement
    mend: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What there is to look at. `tells_vendor`: whether alerts have a way to the vendor; None: not known."""

    assets: Mapping[str, Asset]
    checks: Mapping[str, Check]
    tells_vendor: bool | None = None


class Subject:
    """What is linted: the contract, where it says what, and what there is to look at (None: not given)."""

    def __init__(
        self, contract: Contract, line_of: Callable[[KeyPath], int], around: Surroundings | None = None
    ) -> None:
        """`line_of`: the line of a key; of an obligation by its place among `contract.obligations`."""
        self.contract = contract
        self.line_of = line_of
        self.around = around
        self._places = {each.id: place for place, each in enumerate(contract.obligations)}

    def at(self, clause: Clause, *keys: str) -> int:
        """The line of a key of an obligation, or of the obligation."""
        return self.line_of(("obligations", self._places[clause.id], *keys))

    def finding(
        self, code: Code, clause: Clause, keys: tuple[str, ...], statement: Statement, mend: Statement
    ) -> Finding:
        """A finding about an obligation, at the first of the keys that the file has."""
        return Finding(self.at(clause, *keys), clause.id, code, statement, mend)

    def term(self, clause: Clause) -> Term:
        """The clause's own term; of one without a day of the contract's, the contract's."""
        return own_term(self.contract, clause) or self.contract.term

    def assets_of(self, clause: Clause) -> list[Asset]:
        """The assets in scope; none without surroundings."""
        return (
            []
            if self.around is None
            else [each for each in self.around.assets.values() if clause.scope.holds_asset(each)]
        )

    def checks_of(self, clause: Clause) -> list[Check]:
        """The checks in scope; none without surroundings."""
        if self.around is None:
            return []
        assets = self.around.assets
        return [each for each in self.around.checks.values() if clause.scope.holds_check(assets[each.asset], each)]


def amounts_of(rule: object) -> dict[str, Decimal]:
    """Key → amount of a deduction rule: what one unit, breach, period or asset costs."""
    names = getattr(rule, "__dataclass_fields__", {})
    found = {name: getattr(rule, name) for name in names if name not in ("cap", "cap_each", "per_unit")}
    return {name: value for name, value in found.items() if isinstance(value, Decimal)}
