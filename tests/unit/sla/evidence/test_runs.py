"""Runs of like readings, however they are built (SPEC §1, §2)."""

from __future__ import annotations

import numpy as np
import pytest

from sla.evidence.runs import Run, Runs, RunsBuilder, joined, runs_of

OK, FAIL = True, False


def built(gap: int, *said: tuple[int, bool]) -> Runs:
    builder = RunsBuilder(gap)
    builder.extend(said)
    return builder.build()


def from_arrays(gap: int, *said: tuple[int, bool]) -> Runs:
    ordered = sorted(said)
    ats = np.array([at for at, _ in ordered], dtype=np.int64)
    return runs_of(ats, np.array([ok for _, ok in ordered], dtype=bool), gap)


both = pytest.mark.parametrize("make", [built, from_arrays])


@both
def test_without_readings_there_are_no_runs(make):
    assert make(10) == Runs(10, (), ())
    assert make(10).last_at is None


@both
def test_like_readings_make_one_run_and_each_fail_is_kept(make):
    found = make(10, (0, OK), (5, OK), (9, FAIL), (12, FAIL), (20, OK))
    assert found == Runs(10, (Run(0, 5, OK), Run(9, 12, FAIL), Run(20, 20, OK)), (9, 12))
    assert found.last_at == 20


@both
def test_a_run_breaks_where_a_gap_exceeds_g(make):
    assert make(10, (0, OK), (10, OK)).runs == (Run(0, 10, OK),)
    assert make(10, (0, OK), (11, OK)).runs == (Run(0, 0, OK), Run(11, 11, OK))


@pytest.mark.parametrize("order", [(OK, FAIL), (FAIL, OK), (FAIL, FAIL, OK), (OK, OK, FAIL)])
def test_at_one_instant_fail_wins_over_ok_in_any_order(order):
    said = [(0, OK), *((5, ok) for ok in order), (9, OK)]
    expected = Runs(10, (Run(0, 0, OK), Run(5, 5, FAIL), Run(9, 9, OK)), (5,))
    assert built(10, *said) == expected
    assert from_arrays(10, *said) == expected


def test_a_builder_goes_on_growing_after_it_has_built():
    builder = RunsBuilder(10)
    builder.add(0, ok=True)
    assert builder.build().runs == (Run(0, 0, OK),)
    builder.add(0, ok=False)
    builder.add(5, ok=False)
    assert builder.build() == Runs(10, (Run(0, 5, FAIL),), (0, 5))


def test_a_builder_refuses_what_is_older_than_its_newest_reading():
    builder = RunsBuilder(10)
    builder.add(5, ok=True)
    with pytest.raises(ValueError, match="time order: 4 after 5"):
        builder.add(4, ok=True)


def test_a_builder_knows_its_gap_and_its_newest_reading():
    builder = RunsBuilder(10)
    assert (builder.gap, builder.newest) == (10, None)
    builder.add(5, ok=False)
    assert builder.newest == (5, False)


def test_a_whole_run_of_ok_is_added_at_once():
    builder = RunsBuilder(10)
    builder.add(0, ok=False)
    builder.add_ok_run(5, 95)
    builder.add_ok_run(100, 100)
    builder.add(101, ok=False)
    assert builder.build() == Runs(10, (Run(0, 0, FAIL), Run(5, 100, OK), Run(101, 101, FAIL)), (0, 101))


def test_a_whole_run_of_ok_begins_anew_behind_a_gap():
    builder = RunsBuilder(10)
    builder.add_ok_run(0, 50)
    builder.add_ok_run(61, 99)
    assert builder.build().runs == (Run(0, 50, OK), Run(61, 99, OK))


def test_a_fail_at_the_first_instant_of_a_run_of_ok_wins():
    builder = RunsBuilder(10)
    builder.add(5, ok=False)
    builder.add_ok_run(5, 12)
    assert builder.build() == Runs(10, (Run(5, 5, FAIL), Run(12, 12, OK)), (5,))


@pytest.mark.parametrize(("last", "runs"), [(95, (Run(90, 95, OK), Run(120, 120, OK))), (105, (Run(90, 120, OK),))])
def test_what_follows_joins_under_the_gap_of_the_last_reading_not_under_a_later_one(last, runs):
    before = Runs(50, (Run(90, last, OK),), (), ((0, 10), (100, 50)))
    assert joined([(0, before), (100, built(50, (120, OK)))]) == Runs(50, runs, (), ((0, 10), (100, 50)))
