"""Incidents of a check (SPEC §3): which fails belong together, where each began and ended.

One function, driven live by the agent (`sla.incidents.fold`) and in hindsight by `sla.judge.judge`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import Intervals, contains

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.model import Doubt, Measurement
    from sla.evidence.runs import Run, Runs


class Incident(NamedTuple):
    """One fault of one check. Its true end lies in (last_fail, restored]; both are told, none invented.

    `began_after`: the last ok reading before `detected`, or None. `restored`: the first ok reading
    after `last_fail`, or None while there is none. `closed`: a stable run follows `last_fail`.
    `withdrawn`: when its check went out of service before that, and stayed out; None otherwise.
    """

    check: str
    detected: int
    began_after: int | None
    last_fail: int
    restored: int | None
    closed: bool
    blip: bool = False
    withdrawn: int | None = None

    @property
    def over_at(self) -> int | None:
        """When it is over for whoever lists it: `restored`, or `withdrawn` while that is None; None: it goes on."""
        return self.withdrawn if self.restored is None else self.restored

    def end(self, doubt: Doubt) -> int | None:
        """Its End by `doubt`; None while not restored, unless the vendor has the benefit of it."""
        return end_by(doubt, self.last_fail, self.restored)


def end_by(doubt: Doubt, last_fail: int, restored: int | None) -> int | None:
    """SPEC §3: vendor: last_fail; customer: restored; split: the middle, rounded down to the millisecond."""
    if doubt == "vendor" or restored is None:
        return last_fail if doubt == "vendor" else None
    return restored if doubt == "customer" else (last_fail + restored) // 2


class _Open:
    """The incident being followed, and the ok readings behind its last fail."""

    __slots__ = ("began_after", "detected", "last_fail", "restored", "stable")

    def __init__(self, detected: int, began_after: int | None) -> None:
        self.detected = detected
        self.began_after = began_after
        self.last_fail = detected
        self.restored: int | None = None
        self.stable = False


def incidents_of(
    check: str, runs: Runs, shadow: Intervals, rules: Measurement, ended: int | None = None
) -> tuple[Incident, ...]:
    """All incidents of a check, in time order.

    `shadow`: the time in which a fail reading of this check is explained by something else and so
    no incident of its own (`sla.incidents.detection` works it out). `ended`: when the check went out of service.
    """
    return tuple(_sealed(check, each, rules, ended) for each in _followed(runs, shadow, rules.stable_for))


def _followed(runs: Runs, shadow: Intervals, stable_for: int) -> Iterator[_Open]:
    current: _Open | None = None
    last_ok: int | None = None
    chain: tuple[int, int] | None = None
    """First and last instant of ok readings, at most G from one to the next, no unexplained fail among them."""
    for run in runs.runs:
        if run.ok:
            begin = chain[0] if chain and run.first - chain[1] <= runs.gap_at(chain[1]) else run.first
            chain, last_ok = (begin, run.last), run.last
            if current is not None:
                current.restored = run.first if current.restored is None else current.restored
                current.stable = current.stable or run.last - begin >= stable_for
            continue
        unexplained = _unexplained(run, runs, shadow)
        if unexplained is None:
            continue
        chain = None
        if current is None or current.stable:
            if current is not None:
                yield current
            current = _Open(unexplained[0], last_ok)
        current.last_fail, current.restored = unexplained[1], None
    if current is not None:
        yield current


def _unexplained(run: Run, runs: Runs, shadow: Intervals) -> tuple[int, int] | None:
    """First and last unexplained fail of a run of fails; between them no ok reading lies."""
    if not shadow:
        return run.first, run.last
    fails = runs.fails[bisect_left(runs.fails, run.first) : bisect_right(runs.fails, run.last)]
    first = next((at for at in fails if not contains(shadow, at)), None)
    if first is None:
        return None
    return first, next(at for at in reversed(fails) if not contains(shadow, at))


def _sealed(check: str, found: _Open, rules: Measurement, ended: int | None) -> Incident:
    end = end_by(rules.doubt, found.last_fail, found.restored)
    return Incident(
        check=check,
        detected=found.detected,
        began_after=found.began_after,
        last_fail=found.last_fail,
        restored=found.restored,
        closed=found.stable,
        blip=found.stable and end is not None and end - found.detected < rules.ignore_shorter,
        withdrawn=None if found.stable else ended,
    )


def explained_fails(runs: Runs, shadow: Intervals) -> tuple[int, ...]:
    """The fail readings that something else explains, in time order."""
    if not shadow or not runs.fails:
        return ()
    return tuple(at for at in runs.fails if contains(shadow, at))
