"""The two ways in which a look can end without an answer, as exceptions: the asset's fault, and ours."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from probes.outcome import Outcome, fail, none
from probes.reasons import BUG, because

if TYPE_CHECKING:
    from collections.abc import Awaitable

log = logging.getLogger(__name__)


class AssetFaultError(Exception):
    """The asset did wrong: the look is `fail`, for the reason `why`, with these metrics."""

    def __init__(self, phrase: str, *details: object, **metrics: float) -> None:
        """`phrase`, `details`: see `probes.reasons.because`."""
        self.why = because(phrase, *details)
        self.metrics = metrics
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """The text of `why`."""
        return str(self.why)


class OwnFaultError(Exception):
    """We, or what we stand on, could not look: the look is `none`, for the reason `why`."""

    def __init__(self, phrase: str, *details: object) -> None:
        """`phrase`, `details`: see `probes.reasons.because`."""
        self.why = because(phrase, *details)
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """The text of `why`."""
        return str(self.why)


async def judged(look: Awaitable[Outcome]) -> Outcome:
    """The outcome of a look: AssetFaultError is `fail`, OwnFaultError `none`; other exceptions are let through."""
    try:
        return await look
    except AssetFaultError as fault:
        return fail(fault.why, **fault.metrics)
    except OwnFaultError as fault:
        return none(fault.why)


async def settled(look: Awaitable[Outcome]) -> Outcome:
    """The outcome of a look, whatever it raises: for those who look at many things, of which one may go wrong.

    AssetFaultError is `fail`; everything else is ours, and `none`.
    """
    try:
        return await judged(look)
    except Exception as error:  # noqa: BLE001 - the runner's part, where looks are run in batches
        return ours(error)


def ours(error: Exception) -> Outcome:
    """`none` for an exception that is ours. All but an OSError, which is a word of the system, leave a traceback."""
    if isinstance(error, OSError):
        return none(because(type(error).__name__, error.strerror or error))
    log.error("a probe raised; its reading is none", exc_info=error)
    if isinstance(error, ValueError):  # as a rule a mistake in the site's options, of which the probe says what it is
        return none(because(type(error).__name__, error))
    return none(because(BUG, type(error).__name__))
