"""What all commands share: how they end, and how they refuse."""

from __future__ import annotations

from config.input.usage import BAD_USE, UsageError

__all__ = ["BAD_USE", "NOT_WELL", "NO_AGENT", "OK", "UsageError"]

OK, NOT_WELL, NO_AGENT = 0, 1, 3
