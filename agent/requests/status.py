"""The request `status`: how the site and the agent are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.requests.host import Host


async def status(host: Host, _actor: str, _request: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of `agent.status`; RefusalError where no agent runs and none ever wrote them."""
    return host.status()
