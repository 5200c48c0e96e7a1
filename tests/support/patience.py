"""Waiting for what has to come, however busy the machine is: only what never comes reaches the end of it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 300.0
"""So long that load cannot reach it: what takes longer hangs."""
_LOOK_S = 0.02


async def until(holds: Callable[[], Any], what: str = "what was waited for", patience_s: float = PATIENCE_S) -> Any:
    """Wait in the event loop until something is true (its value is returned); fail with `what` if it never is."""
    end = time.monotonic() + patience_s
    while not (found := holds()):
        if time.monotonic() > end:
            msg = f"never came true within {patience_s} s: {what}"
            raise AssertionError(msg)
        await asyncio.sleep(_LOOK_S)
    return found
