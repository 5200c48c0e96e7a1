"""The two ways in which a look can end without an answer: the asset's fault, and ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from probes.outcome import Outcome, fail, none
from probes.reasons import because

if TYPE_CHECKING:
    from collections.abc import Awaitable


class AssetFaultError(Exception):
    """The asset did wrong: the look is `fail`. `reason` as in probes/reasons.py."""

    def __init__(self, phrase: str, detail: object = "", **metrics: float) -> None:
        self.reason = because(phrase, detail)
        self.metrics = metrics
        super().__init__(self.reason)


class OwnFaultError(Exception):
    """We, or what we stand on, could not look: the look is `none`."""

    def __init__(self, phrase: str, detail: object = "") -> None:
        self.reason = because(phrase, detail)
        super().__init__(self.reason)


async def judged(look: Awaitable[Outcome]) -> Outcome:
    """The outcome of a look whose faults are told apart by these two exceptions; any other is let through."""
    try:
        return await look
    except AssetFaultError as fault:
        return fail(fault.reason, **fault.metrics)
    except OwnFaultError as fault:
        return none(fault.reason)
