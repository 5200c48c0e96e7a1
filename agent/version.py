"""Which program this is."""

from __future__ import annotations

from importlib.metadata import version


def software() -> str:
    """Name and version of this program, as the ledger keeps it with every entry."""
    return f"sla-agent {version('sla-agent')}"
