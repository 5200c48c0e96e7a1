"""`work(a, b)` of SPEC §4, and its inverse: when a given amount of working time has gone by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from sla.evidence.intervals import ALWAYS, Intervals, clip, difference

if TYPE_CHECKING:
    from sla.contract.calendars import Calendar
    from sla.evidence.intervals import Interval

_YEAR = 366 * 86_400_000


class WorkTime:
    """The time of one calendar within one stretch, less what is taken out of it, measured in milliseconds.

    Years of the calendar are worked out as they are asked for.
    """

    def __init__(self, calendar: Calendar, within: Interval, without: Intervals) -> None:
        """`within`: the term of an obligation; `without`: excused time, and time out of service."""
        self._calendar = calendar
        self._within = within
        self._without = without
        self._low = self._high = 0
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._done: list[int] = [0]
        self._is_whole = not without and calendar.spans(0, 0) == ALWAYS

    def work(self, begin: int, end: int) -> int:
        """The measure of [begin, end); 0 if end is not after begin."""
        begin, end = max(begin, self._within[0]), min(end, self._within[1])
        if end <= begin:
            return 0
        if self._is_whole:
            return end - begin
        self._cover(begin, end)
        return self._upto(end) - self._upto(begin)

    def reached(self, start: int, amount: int) -> int | None:
        """The first instant d with work(start, d) = amount; None if there is none."""
        if amount == 0:
            return start
        begin, last = max(start, self._within[0]), self._within[1]
        if self._is_whole:
            return begin + amount if begin + amount <= last else None
        ahead = amount + _YEAR
        while begin < last:
            until = min(begin + ahead, last)
            self._cover(begin, until)
            wanted = self._upto(begin) + amount
            if wanted <= self._upto(until):
                place = bisect_left(self._done, wanted) - 1
                return self._begins[place] + wanted - self._done[place]
            if until == last:
                return None
            ahead *= 2
        return None

    def _upto(self, at: int) -> int:
        """Working time between the beginning of what is covered and `at`."""
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return 0
        return self._done[place] + min(at, self._ends[place]) - self._begins[place]

    def _cover(self, begin: int, end: int) -> None:
        if self._begins and self._low <= begin and end <= self._high:
            return
        if self._low < self._high:
            begin, end = min(begin, self._low), max(end, self._high)
        spans = difference(clip(self._calendar.spans(begin, end), *self._within), self._without)
        self._low, self._high = begin, end
        self._begins = [span[0] for span in spans]
        self._ends = [span[1] for span in spans]
        self._done = [0, *accumulate(end - begin for begin, end in spans)]
