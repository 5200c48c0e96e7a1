"""What all commands share: how they end, and how they refuse."""

from __future__ import annotations

STATUS_FILE = "status.json"  # agent.status writes it
OK, NOT_WELL, BAD_USE, NO_AGENT = 0, 1, 2, 3


class UsageError(Exception):
    """Something asked for cannot be done; the text tells the person why and what to do."""


def software() -> str:
    """Name and version of this program, as the ledger keeps it."""
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only wanted by who writes

    return f"sla-agent {version('sla-agent')}"
