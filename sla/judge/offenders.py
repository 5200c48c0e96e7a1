"""Which checks and assets failed again and again in a period: most incidents first, then most overtime."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sla.measure.money import ZERO
from sla.obligations.registry import OBLIGATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from sla.incidents.incident import Incident
    from sla.judge.judgement import Judgement
    from sla.measure.analysis import Analysis
    from sla.obligations.kind import Overdue


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
    for item in _overdue(judgements):
        add(item.check, late=int(item.is_late), overtime=item.overtime, deduction=item.deduction)
    return _ranked(by_check.values()), _ranked(_by_asset(by_check, _downtimes(judgements), analysis))


def _overdue(judgements: tuple[Judgement, ...]) -> Iterator[Overdue]:
    for judgement in judgements:
        for result in judgement.obligations:
            overdue = OBLIGATIONS[result.obligation.kind].overdue
            if overdue is not None:
                yield from overdue(result.obligation, result.items)


def _downtimes(judgements: tuple[Judgement, ...]) -> dict[str, int]:
    """Asset → its down time in the clause in which it has most."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for judgement in judgements:
        for result in judgement.obligations:
            down = OBLIGATIONS[result.obligation.kind].down
            for asset, ms in () if down is None else down(result.obligation, result.items):
                sums[asset, result.obligation.id] += ms
    found: dict[str, int] = {}
    for (asset, _), ms in sums.items():
        found[asset] = max(ms, found.get(asset, 0))
    return found


def _by_asset(by_check: dict[str, Offender], downtimes: dict[str, int], analysis: Analysis) -> list[Offender]:
    found: dict[str, Offender] = {}
    for check, each in by_check.items():
        asset = analysis.asset_of(check)
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
    return _asset_name(analysis.asset_of(check), analysis)


def _asset_name(asset: str, analysis: Analysis) -> str:
    found = analysis.known.assets.get(asset)
    return "" if found is None else found.latest.name
