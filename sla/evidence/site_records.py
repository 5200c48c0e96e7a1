"""What a site file says, as the records of SPEC §1: for the agent's ledger, and for lint around a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.evidence.records import Asset, Check

if TYPE_CHECKING:
    from config.site.model import CheckPlan, SiteAsset


def asset_of(asset: SiteAsset) -> Asset:
    """The asset as evidence; its address is no evidence and stays out."""
    return Asset(
        id=asset.id,
        kind=asset.kind,
        name=asset.name,
        tags=asset.tags,
        behind=asset.behind,
        behind_any=asset.behind_any,
        begin=asset.begin,
        end=asset.end,
        replaces=asset.replaces,
    )


def check_of(plan: CheckPlan) -> Check:
    """The check as evidence, with the kind of probe beside what SPEC names."""
    return Check(
        id=plan.id,
        asset=plan.asset,
        interval_ms=plan.interval_ms,
        severity=plan.severity,
        counts=plan.counts,
        reach=plan.reach,
        begin=plan.begin,
        end=plan.end,
        replaces=plan.replaces,
        extra={"probe": plan.probe},
    )
