"""Which checks and assets failed again and again in a period: most incidents first, then most overtime."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sla.contract.clauses.repair import RepairClause
from sla.measure.money import ZERO
from sla.obligations.availability import AvailabilityItem
from sla.obligations.repair import RepairItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from sla.incidents.incident import Incident
    from sla.judge.judgement import Judgement
    from sla.measure.analysis import Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """A check or an asset. `overtime` in working milliseconds over all repair clauses; `late` incidents of them.

    `blips` are incidents too short to be tested, not among `incidents`. `down` in milliseconds: of the
    availability clause that counted most; None for a check. `deduction` as billed by incident, before
    the clause's cap of a month.
    """

    id: str
    name: str
    incidents: int = 0
    blips: int = 0
    late: int = 0
    overtime: int = 0
    deduction: Decimal = ZERO
    down: int | None = None


def offenders(
    judgements: tuple[Judgement, ...], incidents: Iterable[Incident], analysis: Analysis
) -> tuple[tuple[Offender, ...], tuple[Offender, ...]]:
    """(checks, assets) with anything to their name, the worst first."""
    by_check: dict[str, Offender] = {}

    def add(check: str, **more: int | Decimal) -> None:
        known = by_check.setdefault(check, Offender(id=check, name=_name(check, analysis)))
        by_check[check] = replace(known, **{name: getattr(known, name) + value for name, value in more.items()})

    for incident in incidents:
        add(incident.check, **{"blips" if incident.blip else "incidents": 1})
    for limit, item in _repairs(judgements):
        late = item.verdict == "breached" and not item.carried
        if late or item.deduction:
            overtime = max(item.elapsed - limit, 0) if late else 0
            add(item.check, late=int(late), overtime=overtime, deduction=item.deduction)
    return _ranked(by_check.values()), _ranked(_by_asset(by_check, _downtimes(judgements), analysis))


def _repairs(judgements: tuple[Judgement, ...]) -> Iterator[tuple[int, RepairItem]]:
    """(limit, item) of every repair clause and month; an incident is decided in one month only."""
    for judgement in judgements:
        for result in judgement.obligations:
            clause = result.obligation
            if isinstance(clause, RepairClause):
                yield from ((clause.limit, item) for item in result.items if isinstance(item, RepairItem))


def _downtimes(judgements: tuple[Judgement, ...]) -> dict[str, int]:
    """Asset → its down time in the availability clause in which it has most."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for judgement in judgements:
        for result in judgement.obligations:
            for item in result.items:
                if isinstance(item, AvailabilityItem):
                    sums[item.asset, result.obligation.id] += item.down
    found: dict[str, int] = {}
    for (asset, _), down in sums.items():
        found[asset] = max(down, found.get(asset, 0))
    return found


def _by_asset(by_check: dict[str, Offender], downtimes: dict[str, int], analysis: Analysis) -> list[Offender]:
    found: dict[str, Offender] = {}
    for check, each in by_check.items():
        asset = analysis.evidence.checks[check].asset
        known = found.get(asset) or Offender(id=asset, name=_asset_name(asset, analysis), down=downtimes.get(asset))
        found[asset] = replace(
            known,
            incidents=known.incidents + each.incidents,
            blips=known.blips + each.blips,
            late=known.late + each.late,
            overtime=known.overtime + each.overtime,
            deduction=known.deduction + each.deduction,
        )
    return list(found.values())


def _ranked(found: Iterable[Offender]) -> tuple[Offender, ...]:
    return tuple(sorted(found, key=lambda one: (-one.incidents, -one.overtime, -one.deduction, -one.blips, one.id)))


def _name(check: str, analysis: Analysis) -> str:
    return _asset_name(analysis.evidence.checks[check].asset, analysis)


def _asset_name(asset: str, analysis: Analysis) -> str:
    found = analysis.evidence.assets.get(asset)
    return "" if found is None else found.name
