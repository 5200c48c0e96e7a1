"""Monthly seals: one root over the whole chain so far, as a text that both parties sign.

The text has the form of a C2SP checkpoint: origin, size, root in base64. Sign it on paper, or with
Ed25519 (`ssh-keygen -Y sign`); the next month's entries go on from what was signed.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sla.ledger.verifier import Tree

if TYPE_CHECKING:
    import sqlite3


def tree_root(connection: sqlite3.Connection) -> str:
    """The Merkle root of RFC 6962 over the hashes of all entries, 64 hex digits."""
    tree = Tree()
    for (digest,) in connection.execute("SELECT hash FROM entries ORDER BY seq"):
        tree.add(digest)
    return tree.root()


def checkpoint(site: str, size: int, root: str) -> str:
    """The text that is signed: the tree over the first `size` entries of the site's ledger."""
    return f"sla-ledger/1/{site}\n{size}\n{base64.b64encode(bytes.fromhex(root)).decode()}\n"
