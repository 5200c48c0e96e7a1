"""The request `countersign`: a party signed a month's seal, with a key or on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.requests.host import head_of
from config.input.mistakes import RefusalError, reason_of
from sla.ledger import Entry
from sla.ledger.seals import COUNTERSIGNED, MONTH_SEAL, PARTIES
from sla.ledger.signing import KeyUnusableError, is_signed_by, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.requests.host import Host
    from sla.ledger import Ledger, Stamp


async def countersign(host: Host, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Put it on record, once however often it is asked for. RefusalError, before anything is written.

    `month`, `party`, `by`: what was signed by whom; with a key also `text`, the signed text, and `key`, the
    signer's verification key.
    """
    return await host.write(lambda ledger, stamp: _countersign(ledger, stamp, actor, request))


def _countersign(ledger: Ledger, stamp: Stamp, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    month, party, by = (str(request.get(key, "")) for key in ("month", "party", "by"))
    seal = next((each.body for each in ledger.entries((MONTH_SEAL,)) if each.body["month"] == month), None)
    if seal is None:
        raise RefusalError("{month}: not sealed yet; seal it first: sla-agent seal {month}", month=month)
    if party not in PARTIES or not by:
        raise RefusalError("party: wanted one of {names}, and by whom", names=PARTIES)
    body: dict[str, Any] = {"month": month, "party": party, "by": by, "size": seal["size"], "root": seal["root"]}
    text, key = request.get("text"), str(request.get("key") or "")
    if text is None:
        body["how"] = "paper"
    else:
        _refuse_unless_signed(str(text), ledger.checkpoint(seal), key)
        body |= {"how": "ed25519", "note": str(text), "key": key.strip()}
    if not any(each.body == body for each in ledger.entries((COUNTERSIGNED,))):
        ledger.commit(stamp, entries=[Entry(kind=COUNTERSIGNED, body=body, actor=actor)])
    return head_of(ledger.head)


def _refuse_unless_signed(note: str, wanted: str, key: str) -> None:
    if text_of(note) != wanted:
        raise RefusalError("the signed text is not that of this ledger's seal; nothing is agreed")
    try:
        if not is_signed_by(note, key):
            raise RefusalError("no signature under it is by this key")
    except KeyUnusableError as error:
        raise RefusalError(reason_of(error)) from None
