"""Blocks: a summary answers for the readings that it stands for, without a reading being unpacked."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.ledger.blocks import FAIL, NONE, OK, OUTCOMES, BlockRow, Summary, digested, seen, summary_of
from sla.ledger.schema import SLOT_MS

SLOT = 82_908
ORIGIN = SLOT * SLOT_MS
MINUTE = 60_000
offsets = st.integers(0, SLOT_MS - 1)


@st.composite
def rows(draw) -> list[BlockRow]:
    """Readings of one slot in the order in which they are sealed: by time, at one instant fail before ok."""
    found = draw(st.lists(st.tuples(offsets, st.sampled_from([FAIL, OK, OK, OK, NONE])), max_size=60))
    return [BlockRow(ORIGIN + at, outcome, 0, "", "") for at, outcome in sorted(found)]


def ok_each(*minutes):
    return [BlockRow(ORIGIN + minute * MINUTE, OK, 0, "", "") for minute in minutes]


def test_outcomes_stand_in_the_order_in_which_they_win_at_one_instant():
    assert (OUTCOMES[FAIL], OUTCOMES[OK], OUTCOMES[NONE]) == ("fail", "ok", "none")
    assert FAIL < OK < NONE


@given(rows())
def test_a_summary_counts_what_is_there(found):
    summary = summary_of(found, SLOT)
    assert summary.count == len(found)
    assert summary.count_ok == sum(row.outcome == OK for row in found)


@given(rows())
def test_a_summary_knows_the_first_the_last_and_the_largest_gap_of_what_was_seen(found):
    summary = summary_of(found, SLOT)
    instants = sorted({row.at for row in found if row.outcome != NONE})
    assert (summary.first, summary.last) == ((instants[0], instants[-1]) if instants else (None, None))
    gaps = [after - before for before, after in pairwise(instants)]
    assert summary.gap == (max(gaps, default=0) if instants else None)


@given(rows())
def test_of_several_readings_at_one_instant_fail_wins_and_none_says_nothing(found):
    wanted = {}
    for row in found:
        if row.outcome != NONE:
            wanted[row.at] = wanted.get(row.at, True) and row.outcome == OK
    assert seen(found) == sorted(wanted.items())


@given(rows())
def test_without_a_digest_all_is_ok_and_no_gap_is_unusual(found):
    summary = summary_of(found, SLOT)
    if summary.digest is None:
        assert all(ok for _, ok in seen(found))


@given(rows())
def test_a_digest_tells_every_fail_and_every_run(found):
    summary = summary_of(found, SLOT)
    if summary.digest is None:
        return
    runs, fails, largest = digested(summary.digest)
    runs = list(runs)
    said = seen(found)
    assert [ORIGIN + at for at in fails] == [at for at, ok in said if not ok]
    assert [ORIGIN + runs[0][0], ORIGIN + runs[-1][1]] == [said[0][0], said[-1][0]]
    for first, last, inner in runs:
        inside = [(at, ok) for at, ok in said if ORIGIN + first <= at <= ORIGIN + last]
        assert all(ok == (inner >= 0) for _, ok in inside)
        gaps = [after - before for (before, _), (after, _) in pairwise(inside)]
        assert inner == (-1 if not inside[0][1] else max(gaps, default=0))
    assert largest == max(inner for _, _, inner in runs)
    assert sum(len([1 for at, _ in said if ORIGIN + a <= at <= ORIGIN + b]) for a, b, _ in runs) == len(said)


def test_a_slot_that_was_ok_throughout_needs_no_digest():
    summary = summary_of(ok_each(*range(360)), SLOT)
    assert summary == Summary(360, 360, ORIGIN, ORIGIN + 359 * MINUTE, MINUTE, None)


def test_a_gap_of_more_than_twice_the_usual_is_told():
    even = summary_of(ok_each(0, 1, 2, 3, 5), SLOT)  # usual 1, twice is 2
    assert (even.gap, even.digest) == (2 * MINUTE, None)
    odd = summary_of(ok_each(0, 1, 2, 3, 6), SLOT)
    assert odd.digest is not None
    assert list(digested(odd.digest)[0]) == [(0, 3 * MINUTE, MINUTE), (6 * MINUTE, 6 * MINUTE, 0)]


def test_one_fail_among_ok_parts_them():
    found = ok_each(0, 1, 3)
    found.insert(2, BlockRow(ORIGIN + 2 * MINUTE, FAIL, 0, "timeout", ""))
    runs, fails, largest = digested(summary_of(found, SLOT).digest)
    assert list(runs) == [(0, MINUTE, MINUTE), (2 * MINUTE, 2 * MINUTE, -1), (3 * MINUTE, 3 * MINUTE, 0)]
    assert (list(fails), largest) == ([2 * MINUTE], MINUTE)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_slot_in_which_nobody_could_look_says_how_often(count):
    found = [BlockRow(ORIGIN + n, NONE, 0, "no uplink", "") for n in range(count)]
    assert summary_of(found, SLOT) == Summary(count, 0, None, None, None, None)


def test_a_single_reading_has_no_gap():
    assert summary_of(ok_each(5), SLOT) == Summary(1, 1, ORIGIN + 5 * MINUTE, ORIGIN + 5 * MINUTE, 0, None)
