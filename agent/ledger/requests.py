"""What commands ask of the ledger: the running agent does it, or, where none runs, the command itself.

Each is given the open ledger, the clocks, who asks by the kernel's word, and the request; it gives
the keys of the answer. A refusal is `{"error": …}`, decided before anything is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.contract.calendars import month_span
from sla.evidence.instants import format_instant
from sla.ledger import Entry
from sla.ledger.seals import COUNTERSIGNED, MONTH_SEAL, PARTIES
from sla.ledger.signing import KeyUnusableError, is_signed_by, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.ledger import Ledger, Stamp

    Work = Callable[[Ledger, Stamp, str, Mapping[str, Any]], dict[str, Any]]

NOTED = ("backup", "bundle", "report")
"""Kinds of entries that say what was made of the ledger, with the head that it ends at or its hash."""
_TIME_ZONE_MS = 14 * 3_600_000
"""No place on Earth is further behind UTC than 12 hours, or ahead than 14."""


def note(ledger: Ledger, stamp: Stamp, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Put on record that a backup, a bundle or a report was made."""
    if request.get("kind") not in NOTED or not isinstance(request.get("body"), dict):
        return {"error": f"kind: wanted one of {', '.join(NOTED)}, with a body"}
    ledger.commit(stamp, entries=[Entry(kind=request["kind"], body=request["body"], actor=actor)])
    return _head(ledger)


def compact(ledger: Ledger, stamp: Stamp, _actor: str, _request: Mapping[str, Any]) -> dict[str, Any]:
    """Seal what is due now."""
    return {"sealed": ledger.seal_due(stamp), **_head(ledger)}


def seal(ledger: Ledger, stamp: Stamp, _actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Close a month that is over, and give the text that both parties sign."""
    try:
        _, end = month_span(str(request.get("month")), "UTC")
    except ValueError as error:
        return {"error": f"month: {error}"}
    if stamp.wall_ms < end - _TIME_ZONE_MS:
        return {"error": f"{request['month']} is not over yet; it can be sealed from {format_instant(end)} on"}
    return {"text": ledger.seal_month(stamp, str(request["month"])), **_head(ledger)}


def countersign(ledger: Ledger, stamp: Stamp, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Put on record that a party signed a month's seal: with a key, or on paper."""
    month, party, by = (str(request.get(key, "")) for key in ("month", "party", "by"))
    body = next((each.body for each in ledger.entries((MONTH_SEAL,)) if each.body["month"] == month), None)
    if body is None:
        return {"error": f"{month}: not sealed yet; seal it first: sla-agent seal {month}"}
    if party not in PARTIES or not by:
        return {"error": f"party: wanted one of {', '.join(PARTIES)}, and by whom"}
    said: dict[str, Any] = {"month": month, "party": party, "by": by, "size": body["size"], "root": body["root"]}
    text, key = request.get("text"), str(request.get("key") or "")
    if text is None:
        said["how"] = "paper"
    else:
        why = _refused(str(text), ledger.checkpoint(body), key)
        if why:
            return {"error": why}
        said |= {"how": "ed25519", "note": str(text), "key": key.strip()}
    known = any(each.body == said for each in ledger.entries((COUNTERSIGNED,)))
    if not known:
        ledger.commit(stamp, entries=[Entry(kind=COUNTERSIGNED, body=said, actor=actor)])
    return _head(ledger)


def _refused(note_text: str, wanted: str, key: str) -> str:
    """Why a signed text does not count, or an empty text."""
    if text_of(note_text) != wanted:
        return "the signed text is not that of this ledger's seal; nothing is agreed"
    try:
        return "" if is_signed_by(note_text, key) else "no signature under it is by this key"
    except KeyUnusableError as error:
        return str(error)


def _head(ledger: Ledger) -> dict[str, Any]:
    return {"seq": ledger.head.seq, "hash": ledger.head.hash}


WORK: Mapping[str, Work] = {"note": note, "compact": compact, "seal": seal, "countersign": countersign}
"""Asked for by name over the agent's socket, in the key `ask`."""
