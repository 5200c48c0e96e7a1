"""Every asset's and check's definitions over time, put together (SPEC §1), and what contradicts in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from config.text.sentence import Sentence
from sla.contract.calendars import local_day
from sla.evidence.instants import month_of
from sla.evidence.intervals import BEGINNING, END, NEVER, intersection
from sla.evidence.refusals import Problem
from sla.history.definitions import (
    DefinitionHistory,
    breaks_in,
    parts_of,
    returned_at,
    service_of,
    under_one_name,
)
from sla.history.topology import CircleError, epochs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sla.evidence.intervals import Intervals
    from sla.evidence.records import Asset, Check
    from sla.history.naming import Naming
    from sla.history.settlements import Settlements

    Placed = tuple[int, Any]
    Assets = Mapping[str, DefinitionHistory[Asset]]
    Checks = Mapping[str, DefinitionHistory[Check]]


def asset_histories(
    naming: Naming, placed: Mapping[str, Sequence[Placed]], settlements: Settlements | None
) -> dict[str, DefinitionHistory[Asset]]:
    """Newest id → its history. `placed`: any id → its definitions, each behind its line."""
    found: dict[str, DefinitionHistory[Asset]] = {}
    for name, ids in naming.lines["asset"].ids.items():
        definitions = _named(naming, (each for one in ids for each in placed[one]))
        parts = parts_of((each for _, each in definitions), ids, settlements)
        service = service_of(parts)
        found[name] = DefinitionHistory(
            id=name, ids=ids, definitions=definitions, parts=under_one_name(parts, name), service=service
        )
    return found


def check_histories(
    naming: Naming, placed: Mapping[str, Sequence[Placed]], settlements: Settlements | None, assets: Assets
) -> dict[str, DefinitionHistory[Check]]:
    """Newest id → its history, of the checks whose asset somebody defined; in service only while its asset is."""
    found: dict[str, DefinitionHistory[Check]] = {}
    for name, ids in naming.lines["check"].ids.items():
        definitions = _of_one_asset(naming, [each for one in ids for each in placed[one]])
        if definitions:
            parts = parts_of((each for _, each in definitions), ids, settlements)
            asset = assets[parts[0].definition.asset]
            own = service_of(parts)
            service = own if own == asset.service else intersection(own, asset.service)
            history = DefinitionHistory(
                id=name, ids=ids, definitions=definitions, parts=under_one_name(parts, name), service=service
            )
            found[name] = history if len(service) < 2 else _split(history, asset, own, settlements)  # noqa: PLR2004
    return found


def stray_histories(
    naming: Naming, placed: Mapping[str, Sequence[Placed]], settlements: Settlements | None, checks: Checks
) -> dict[str, DefinitionHistory[Check]]:
    """Newest id → its history, of the checks whose asset nobody defined: they are never in service."""
    found: dict[str, DefinitionHistory[Check]] = {}
    for name, ids in naming.lines["check"].ids.items():
        if name not in checks:
            definitions = tuple(each for one in ids for each in placed[one])
            parts = parts_of((each for _, each in definitions), ids, settlements)
            found[name] = DefinitionHistory(id=name, ids=ids, definitions=definitions, parts=parts, service=NEVER)
    return found


def _of_one_asset(naming: Naming, placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """A check's definitions; one that names an asset that nobody defined is of the others' asset."""
    named = [(line, each, naming.named(each)) for line, each in placed]
    home = next((known.asset for _, _, known in named if known is not None), None)
    if home is None:
        return ()
    return tuple((line, replace(each, asset=home) if known is None else known) for line, each, known in named)


def _named(naming: Naming, placed: Iterable[Placed]) -> tuple[Placed, ...]:
    named = ((line, naming.named(each)) for line, each in placed)
    return tuple((line, each) for line, each in named if each is not None)


def _split(
    history: DefinitionHistory[Check],
    asset: DefinitionHistory[Asset],
    own: Intervals,
    settlements: Settlements | None,
) -> DefinitionHistory[Check]:
    """The check with its stints: those breaks part it whose month was settled before the return was recorded."""
    edges = [
        end
        for begin, end in breaks_in(history.service)
        if settlements is not None
        and settlements.is_settled_before(
            month_of(local_day(begin, settlements.timezone)), _returned(history, asset, own, end)
        )
    ]
    stints = tuple(zip([BEGINNING, *edges], [*edges, END], strict=True))
    return replace(history, stints=stints)


def _returned(history: DefinitionHistory[Check], asset: DefinitionHistory[Asset], own: Intervals, at: int) -> int:
    """The first R with which it was known that the check comes back at `at` (ms), it and its asset."""
    stamps = [returned_at(history.definitions, history.parts, at)] if _begins(own, at) else []
    if _begins(asset.service, at):
        stamps.append(returned_at(asset.definitions, asset.parts, at))
    return max(stamps)


def _begins(service: Intervals, at: int) -> bool:
    return any(begin == at for begin, _ in service)


def contradictions(assets: Assets, checks: Checks) -> Iterator[Problem]:
    """A check that changes its asset, two reach checks of one asset at one time, a circle at any instant."""
    for check in checks.values():
        line, first = check.definitions[0]
        for line, each in check.definitions:
            if each.asset != first.asset:
                sentence = "asset: check {check} is of {one}, and cannot become one of {other}"
                yield Problem(
                    line, Sentence(sentence, check=repr(each.id), one=repr(first.asset), other=repr(each.asset))
                )
    yield from _two_reach_checks(checks)
    try:
        epochs_of(assets)
    except CircleError as error:
        line = assets[error.circle[0]].definitions[-1][0]
        yield Problem(line, Sentence("behind: a circle, {circle}", circle=str(error)))


def _two_reach_checks(checks: Checks) -> Iterator[Problem]:
    reaching: dict[str, list[tuple[str, Intervals]]] = defaultdict(list)
    for check in checks.values():
        when = check.when(lambda definition: definition.reach)
        asset = check.latest.asset
        for other, before in reaching[asset]:
            if intersection(when, before) != NEVER:
                sentence = "reach: asset {asset} has the reach checks {one} and {other}; at most one"
                line = check.definitions[-1][0]
                yield Problem(line, Sentence(sentence, asset=repr(asset), one=repr(other), other=repr(check.id)))
        if when:
            reaching[asset].append((check.id, when))
