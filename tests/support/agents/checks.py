"""Checks for tests that need one and do not care about most of it."""

from __future__ import annotations

from typing import Any

from config.site.model import CheckPlan


def check_plan(**changes: Any) -> CheckPlan:
    """A check that is tried once; what is not given is the same for all. `id` and `probe` must be given."""
    usual: dict[str, Any] = {
        "asset": changes["id"],
        "address": "127.0.0.1",
        "interval_ms": 60_000,
        "timeout_ms": 1_000,
        "tries": 1,
        "retry_pause_ms": 0,
        "failing_interval_ms": 10_000,
        "severity": "major",
        "counts": True,
        "reach": False,
        "options": None,
    }
    return CheckPlan(**(usual | changes))
