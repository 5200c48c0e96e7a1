"""Sets of intervals behave as the sets of instants that they stand for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sla.evidence.intervals import (
    ALWAYS,
    NEVER,
    clip,
    complement,
    contains,
    difference,
    intersection,
    intersection_of,
    measure,
    normal,
    union,
)

LENGTH = 24
instants = st.integers(0, LENGTH)
pieces = st.lists(st.tuples(instants, instants), max_size=7)
sets = pieces.map(normal)


def points(one) -> set[int]:
    """The instants 0 … 23 that a set holds."""
    return {at for at in range(LENGTH) if any(begin <= at < end for begin, end in one)}


def is_normal(one) -> bool:
    edges = [edge for span in one for edge in span]
    return edges == sorted(set(edges))


@given(pieces)
def test_pieces_make_the_set_of_all_their_points(found):
    made = normal(found)
    assert points(made) == {at for begin, end in found for at in range(begin, end)}
    assert is_normal(made)


@given(st.lists(sets, max_size=4))
def test_union_is_all_that_is_in_any(found):
    made = union(*found)
    assert points(made) == set().union(*map(points, found))
    assert is_normal(made)


@given(sets, sets)
def test_intersection_is_all_that_is_in_both(one, other):
    made = intersection(one, other)
    assert points(made) == points(one) & points(other)
    assert is_normal(made)


@given(st.lists(sets, min_size=1, max_size=4))
def test_intersection_of_many_is_all_that_is_in_each(found):
    assert points(intersection_of(found)) == set.intersection(*map(points, found))


def test_the_intersection_of_no_sets_is_nothing():
    assert intersection_of([]) == NEVER


@given(sets)
def test_complement_is_all_the_rest_and_twice_the_same(one):
    assert points(complement(one)) == set(range(LENGTH)) - points(one)
    assert complement(complement(one)) == one
    assert union(one, complement(one)) == ALWAYS


@given(sets, sets)
def test_difference_is_all_that_is_in_the_first_alone(one, other):
    made = difference(one, other)
    assert points(made) == points(one) - points(other)
    assert is_normal(made)


@given(sets, instants, instants)
def test_clipping_keeps_what_lies_inside(one, begin, end):
    assert points(clip(one, begin, end)) == points(one) & set(range(begin, end))


@given(sets)
def test_the_measure_is_the_number_of_points(one):
    assert measure(one) == len(points(one))


@given(sets, st.integers(-2, LENGTH + 2))
def test_a_set_contains_its_points(one, at):
    assert contains(one, at) == (at in points(one))


@given(sets, sets)
def test_equal_sets_are_equal_tuples(one, other):
    assert (one == other) == (points(one) == points(other))
