"""Files that commands make of the ledger, and what is put on record of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from agent.requests.asking import answer_to

if TYPE_CHECKING:
    from pathlib import Path

    from sla.ledger import Head


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def note_file(state: Path, kind: str, path: Path, head: Head | None = None) -> dict[str, Any]:
    """Put on record that a file with this content is there now; `head`: where the ledger ended that it was made of.

    `kind`: one of `agent.requests.note.NOTED`. The name is kept without its directory, which may tell more than it
    should. The answer has the ledger's head after it.
    """
    body: dict[str, Any] = {"file": path.name, "sha256": sha256_of(path)}
    if head is not None:
        body["head"] = {"seq": head.seq, "hash": head.hash}
    return answer_to(state, {"ask": "note", "kind": kind, "body": body})
