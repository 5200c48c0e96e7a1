"""What a site file says, as the records of SPEC §1 that go into the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sla.evidence.site_records import asset_of, check_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.site.model import Site
    from sla.evidence.records import Asset, Check


def definitions_of(site: Site, stored: Mapping[str, Check]) -> Iterable[Asset | Check]:
    """What the ledger has to know of the site. `stored`: the checks that it knows already.

    An asset has at most one reach check: one that the site no longer has gives that up to its successor.
    """
    yield from (asset_of(asset) for asset in site.assets)
    current = {plan.id for plan in site.checks}
    reaching = {plan.asset for plan in site.checks if plan.reach}
    for check in stored.values():
        if check.id not in current and check.reach and check.asset in reaching:
            yield replace(check, reach=False)
    yield from (check_of(plan) for plan in site.checks)
