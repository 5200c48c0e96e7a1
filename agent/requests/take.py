"""The request `take`: records that people made are put on record, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.requests.host import head_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.requests.host import Host


async def take(host: Host, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Take in `lines`, JSON Lines of evidence; `source` names them in what is said of a bad one.

    `records` of the answer: how many. Before anything is written: LedgerError where there is no ledger,
    EvidenceError with every bad line.
    """
    from agent.ledger import intake  # noqa: PLC0415 - numpy, 0.13 s that a status without an agent need not wait

    host.require_ledger()
    source = str(request.get("source", "request"))
    records = intake.parse(request["lines"], source)
    receipt = await host.write(
        lambda ledger, stamp: intake.take(ledger, records, source=source, actor=actor, stamp=stamp)
    )
    if receipt.is_past:
        host.outdate()
    return {"records": receipt.records, **head_of(receipt.head)}
