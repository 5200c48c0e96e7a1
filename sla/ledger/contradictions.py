"""Whether records that somebody hands in contradict what a ledger holds: then none of them is taken (SPEC §1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.evidence.evidence import Gathering
from sla.evidence.intervals import END
from sla.evidence.listed import ListedReadings
from sla.evidence.refusals import EvidenceError, Problem
from sla.history.known import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.contract.model import Contract
    from sla.evidence.record_type import Record

    Placed = tuple[int, Record]


def refuse_contradictions(
    stored: Sequence[Placed], given: Sequence[Placed], source: str, contract: Contract | None
) -> None:
    """EvidenceError with what is wrong with `given` beside `stored`, each problem on a line of `given`.

    Records stand behind their lines; a stored one behind its sequence number, negative. `given` bear the stamp that
    they would be taken in with. What contradicted in the ledger before does not refuse what is handed in now.
    """
    if not given:
        return
    if not (problems := _problems(stored, given, contract)):
        return
    old = set(_problems(stored, (), contract))
    fresh = [each for each in problems if each not in old]
    if fresh:
        raise EvidenceError(source, [_shown(each, stored, given, contract) for each in fresh])


def _problems(stored: Sequence[Placed], given: Sequence[Placed], contract: Contract | None) -> tuple[Problem, ...]:
    """What contradicts among both, all of it taken as known."""
    gathering = Gathering()
    for line, record in (*stored, *given):
        gathering.add(record, line)
    try:
        known(gathering.evidence(ListedReadings(), ""), contract, END)
    except EvidenceError as error:
        return error.problems
    return ()


def _shown(problem: Problem, stored: Sequence[Placed], given: Sequence[Placed], contract: Contract | None) -> Problem:
    """The problem on the line of the record that brings it about."""
    line = problem.line if problem.line > 0 else _culprit(problem, stored, given, contract)
    return Problem(line, problem.reason)


def _culprit(problem: Problem, stored: Sequence[Placed], given: Sequence[Placed], contract: Contract | None) -> int:
    """The line of the first given record with which the problem is there."""
    low, high = 1, len(given)
    while low < high:
        middle = (low + high) // 2
        if problem in _problems(stored, given[:middle], contract):
            high = middle
        else:
            low = middle + 1
    return given[low - 1][0]
