"""Clauses of docs/obligations.md made of the keys of a contract file, and readings with a metric as short text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.input.units import duration
from sla.contract.clause_table import clause_of
from sla.contract.tables.registry import CLAUSES
from sla.evidence.records import Delivered, Diagnosed, Reading, Replaced, Scored
from tests.support.timelines import at, evidence_of, judged, records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.contract.clause import Clause
    from sla.contract.model import Contract
    from sla.evidence.records import Record
    from sla.obligations.result import AnyResult

HASH = "ab" * 32
_LOOK = re.compile(r"(ok|fail|none|-|(?:fail:)?-?\d+(?:\.\d+)?)(?:\*(\d+))?")


def clause(kind: str, **keys: Any) -> Clause:
    """A clause of that kind, id X1; keys as in a contract file."""
    model, make = CLAUSES[kind]
    table = model.model_validate({"id": "X1", "clause": "1", "title": "条款", "kind": kind, **keys})
    return clause_of(table, make, 1)


def readings(check: str, metric: str, begin: str, step: str, text: str) -> list[Record]:
    """A reading every step from `begin`: a number (ok with it), `fail:9`, `ok`, `fail`, `none`, `-` for none made.

    `12*30` is thirty of them.
    """
    found: list[Record] = []
    instant, length = at(begin), duration(step)
    for word in text.split():
        match = _LOOK.fullmatch(word)
        assert match is not None, word
        for _ in range(int(match[2] or 1)):
            if match[1] != "-":
                found.append(_reading(check, metric, instant, match[1]))
            instant += length
    return found


def _reading(check: str, metric: str, instant: int, word: str) -> Reading:
    if word in ("ok", "fail", "none"):
        return Reading(check=check, at=instant, outcome=word)  # type: ignore[arg-type]
    outcome, _, number = word.rpartition(":")
    value = float(number) if "." in number else int(number)
    return Reading(check=check, at=instant, outcome="fail" if outcome else "ok", metrics={metric: value, "other": 7})


def delivered(name: str, month: str, when: str, plan: str = "X1", **keys: Any) -> Delivered:
    return Delivered(id=name, plan=plan, month=month, at=at(when), **keys)


def diagnosed(name: str, asset: str, when: str) -> Diagnosed:
    return Diagnosed(id=name, asset=asset, at=at(when), part="电源")


def replaced(name: str, when: str, **keys: Any) -> Replaced:
    return Replaced(diagnosis=name, at=at(when), **keys)


def scored(month: str, score: str, when: str, of: str = "100", plan: str = "X1") -> Scored:
    return Scored(
        plan=plan, month=month, score=Decimal(score), of=Decimal(of), reason="理由", sha256=HASH, at=at(when)
    )


def result(
    what: Contract,
    said: str,
    more: Iterable[Record] = (),
    month: str = "2026-10",
    as_of: str | None = None,
) -> AnyResult:
    """The contract's only clause in that month, of a timeline and of further records."""
    known = evidence_of([*records(said, what.timezone), *more])
    (only,) = judged(what, known, month, as_of).obligations
    return only
