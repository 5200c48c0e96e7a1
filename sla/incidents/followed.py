"""One check's readings as they come in, kept as the sides that its definitions make of them (SPEC §1, §2)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from sla.evidence.intervals import BEGINNING
from sla.evidence.runs import Run, Runs, RunsBuilder
from sla.incidents.sides import Side, gap_of, service_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.contract.model import Measurement
    from sla.evidence.records import Check
    from sla.history.definitions import DefinitionHistory


class FollowedCheck:
    """Grows a check's sides one reading at a time; equal to what `sides_of` makes of all of them."""

    __slots__ = ("_builder", "_check", "_done", "_fixed", "_rules", "_stint")

    def __init__(self, check: DefinitionHistory[Check], rules: Measurement) -> None:
        self._check = check
        self._rules = rules
        self._done: list[Runs] = []
        """The readings of the stints that are over, one each."""
        self._stint = 0
        self._fixed: Runs | None = None
        """Readings of the stint that were made under another G."""
        self._builder = RunsBuilder(gap_of(check.parts[0].definition, rules))

    def preload(self, sides: Sequence[Side]) -> None:
        """Take over what `sides_of` found; before any reading is observed."""
        self._done = [side.runs for side in sides[:-1]]
        self._stint = len(sides) - 1
        runs = sides[-1].runs
        self._builder = RunsBuilder(runs.gap)
        if runs.gaps:
            self._fixed = runs
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
            self._fixed, self._builder = None, RunsBuilder(gap_of(self._check.at(at), self._rules))
        gap = gap_of(self._check.at(at), self._rules)
        if gap != self._builder.gap:
            if self._builder.newest is None and self._fixed is None:
                self._builder = RunsBuilder(gap)
            else:
                begin = next(part.begin for part in reversed(self._check.parts) if part.begin <= at)
                self._fixed, self._builder = _under(self._runs(), begin, gap), RunsBuilder(gap)
        self._builder.add(at, ok=ok)
        return True

    def _runs(self) -> Runs:
        fresh = self._builder.build()
        return fresh if self._fixed is None else _joined(self._fixed, fresh)

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
        if self._builder.newest is not None or self._fixed is None or not self._fixed.runs:
            return self._builder.newest
        return self._fixed.runs[-1].last, self._fixed.runs[-1].ok


def _under(runs: Runs, begin: int, gap: int) -> Runs:
    """Readings after which another G holds from `begin` on."""
    before = tuple(each for each in runs.gaps or ((BEGINNING, runs.gap),) if each[0] < begin)
    return Runs(gap, runs.runs, runs.fails, (*before, (begin, gap)))


def _joined(fixed: Runs, fresh: Runs) -> Runs:
    """Readings that follow each other in time as one, the later ones under the G that `fixed` ends with."""
    if not fresh.runs:
        return fixed
    runs = fixed.runs
    last, first = runs[-1] if runs else None, fresh.runs[0]
    if last is not None and last.ok == first.ok and first.first - last.last <= fixed.gap_at(last.last):
        runs = (*runs[:-1], Run(last.first, first.last, first.ok), *fresh.runs[1:])
    else:
        runs = (*runs, *fresh.runs)
    return Runs(fixed.gap, runs, (*fixed.fails, *fresh.fails), fixed.gaps)
