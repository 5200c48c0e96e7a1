"""The request `compact`: readings that are due are sealed now instead of at the agent's next turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.requests.host import head_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.requests.host import Host
    from sla.ledger import Ledger, Stamp


async def compact(host: Host, _actor: str, _request: Mapping[str, Any]) -> dict[str, Any]:
    """Seal what is due; `sealed` of the answer: how many blocks."""
    return await host.write(_compact)


def _compact(ledger: Ledger, stamp: Stamp) -> dict[str, Any]:
    return {"sealed": ledger.seal_due(stamp), **head_of(ledger.head)}
