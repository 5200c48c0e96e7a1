"""Numbers of a picture: what each of them says of pictures whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.picture.measures import GRID, WIDTH, measures, unchanged

CELLS = GRID[0] * GRID[1]
HEIGHT = 270


def plain(*colour: int, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    return np.full((height, width, 3), colour, dtype=np.uint8)


def noise(seed: int = 1, deviation: float = 60.0) -> np.ndarray:
    values = np.random.default_rng(seed).normal(128, deviation, (HEIGHT, WIDTH, 1))
    return np.clip(np.repeat(values, 3, axis=2), 0, 255).astype(np.uint8)


def stripes(period: int) -> np.ndarray:
    """Upright bars, black and white: detail that every line shares with the one above it."""
    row = (np.arange(WIDTH) // period % 2 * 255).astype(np.uint8)
    return np.repeat(np.tile(row, (HEIGHT, 1))[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    ("colour", "brightness"), [((0, 0, 0), 0), ((255, 255, 255), 1), ((255, 0, 0), 0.299), ((0, 0, 255), 0.114)]
)
def test_a_plain_picture_has_the_brightness_of_its_grey_and_nothing_else(colour, brightness):
    found = measures(plain(*colour))
    assert found["brightness_ratio"] == pytest.approx(brightness, abs=0.001)
    assert found["colour"] == pytest.approx([each / 255 for each in colour], abs=0.001)
    nothing = ("contrast_ratio", "lights_ratio", "sharpness", "noise_ratio")
    assert {name: found[name] for name in nothing} == dict.fromkeys(nothing, 0)
    assert found["grid"] == pytest.approx([brightness] * CELLS, abs=0.001)
    assert found["detail"] == [0] * CELLS


def test_half_black_and_half_white_has_all_the_contrast_that_there_is():
    picture = plain(0, 0, 0)
    picture[:, WIDTH // 2 :] = 255
    found = measures(picture)
    assert found["contrast_ratio"] == pytest.approx(1, abs=0.01)
    assert found["brightness_ratio"] == pytest.approx(0.5, abs=0.01)
    left = [found["grid"][row * GRID[1]] for row in range(GRID[0])]
    right = [found["grid"][row * GRID[1] + GRID[1] - 1] for row in range(GRID[0])]
    assert (left, right) == ([0.0] * GRID[0], [1.0] * GRID[0])


def test_snow_is_noise_and_bars_are_not_however_fine():
    assert measures(noise())["noise_ratio"] > 0.9
    assert measures(stripes(8))["noise_ratio"] < 0.05


def test_the_noise_of_a_good_sensor_is_none():
    assert measures(noise(deviation=4))["noise_ratio"] == 0


def test_a_blurred_picture_is_less_sharp_than_it_was():
    sharp = stripes(24)
    blurred = sharp.astype(np.float32)
    for _ in range(12):
        blurred[:, 1:-1] = (blurred[:, :-2] + blurred[:, 1:-1] + blurred[:, 2:]) / 3
    assert measures(blurred.astype(np.uint8))["sharpness"] < measures(sharp)["sharpness"] / 2


def test_a_clock_in_a_corner_makes_no_black_picture_bright_or_rich():
    picture = plain(0, 0, 0)
    picture[4:20, 4:120] = 255
    found = measures(picture)
    assert found["contrast_ratio"] == 0
    assert found["lights_ratio"] == 0
    assert found["sharpness"] == 0


def test_a_single_lamp_in_the_middle_of_the_night_is_seen():
    picture = plain(0, 0, 0)
    picture[120:160, 200:260] = 255
    found = measures(picture)
    assert found["contrast_ratio"] == 0
    assert found["lights_ratio"] > 0.5


@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 255))
def test_a_picture_of_any_size_has_its_measures(height, width, grey):
    found = measures(plain(grey, grey, grey, height=height, width=width))
    assert found["brightness_ratio"] == pytest.approx(grey / 255, abs=0.001)
    assert len(found["grid"]) in (0, CELLS)
    assert len(found["detail"]) in (0, len(found["grid"]))  # edges want a pixel more on each side
    assert all(np.isfinite(each) for each in (found["sharpness"], found["noise_ratio"], found["contrast_ratio"]))


def test_strips_of_the_work_show_nowhere_in_the_sums():
    """A picture whose height is a strip, one more and one less has the brightness that it has."""
    for height in (29, 30, 31, 59, 60, 61):
        picture = noise()[:height]
        grey = picture.astype(np.float64) @ [0.299, 0.587, 0.114]
        assert measures(picture)["brightness_ratio"] == pytest.approx(grey.mean() / 255, abs=0.001)


def test_two_pictures_are_unchanged_only_to_the_last_bit():
    one = noise()
    other = one.copy()
    assert unchanged([one, other])
    other[-1, -1, -1] ^= 1
    assert not unchanged([one, other])
    assert not unchanged([one])
    assert not unchanged([])


def test_nothing_but_the_clock_may_change_where_the_clock_is_known():
    one, other = noise(), noise()
    other[0:27, 0:240] = 0  # the top tenth, the left half
    assert not unchanged([one, other])
    assert unchanged([one, other], (0, 0, 0.5, 0.1))
    assert not unchanged([one, other], (0, 0, 0.25, 0.1))


def test_after_one_that_differs_no_other_is_decoded():
    asked = []

    def frames():
        for n in range(5):
            asked.append(n)
            yield noise(seed=n)

    assert not unchanged(frames())
    assert asked == [0, 1]
