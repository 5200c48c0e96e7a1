"""The ledger: what was seen and said, kept so that neither party can change it unseen (docs/ledger.md)."""

from sla.ledger.chain import Entry, Head, Stamp, StoredEntry
from sla.ledger.errors import (
    LedgerBusyError,
    LedgerDamagedError,
    LedgerError,
    LedgerFullError,
    LedgerMissingError,
    LedgerVersionError,
)
from sla.ledger.store import Ledger
from sla.ledger.view import LedgerView

__all__ = [
    "Entry",
    "Head",
    "Ledger",
    "LedgerBusyError",
    "LedgerDamagedError",
    "LedgerError",
    "LedgerFullError",
    "LedgerMissingError",
    "LedgerVersionError",
    "LedgerView",
    "Stamp",
    "StoredEntry",
]
