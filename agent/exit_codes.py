"""How `sla-agent` ends, as docs/alerts.md and the help of `status` promise it."""

from __future__ import annotations

from config.input.usage import BAD_USE

__all__ = ["BAD_USE", "NOT_WELL", "NO_AGENT", "OK"]

OK, NOT_WELL, NO_AGENT = 0, 1, 3
