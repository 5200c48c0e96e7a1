"""How the results of an obligation kind are written as JSON; `sla.reports.json.registry` has one for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sla.reports.json.numbers import share

if TYPE_CHECKING:
    from collections.abc import Callable

    from sla.obligations.result import AnyResult


def no_figures(_result: AnyResult) -> dict[str, Any]:
    """Nothing beside value, verdict and money."""
    return {}


def bounds(result: AnyResult) -> dict[str, Any]:
    """The bounds of the value and the coverage, for kinds that have them."""
    return {"low": share(result.low), "high": share(result.high), "coverage": share(result.coverage)}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindJson:
    """`item`: an item of the kind as an object. `figures`: what an obligation of the kind says beside its value."""

    item: Callable[[Any], dict[str, Any]]
    figures: Callable[[Any], dict[str, Any]] = no_figures
