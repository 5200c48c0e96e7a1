"""Runs of like outcome: built one by one, from arrays or from summaries, they are the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sla.evidence.runs import Run, Runs, RunsBuilder, runs_of

readings = st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=40).map(
    lambda found: sorted(found, key=lambda each: (each[0], each[1]))
)
gaps = st.integers(1, 12)


def built(found, gap):
    builder = RunsBuilder(gap)
    builder.extend(found)
    return builder.build()


def word_for_word(found, gap):
    """SPEC section 2: at one instant fail wins; a run ends where the outcome changes or nobody looked for over G."""
    outcomes = {}
    for at, ok in found:
        outcomes[at] = outcomes.get(at, True) and ok
    runs = []
    for at, ok in sorted(outcomes.items()):
        if runs and runs[-1].ok == ok and at - runs[-1].last <= gap:
            runs[-1] = Run(runs[-1].first, at, ok)
        else:
            runs.append(Run(at, at, ok))
    return Runs(gap, tuple(runs), tuple(at for at, ok in sorted(outcomes.items()) if not ok))


@given(readings, gaps)
def test_a_builder_makes_the_runs_of_the_text(found, gap):
    assert built(found, gap) == word_for_word(found, gap)


@given(readings, gaps)
def test_arrays_make_the_same_runs(found, gap):
    ats = np.array([at for at, _ in found], dtype=np.int64)
    oks = np.array([ok for _, ok in found], dtype=np.bool_)
    assert runs_of(ats, oks, gap) == word_for_word(found, gap)


@given(readings, gaps)
def test_whole_runs_of_ok_added_at_once_are_as_if_added_one_by_one(found, gap):
    builder = RunsBuilder(gap)
    whole = word_for_word(found, gap)
    for run in whole.runs:
        if run.ok:
            builder.add_ok_run(run.first, run.last)
        else:
            builder.extend((at, False) for at in whole.fails if run.first <= at <= run.last)
    assert builder.build() == whole


@given(readings, gaps, st.integers(0, 40))
def test_a_builder_can_be_asked_at_any_time_and_goes_on(found, gap, cut):
    builder = RunsBuilder(gap)
    builder.extend(found[:cut])
    assert builder.build() == word_for_word(found[:cut], gap)
    builder.extend(found[cut:])
    assert builder.build() == word_for_word(found, gap)
    assert builder.gap == gap


@given(readings, gaps)
def test_neighbours_differ_or_are_more_than_g_apart(found, gap):
    runs = built(found, gap)
    for before, after in pairwise(runs.runs):
        assert before.last < after.first
        assert before.ok != after.ok or after.first - before.last > gap
    assert runs.last_at == max((at for at, _ in found), default=None)


@given(readings, gaps, st.integers(0, 60))
def test_a_fail_more_takes_no_fail_away(found, gap, at):
    more = sorted([*found, (at, False)], key=lambda each: (each[0], each[1]))
    assert set(built(found, gap).fails) | {at} == set(built(more, gap).fails)


@given(readings, gaps, gaps)
def test_a_longer_gap_never_makes_more_runs(found, one, another):
    short, long = sorted((one, another))
    assert len(built(found, long).runs) <= len(built(found, short).runs)
