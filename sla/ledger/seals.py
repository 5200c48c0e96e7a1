"""Monthly seals: one root over the whole chain so far, as a text that both parties sign.

The text has the form of a C2SP checkpoint: origin, size, root in base64; then, as its one extension
line, the head of the ledger at that size, so that the signed paper is a head that a party keeps.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sla.ledger.verifier import Tree

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from typing import Any

MONTH_SEAL = "month_seal"
COUNTERSIGNED = "countersigned"
"""Kinds of entries: a month was closed; a party signed the text of that."""
PARTIES = ("vendor", "customer")


def tree_root(connection: sqlite3.Connection) -> str:
    """The Merkle root of RFC 6962 over the hashes of all entries, 64 hex digits."""
    tree = Tree()
    for (digest,) in connection.execute("SELECT hash FROM entries ORDER BY seq"):
        tree.add(digest)
    return tree.root()


def checkpoint(connection: sqlite3.Connection, site: str, seal: Mapping[str, Any]) -> str:
    """The text that is signed, of a seal's body: the tree over the first `size` entries, and their head."""
    row = connection.execute("SELECT hash FROM entries WHERE seq = ?", (seal["size"],)).fetchone()
    root = base64.b64encode(bytes.fromhex(seal["root"])).decode()
    head = "" if row is None else f"head {seal['size']} {row[0].hex()}\n"
    return f"sla-ledger/1/{site}/{seal['month']}\n{seal['size']}\n{root}\n{head}"
