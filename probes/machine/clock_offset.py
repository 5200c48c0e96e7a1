"""How far another clock is from ours, and whether we may say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from probes.machine.clock import is_synchronised
from probes.outcome import Outcome, fail, none, ok
from probes.reasons import CLOCK_OFF, OWN_CLOCK_UNSURE, because

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def offset_verdict(
    metrics: Mapping[str, float], most_ms: int | None, *, trusted: Callable[[], bool] = is_synchronised
) -> Outcome:
    """The outcome of a look that measured `offset_ms` (its clock less ours) to within `error_ms`.

    What the measurement leaves open is held for the asset. `none` where a limit is set and our own clock is not
    synchronised: then nobody knows whose clock is wrong.
    """
    if most_ms is None:
        return ok(**metrics)
    if not trusted():
        return none(OWN_CLOCK_UNSURE)
    if abs(metrics["offset_ms"]) - metrics["error_ms"] > most_ms:
        return fail(because(CLOCK_OFF, f"{metrics['offset_ms'] / 1000:+.1f} s"), **metrics)
    return ok(**metrics)
