"""What all commands share: how they end, and how they refuse."""

from __future__ import annotations

from config.input.usage import BAD_USE, UsageError

__all__ = ["BAD_USE", "NOT_WELL", "NO_AGENT", "OK", "STATUS_FILE", "UsageError", "software"]

STATUS_FILE = "status.json"  # agent.status writes it
OK, NOT_WELL, NO_AGENT = 0, 1, 3


def software() -> str:
    """Name and version of this program, as the ledger keeps it."""
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only wanted by who writes

    return f"sla-agent {version('sla-agent')}"
