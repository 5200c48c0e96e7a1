"""The request `seal`: a month that is over is closed, for both parties to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.requests.host import head_of
from config.input.mistakes import RefusalError, reason_of
from sla.contract.calendars import month_span
from sla.evidence.instants import format_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.requests.host import Host
    from sla.ledger import Ledger, Stamp

_TIME_ZONE_MS = 14 * 3_600_000
"""No place on Earth is further behind UTC than 12 hours, or ahead than 14."""


async def seal(host: Host, _actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Seal `month` (YYYY-MM); `text` of the answer is what both parties sign, the same however often it is asked.

    RefusalError: that is no month, or it is not over everywhere on Earth.
    """
    return await host.write(lambda ledger, stamp: _seal(ledger, stamp, str(request.get("month"))))


def _seal(ledger: Ledger, stamp: Stamp, month: str) -> dict[str, Any]:
    try:
        _, end = month_span(month, "UTC")
    except ValueError as error:
        raise RefusalError("month: {why}", why=reason_of(error)) from None
    if stamp.wall_ms < end - _TIME_ZONE_MS:
        text = "{month} is not over yet; it can be sealed from {end} on"
        raise RefusalError(text, month=month, end=format_instant(end))
    return {"text": ledger.seal_month(stamp, month), **head_of(ledger.head)}
