"""The request `note`: a backup, a bundle or a report was made of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.requests.host import head_of
from config.input.mistakes import RefusalError
from sla.ledger import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.requests.host import Host
    from sla.ledger import Ledger, Stamp

NOTED = ("backup", "bundle", "report")
"""Kinds of entries that say what was made of the ledger, with the head that it ends at or its hash."""


async def note(host: Host, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Put it on record: `kind`, one of `NOTED`, and `body`, a JSON object. RefusalError: it is neither."""
    kind, body = request.get("kind"), request.get("body")
    if kind not in NOTED or not isinstance(body, dict):
        raise RefusalError("kind: wanted one of {names}, with a body", names=NOTED)
    entry = Entry(kind=kind, body=body, actor=actor)

    def commit(ledger: Ledger, stamp: Stamp) -> dict[str, Any]:
        ledger.commit(stamp, entries=[entry])
        return head_of(ledger.head)

    return await host.write(commit)
