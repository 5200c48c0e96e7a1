"""What of the evidence was known at an instant (SPEC §1), with each asset and check under its newest name.

Here contradictions are refused, all of them at once, among what was known then only. Whatever comes behind it may
take ids, references and the order of assets for granted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sla.evidence.intervals import BEGINNING, END
from sla.evidence.records import Asset, Check, Diagnosed, Settled
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import EvidenceError
from sla.history.contradictions import among_definitions, among_records
from sla.history.corrections import Correction, corrections_of
from sla.history.histories import asset_histories, check_histories, contradictions, stray_histories
from sla.history.names import Lines, lines_of, refused
from sla.history.naming import Naming
from sla.history.settlements import Settlements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence, ReadingSource
    from sla.evidence.record_type import R, Record
    from sla.evidence.records import Scope
    from sla.history.definitions import DefinitionHistory
    from sla.history.settlements import Settlement

    Placed = tuple[int, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known at `as_of` (ms), under one contract's term and time zone.

    `assets`, `checks`: newest id → its definitions over time; `strays`: of checks whose asset nobody defined.
    `records`: class → those that stand: nothing that was taken back, no id that nobody defined, every id the newest
    one. `lines`: of assets ("asset") and of checks ("check"), which ids are one. `unknown`: ids that no known
    definition has. `left_out`: how many records are later.
    """

    as_of: int
    readings: ReadingSource
    assets: Mapping[str, DefinitionHistory[Asset]]
    checks: Mapping[str, DefinitionHistory[Check]]
    strays: Mapping[str, DefinitionHistory[Check]]
    records: Mapping[type[Record], tuple[Any, ...]]
    lines: Mapping[str, Lines]
    settlements: Settlements | None
    corrections: tuple[Correction, ...]
    unknown: frozenset[str]
    left_out: int

    def of(self, record: type[R]) -> tuple[R, ...]:
        """All standing records of one class, in no order. Assets, checks and readings have fields of their own."""
        return self.records.get(record, ())

    def settled(self, month: str) -> Settlement | None:
        """The settlement of a month that stands; None while it is not settled."""
        return None if self.settlements is None else self.settlements.of(month)

    def asset_named(self, name: str) -> str:
        """What the asset of that id is called now; the id itself where nobody defined it."""
        return self.lines["asset"].newest.get(name, name)

    def check_named(self, name: str) -> str:
        """What the check of that id is called now; the id itself where nobody defined it."""
        return self.lines["check"].newest.get(name, name)

    def scope(self, scope: Scope) -> Scope:
        """A scope whose ids are the newest ones."""
        if scope.ids is None:
            return scope
        return replace(scope, ids=tuple(self.asset_named(each) for each in scope.ids))


def known(evidence: Evidence, contract: Contract | None, as_of: int) -> Known:
    """What was known at `as_of` (ms), judged by nobody yet. EvidenceError for all that contradicts in it.

    `contract` says which months can be settled; None: nothing is.
    """
    found = {
        cls: tuple((line, one) for line, one in placed if type_of(one).known_from(one) <= as_of)
        for cls, placed in evidence.records.items()
    }
    later = sum(len(placed) for placed in evidence.records.values()) - sum(map(len, found.values()))
    assets, checks = _by_id(found.pop(Asset, ())), _by_id(found.pop(Check, ()))
    naming = Naming({"asset": lines_of(assets), "check": lines_of(checks)})
    corrections, problems = corrections_of(found, naming.newest)
    gone = {id(each.record) for each in corrections}
    standing = {cls: tuple(each for each in placed if id(each[1]) not in gone) for cls, placed in found.items()}
    problems += among_records(standing, contract, {each.id for _, each in found.get(Diagnosed, ())})
    settlements = None if contract is None else Settlements(contract, (one for _, one in standing.get(Settled, ())))
    problems += [*among_definitions(assets), *among_definitions(checks)]
    problems += [*refused(assets, settlements), *refused(checks, settlements)]
    if problems:
        raise EvidenceError(evidence.source, problems)
    by_asset = asset_histories(naming, assets, settlements)
    by_check = check_histories(naming, checks, settlements, by_asset)
    strays = stray_histories(naming, checks, settlements, by_check)
    problems += contradictions(by_asset, by_check)
    if problems:
        raise EvidenceError(evidence.source, problems)
    records = {cls: naming.all_named([one for _, one in placed]) for cls, placed in standing.items()}
    _name_readings(evidence.readings, naming, as_of)
    return Known(
        as_of=as_of,
        readings=evidence.readings,
        assets=by_asset,
        checks=by_check,
        strays=strays,
        records={cls: found for cls, found in records.items() if found},
        lines=naming.lines,
        settlements=settlements,
        corrections=tuple(corrections),
        unknown=frozenset(naming.unknown),
        left_out=later,
    )


def _by_id(placed: Sequence[Placed]) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = {}
    for line, definition in placed:
        found.setdefault(definition.id, []).append((line, definition))
    return found


def _name_readings(readings: ReadingSource, naming: Naming, as_of: int) -> None:
    """Note the checks that nobody defined although somebody read them."""
    for check in readings.checks():
        if not naming.is_known("check", check) and any(True for _ in readings.samples(check, BEGINNING, END, as_of)):
            naming.unknown.add(check)
