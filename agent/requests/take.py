"""The request `take`: records that people made are put on record, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.requests.host import head_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.ledger.intake import Receipt
    from agent.requests.host import Host
    from sla.ledger import Ledger, Stamp


async def take(host: Host, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Take in `lines`, JSON Lines of evidence; `source` names them in what is said of a bad one.

    `fills_in`: records without an instant happened now. Of the answer `records`: how many; `advice`: sentences, as
    JSON, of what may not have been meant so. Before anything is written: LedgerError where there is no ledger,
    EvidenceError with every bad line.
    """
    from agent.ledger import intake  # noqa: PLC0415 - numpy, 0.13 s that a status without an agent need not wait

    host.require_ledger()
    source, lines = str(request.get("source", "request")), request["lines"]

    def taken(ledger: Ledger, stamp: Stamp) -> Receipt:
        records = intake.parse(lines, source, stamp.wall_ms if request.get("fills_in") else None)
        return intake.take(
            ledger, records, source=source, actor=actor, stamp=stamp, contract=host.contract, incidents=incidents
        )

    said = intake.parse(lines, source, 0 if request.get("fills_in") else None)  # a bad line is told before we wait
    incidents = host.incidents([str(getattr(each, "check", "")) for _, each in said])
    receipt = await host.write(taken)
    if receipt.is_past:
        host.outdate()
    return {
        "records": receipt.records,
        "advice": [each.as_json() for each in receipt.advice],
        **head_of(receipt.head),
    }
