"""What the parties said about a month, as JSON: claims with their rulings, and maintenance with what it excuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.measure.events import judged_maintenance, ruled_claims
from sla.measure.excuses import is_approved

if TYPE_CHECKING:
    from sla.evidence.records import Claim, Ruling
    from sla.measure.analysis import Analysis
    from sla.measure.events import JudgedMaintenance


def events_json(analysis: Analysis, month: str) -> dict[str, Any]:
    """`claims` and `maintenance` that touch the month, by begin; `ruling` is null while there is none."""
    span, approved = analysis.month_span(month), analysis.excuses.approved
    return {
        "claims": [_claim(each.claim, each.ruling) for each in ruled_claims(analysis, span)],
        "maintenance": [
            _maintenance(each, is_approved=is_approved(each.work, approved))
            for each in judged_maintenance(analysis, span)
        ],
    }


def _claim(claim: Claim, ruling: Ruling | None) -> dict[str, Any]:
    ruled = (
        None if ruling is None else {"accepted": ruling.accepted, "by": ruling.by, "at": format_instant(ruling.at)}
    )
    return {
        "id": claim.id,
        "asset": claim.asset,
        "from": format_instant(claim.begin),
        "to": format_instant(claim.end),
        "cause": claim.cause,
        "by": claim.by,
        "at": format_instant(claim.at),
        "ruling": ruled,
    }


def _maintenance(judged: JudgedMaintenance, *, is_approved: bool) -> dict[str, Any]:
    work = judged.work
    return {
        "id": work.id,
        "from": format_instant(work.begin),
        "to": format_instant(work.end),
        "announced_at": format_instant(work.announced_at),
        "approved": is_approved,
        "excuses": judged.excuses == "yes",
    }
