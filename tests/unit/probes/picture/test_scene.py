"""A picture beside the usual one: what detail is gone, what hides it, whether it is the same place."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.picture.scene import (
    CELLS,
    COLUMNS,
    ROWS,
    Cells,
    correlation,
    is_veil,
    likeness,
    lost_cells,
    noise_of,
    shades_alike,
)

SEEDS = st.integers(0, 10**9)
ALL = range(CELLS)


def street(seed: int = 1, *, noise: float = 2.0) -> Cells:
    """A scene with edges and shades of its own; the sky, the upper third, is even."""
    chance = random.Random(seed)
    grid = [chance.random() for _ in ALL]
    detail = [noise if place < CELLS // 3 else 40 + 400 * chance.random() for place in ALL]
    return Cells(grid, detail)


def changed(cells: Cells, places, *, detail: float | None = None, grid: float | None = None) -> Cells:
    new = list(cells.grid), list(cells.detail)
    for place in places:
        if grid is not None:
            new[0][place] = grid
        if detail is not None:
            new[1][place] = detail
    return Cells(*new)


def test_of_a_picture_as_usual_nothing_is_lost():
    gone, rich = lost_cells(street(), street())
    assert gone == []
    assert rich == CELLS - CELLS // 3


def test_what_is_even_now_and_was_rich_is_lost_and_an_even_sky_never_was_rich():
    hidden = range(CELLS // 2, CELLS)
    gone, rich = lost_cells(changed(street(), hidden, detail=2.0), street())
    assert gone == [*hidden]
    assert rich == CELLS - CELLS // 3


def test_a_tenth_of_the_detail_is_the_border():
    usual = street()
    noise = noise_of(usual.detail)
    place = CELLS - 1
    kept = noise + 0.11 * (usual.detail[place] - noise)
    lost = noise + 0.09 * (usual.detail[place] - noise)
    assert lost_cells(changed(usual, [place], detail=kept), usual)[0] == []
    assert lost_cells(changed(usual, [place], detail=lost), usual)[0] == [place]


def test_the_noise_of_the_night_is_no_detail():
    """The sensor's noise rises everywhere alike: what was gone by day is gone in the dark too."""
    dark = Cells(street().grid, [each + 30 for each in changed(street(), range(200, 240), detail=2.0).detail])
    assert lost_cells(dark, street())[0] == [*range(200, 240)]


def test_the_same_place_is_alike_and_another_street_is_not():
    assert likeness(street(), street()) == pytest.approx(1)
    assert likeness(street(2), street()) < 0.3


def test_a_low_sun_moves_all_shades_and_it_is_still_the_place():
    bright = [min(1.0, 0.4 * each + 0.6 * (place % COLUMNS) / COLUMNS) for place, each in enumerate(street().grid)]
    assert likeness(Cells(bright, street().detail), street()) > 0.66


def test_turned_by_some_columns_it_is_another_scene():
    def turned(values):
        return [values[row * COLUMNS + (column + 7) % COLUMNS] for row in range(ROWS) for column in range(COLUMNS)]

    usual = street()
    assert likeness(Cells(turned(usual.grid), turned(usual.detail)), usual) < 0.5


def test_behind_a_blurred_lens_the_shades_stay_and_behind_a_hand_they_do_not():
    usual, places = street(), [*range(100, 160)]
    blurred = Cells([0.5 + 0.5 * (each - 0.5) for each in usual.grid], [2.0] * CELLS)
    assert shades_alike(blurred, usual, places) > 0.9
    assert shades_alike(Cells(street(9).grid, usual.detail), usual, places) < 0.4


def test_of_a_few_cells_nobody_can_say_what_hides_them():
    assert shades_alike(street(9), street(), range(5)) == 1.0


@pytest.mark.parametrize(
    ("shade", "alike", "is_one"),
    [(0.8, 0.0, True), (0.3, 0.0, False), (0.3, 0.6, True)],  # bright; a hand; dark fog in the usual place
)
def test_an_even_veil_is_fog_where_it_is_bright_or_the_place_is_sure(shade, alike, is_one):
    places = [*range(60, 120)]
    assert is_veil(changed(street(), places, grid=shade), places, alike) == is_one


def test_what_is_not_even_is_no_veil_nor_is_a_single_cell():
    assert not is_veil(street(), [*range(60, 120)], 0.9)
    assert not is_veil(changed(street(), [60], grid=0.9), [60], 0.9)


@given(SEEDS, SEEDS, st.floats(0, 100))
def test_likeness_is_from_minus_one_to_one_whatever_the_pictures_are(now, usual, noise):
    assert -1.0001 <= likeness(street(now, noise=noise), street(usual)) <= 1.0001


@given(st.lists(st.floats(0, 1), max_size=40), st.floats(0.1, 10), st.floats(-5, 5))
def test_a_correlation_knows_no_scale_and_no_offset(values, scale, offset):
    values = [0.0, 1.0, *values]  # something varies
    moved = [scale * each + offset for each in values]
    assert correlation(values, moved) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([1, 1, 1], [2, 2, 2], 1.0),
        ([1, 1, 1], [1, 2, 3], 0.0),
        ([1, 2, 3], [3, 2, 1], -1.0),
        ([0, 1, 0], [1, 0, 1], -1.0),
    ],
)
def test_where_nothing_varies_there_is_nothing_to_compare(one, other, found):
    assert correlation(one, other) == pytest.approx(found)
