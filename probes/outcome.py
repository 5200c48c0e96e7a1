"""What one look at one thing came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from config.text.reasons import NO_REASON, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["ok", "fail", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`ok`, `fail` (the asset's fault) or `none` (ours: it says nothing about the asset).

    `why` says what was wrong, and is `NO_REASON` when ok; `metrics` are numbers whose unit stands in their name
    (`rtt_ms`, `days_left`, `loss_ratio`).
    """

    outcome: Verdict
    why: Reason = NO_REASON
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The stable English text that a reading keeps and that engineers can search for; empty when ok."""
        return str(self.why)


_SET_OUTCOME, _SET_WHY, _SET_METRICS = (vars(Outcome)[each].__set__ for each in ("outcome", "why", "metrics"))


def ok(**metrics: float) -> Outcome:
    """The asset answered as it should.

    Most outcomes are this one, thousands of them a second: so it is made at half the price of calling its class.
    """
    made = object.__new__(Outcome)
    _SET_OUTCOME(made, "ok")
    _SET_WHY(made, NO_REASON)
    _SET_METRICS(made, metrics)
    return made


def fail(why: Reason | str, **metrics: float) -> Outcome:
    """The asset did wrong; `why` says what: a reason, or a phrase of probes/reasons.py that needs no detail."""
    return Outcome(outcome="fail", why=_reason(why), metrics=metrics)


def none(why: Reason | str) -> Outcome:
    """We could not look, and the fault is ours; `why` says what hindered us: a reason, or a phrase without detail."""
    return Outcome(outcome="none", why=_reason(why))


def _reason(why: Reason | str) -> Reason:
    return Reason(why) if isinstance(why, str) else why
