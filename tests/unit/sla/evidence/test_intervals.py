"""Sets of half-open intervals; the laws stand in tests/property/test_intervals.py."""

from __future__ import annotations

from sla.evidence.intervals import (
    ALWAYS,
    BEGINNING,
    END,
    NEVER,
    clip,
    complement,
    contains,
    difference,
    normal,
    union,
)


def test_touching_pieces_become_one():
    assert normal([(5, 9), (0, 5)]) == ((0, 9),)


def test_a_piece_inside_another_adds_nothing():
    assert normal([(0, 9), (2, 3), (8, 9)]) == ((0, 9),)


def test_empty_and_backward_pieces_are_nothing():
    assert normal([(5, 5), (7, 3)]) == NEVER


def test_the_union_of_one_set_is_that_set():
    one = ((0, 5),)
    assert union(NEVER, one, NEVER) is one


def test_an_interval_holds_its_first_instant_and_not_its_end():
    one = ((0, 5), (7, 9))
    assert [at for at in range(-1, 10) if contains(one, at)] == [0, 1, 2, 3, 4, 7, 8]


def test_a_backward_clip_is_nothing():
    assert clip(ALWAYS, 5, 5) == clip(ALWAYS, 6, 5) == NEVER


def test_what_is_taken_from_nothing_is_nothing():
    assert difference(NEVER, ALWAYS) == NEVER
    assert difference(((0, 5),), NEVER) == ((0, 5),)


def test_the_complement_of_nothing_is_all_time():
    assert complement(NEVER) == ((BEGINNING, END),)
    assert complement(ALWAYS) == NEVER
