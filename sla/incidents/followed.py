"""One check's readings as they come in, kept as the sides that its definitions make of them (SPEC §1, §2)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from sla.evidence.intervals import BEGINNING
from sla.evidence.runs import Runs, RunsBuilder, joined
from sla.incidents.sides import Side, gap_of, service_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.contract.model import Measurement
    from sla.evidence.records import Check
    from sla.history.definitions import DefinitionHistory


class FollowedCheck:
    """Grows a check's sides one reading at a time; equal to what `sides_of` makes of all of them."""

    __slots__ = ("_begin", "_builder", "_check", "_done", "_fixed", "_rules", "_stint")

    def __init__(self, check: DefinitionHistory[Check], rules: Measurement) -> None:
        self._check = check
        self._rules = rules
        self._done: list[Runs] = []
        """The readings of the stints that are over, one each."""
        self._stint = 0
        self._fixed: list[tuple[int, Runs]] = []
        """Readings of the stint that were made under another G, each behind the instant from which on it held."""
        self._begin = BEGINNING
        """From when on the builder's G holds."""
        self._builder = RunsBuilder(gap_of(check.parts[0].definition, rules))

    def preload(self, sides: Sequence[Side]) -> None:
        """Take over what `sides_of` found; before any reading is observed."""
        self._done = [side.runs for side in sides[:-1]]
        self._stint = len(sides) - 1
        runs = sides[-1].runs
        self._builder = RunsBuilder(runs.gap)
        if runs.gaps:
            self._fixed, self._begin = [(BEGINNING, runs)], runs.gaps[-1][0]
            return
        for run in runs.runs:
            if run.ok:
                self._builder.add_ok_run(run.first, run.last)
            else:
                fails = runs.fails[bisect_left(runs.fails, run.first) : bisect_right(runs.fails, run.last)]
                self._builder.extend((at, False) for at in fails)

    def observe(self, at: int, *, ok: bool) -> bool:
        """Take one reading that is not `none`, in time order; whether it lies in the check's service."""
        if not self._check.serves(at):
            return False
        while at >= self._check.stints[self._stint][1]:
            self._done.append(self._runs())
            self._stint += 1
            self._fixed, self._begin = [], BEGINNING
            self._builder = RunsBuilder(gap_of(self._check.at(at), self._rules))
        gap = gap_of(self._check.at(at), self._rules)
        if gap != self._builder.gap:
            if self._builder.newest is not None:
                self._fixed.append((self._begin, self._builder.build()))
            self._begin, self._builder = self._check.part_at(at).begin, RunsBuilder(gap)
        self._builder.add(at, ok=ok)
        return True

    def _runs(self) -> Runs:
        return joined([*self._fixed, (self._begin, self._builder.build())])

    def sides(self, now: int) -> tuple[Side, ...]:
        """The sides so far, as they are known at `now` (ms)."""
        found = [*self._done, self._runs()]
        found += [Runs(found[-1].gap, (), ())] * (len(self._check.stints) - len(found))
        return tuple(
            Side(*stint, runs, service_end(self._check, stint, now))
            for stint, runs in zip(self._check.stints, found, strict=True)
        )

    @property
    def newest(self) -> tuple[int, bool] | None:
        """The last instant and whether it is ok; None without any reading."""
        if self._builder.newest is not None:
            return self._builder.newest
        last = next((runs.runs[-1] for _, runs in reversed(self._fixed) if runs.runs), None)
        return last and (last.last, last.ok)
