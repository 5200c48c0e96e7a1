"""What one look at one thing came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["ok", "fail", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`ok`, `fail` (the asset's fault) or `none` (ours: it says nothing about the asset).

    `reason` is a stable English word or phrase that engineers can search for, empty when ok;
    `metrics` are numbers whose unit stands in their name (`rtt_ms`, `days_left`, `loss_ratio`).
    """

    outcome: Verdict
    reason: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)


_SET_OUTCOME, _SET_REASON, _SET_METRICS = (vars(Outcome)[each].__set__ for each in ("outcome", "reason", "metrics"))


def ok(**metrics: float) -> Outcome:
    """The asset answered as it should.

    Most outcomes are this one, thousands of them a second: so it is made at half the price of calling its class.
    """
    made = object.__new__(Outcome)
    _SET_OUTCOME(made, "ok")
    _SET_REASON(made, "")
    _SET_METRICS(made, metrics)
    return made


def fail(reason: str, **metrics: float) -> Outcome:
    """The asset did wrong; `reason` says what in words that an engineer can act on."""
    return Outcome(outcome="fail", reason=reason, metrics=metrics)


def none(reason: str) -> Outcome:
    """We could not look; the fault is ours."""
    return Outcome(outcome="none", reason=reason)
