"""What has to go into the ledger for it to know the site as it is now: definitions that end and begin (SPEC §1).

Nothing is rewritten. What differs from the definition that governs now gets a new one from now on; what the site no
longer has gets one that ends its service now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sla.evidence.records import Asset, Check
from sla.evidence.site_records import asset_of, check_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from config.site.model import Site
    from sla.history.definitions import DefinitionHistory
    from sla.history.known import Known

D = TypeVar("D", Asset, Check)


def definitions_of(site: Site, stored: Known, now: int) -> Iterator[Asset | Check]:
    """The definitions that the ledger lacks. `stored`: what it knows; `now`: the agent's time, ms.

    Into a ledger without any they go as the site has them. Later, what is new or different begins at the site's
    `from`, or now where the site names none, or one that the ledger has a definition of already.
    """
    is_first = not stored.assets
    yield from _changes([asset_of(asset) for asset in site.assets], stored.assets, now, is_first=is_first)
    yield from _changes(_checks_of(site, stored), stored.checks, now, is_first=is_first)


def _checks_of(site: Site, stored: Known) -> Iterator[Check]:
    """The site's checks; those of an asset that replaces another one replace that one's of the same name."""
    named = {plan.id for plan in site.checks}
    for asset in site.assets:
        for plan in asset.checks:
            check = check_of(plan)
            if asset.replaces is not None and plan.replaces is None:
                before = asset.replaces + plan.id.removeprefix(asset.id)
                if before not in named and before in stored.lines["check"].newest:
                    check = replace(check, replaces=before)
            yield check


def _changes(
    wanted: Iterable[D], stored: Mapping[str, DefinitionHistory[D]], now: int, *, is_first: bool
) -> Iterator[D]:
    known = {name: history for history in stored.values() for name in history.ids}
    kept: set[str] = set()
    for definition in wanted:
        kept |= {definition.id, definition.replaces or definition.id}
        history = known.get(definition.id)
        if history is None:
            yield definition if is_first or definition.begin is not None else replace(definition, begin=now)
        elif not _is_recorded(definition, history, now):
            yield replace(definition, begin=_begin_of(definition, history, now))
    for history in stored.values():
        if not kept.intersection(history.ids) and any(now < end for _, end in history.service):
            yield from _ending(history, now)


def _is_recorded(definition: D, history: DefinitionHistory[D], now: int) -> bool:
    """Whether the ledger says the same of now, or of the site's `from` where that is to come."""
    at = now if definition.begin is None else max(now, definition.begin)
    said = history.governing(at)
    return said is not None and said.end == definition.end and _words(said) == _words(definition)


def _words(definition: D) -> D:
    """What a definition says of any id, whenever it begins and ends."""
    return replace(definition, id="", begin=None, end=None, replaces=None, recorded_at=None)


def _begin_of(definition: D, history: DefinitionHistory[D], now: int) -> int:
    """The instant from which on a definition is to hold that differs from what the ledger has."""
    begin = definition.begin
    if begin is not None and (begin > now or all(each.begin != begin for _, each in history.definitions)):
        return begin
    return now if definition.end is None else min(now, definition.end)


def _ending(history: DefinitionHistory[D], now: int) -> Iterator[D]:
    """What ends a service now, and whatever the ledger has planned of it later."""
    for at in (now, *(part.begin for part in history.parts if part.begin > now)):
        yield replace(history.at(at), begin=at, end=at, recorded_at=None)
