"""What judging needs of a check's readings: runs of like outcome, and each fail's instant.

A month of one-minute readings is 44,640 numbers, of which almost all say "still ok". A `Runs` says
the same in a handful: SPEC §2 and §3 ask only where an outcome changed, where nobody looked for
longer than G, and when each fail was. The store builds one from summaries without unpacking a
reading (`add_ok_run`); an evidence file and the live agent build one reading at a time (`add`).
All three give equal `Runs`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray


class Run(NamedTuple):
    """Successive readings of one outcome (`none` dropped), none more than G after the one before."""

    first: int
    last: int
    ok: bool


@dataclass(frozen=True, slots=True)
class Runs:
    """A check's whole past as far as judging asks: runs in time order, and all fails in time order.

    Two neighbouring runs either differ in outcome or are more than G apart. `gap`: G in milliseconds; where the
    check's interval changed, `gaps` has each G behind the instant from which on it holds, and `gap` is the last one.
    """

    gap: int
    runs: tuple[Run, ...]
    fails: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...] = ()

    def gap_at(self, at: int) -> int:
        """G of a reading at that instant, in milliseconds (SPEC §2)."""
        if not self.gaps:
            return self.gap
        return self.gaps[max(0, bisect_right(self.gaps, at, key=itemgetter(0)) - 1)][1]

    @property
    def last_at(self) -> int | None:
        """The last reading that was not `none`, or None without any."""
        return self.runs[-1].last if self.runs else None


class RunsBuilder:
    """Grows a `Runs` in time order; at one instant fail wins over ok, in any order (SPEC §1).

    The newest reading is held back until a later one comes, since its instant may be said twice.
    """

    __slots__ = ("_fails", "_gap", "_held_at", "_held_ok", "_runs")

    def __init__(self, gap: int) -> None:
        self._gap = gap
        self._runs: list[Run] = []
        self._fails: list[int] = []
        self._held_at: int | None = None
        self._held_ok = True

    def add(self, at: int, *, ok: bool) -> None:
        """Add one reading that is not `none`; `at` must not be before the last one."""
        held = self._held_at
        if held is None:
            self._held_at, self._held_ok = at, ok
        elif at == held:
            self._held_ok = self._held_ok and ok
        elif at > held:
            self._settle(held, held, ok=self._held_ok)
            self._held_at, self._held_ok = at, ok
        else:
            msg = f"readings must come in time order: {at} after {held}"
            raise ValueError(msg)

    def add_ok_run(self, first: int, last: int) -> None:
        """Add ok readings from first to last of which the caller knows that no gap exceeds G."""
        self.add(first, ok=True)
        if last > first:
            if not self._held_ok:  # a fail at the very instant `first` wins; the run goes on behind it
                self._settle(first, first, ok=False)
                self._held_at, self._held_ok = last, True
                return
            self._settle(first, first, ok=True)
            tail = self._runs[-1]
            self._runs[-1] = Run(tail.first, last, True)  # noqa: FBT003 - positional by nature
            self._held_at, self._held_ok = last, True

    def extend(self, readings: Iterable[tuple[int, bool]]) -> None:
        """Add readings that are not `none`, as (instant in ms, is it ok), in time order."""
        for at, ok in readings:
            self.add(at, ok=ok)

    def _settle(self, first: int, last: int, *, ok: bool) -> None:
        runs = self._runs
        if not ok:
            self._fails.append(first)
        if runs and runs[-1].ok == ok and first - runs[-1].last <= self._gap:
            runs[-1] = Run(runs[-1].first, last, ok)
        else:
            runs.append(Run(first, last, ok))

    @property
    def gap(self) -> int:
        """The longest time between two readings of one run, in milliseconds (SPEC §2: G)."""
        return self._gap

    @property
    def newest(self) -> tuple[int, bool] | None:
        """The last instant and whether it is ok; None without any reading."""
        return None if self._held_at is None else (self._held_at, self._held_ok)

    def build(self) -> Runs:
        """The readings so far; the builder can go on growing."""
        runs, fails = list(self._runs), list(self._fails)
        if self._held_at is not None:
            at, ok = self._held_at, self._held_ok
            if not ok:
                fails.append(at)
            if runs and runs[-1].ok == ok and at - runs[-1].last <= self._gap:
                runs[-1] = Run(runs[-1].first, at, ok)
            else:
                runs.append(Run(at, at, ok))
        return Runs(self._gap, tuple(runs), tuple(fails))


def joined(parts: Sequence[tuple[int, Runs]]) -> Runs:
    """Runs that follow each other in time as one, each behind the instant from which on its (first) G holds."""
    if len(parts) == 1:
        return parts[0][1]
    runs: list[Run] = []
    gap = 0
    for _, part in parts:
        if part.runs:
            (first, last, ok), rest = part.runs[0], part.runs[1:]
            if runs and runs[-1].ok == ok and first - runs[-1].last <= gap:
                runs[-1] = Run(runs[-1].first, last, ok)
            else:
                runs.append(part.runs[0])
            runs += rest
            gap = part.gap_at(part.runs[-1].last)
    gaps = [gap for begin, part in parts for gap in part.gaps or ((begin, part.gap),)]
    kept = tuple(each for each, before in zip(gaps, [(0, None), *gaps], strict=False) if each[1] != before[1])
    return Runs(
        gaps[-1][1], tuple(runs), tuple(chain.from_iterable(part.fails for _, part in parts)), kept[1:] and kept
    )


def runs_of(ats: NDArray[np.int64], oks: NDArray[np.bool_], gap: int) -> Runs:
    """The runs of readings given as arrays sorted by time, at one instant fail before ok."""
    import numpy as np  # noqa: PLC0415 - judging from a ledger does without, and is done sooner

    if len(ats) == 0:
        return Runs(gap, (), ())
    is_first = np.concatenate(([True], ats[1:] != ats[:-1]))
    ats, oks = ats[is_first], oks[is_first]
    breaks = np.flatnonzero((oks[1:] != oks[:-1]) | (ats[1:] - ats[:-1] > gap))
    firsts = ats[np.concatenate(([0], breaks + 1))]
    lasts = ats[np.concatenate((breaks, [len(ats) - 1]))]
    kinds = oks[np.concatenate(([0], breaks + 1))]
    runs = tuple(map(Run._make, zip(firsts.tolist(), lasts.tolist(), kinds.tolist(), strict=True)))
    return Runs(gap, runs, tuple(ats[~oks].tolist()))
