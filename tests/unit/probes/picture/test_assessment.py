"""What is wrong with a picture: each rule beside a picture that is just good enough."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from probes.faults import OwnFaultError
from probes.picture.assessment import METRICS, PictureOptions, Profile, profiles, verdict, with_profile
from probes.picture.measures import GRID, measures, unchanged
from probes.picture.scene import CELLS, COLUMNS, ROWS, Cells, correlation, is_veil, likeness

OPTIONS = PictureOptions()


def scene(seed: int = 1, *, noise: float = 2.0) -> np.ndarray:
    """Blocks of grey, as houses and streets are, with a camera's noise."""
    rng = np.random.default_rng(seed)
    blocks = np.kron(rng.integers(30, 220, (9, 16)), np.ones((30, 30)))[:, :, None].repeat(3, axis=2)
    return np.clip(blocks + rng.normal(0, noise, blocks.shape), 0, 255).astype(np.uint8)


def profile(name: str = "day", **changes: float) -> Profile:
    return Profile.model_validate({"name": name, **measures(scene()), **changes})


def said(picture: np.ndarray, *known: Profile, same: bool = False, **options: object) -> str:
    found = measures(picture) | {"same_bytes": same}
    return verdict(found, PictureOptions(**options), known).reason


def blurred(picture: np.ndarray) -> np.ndarray:
    out = picture.astype(float)
    for _ in range(12):
        out = (out + np.roll(out, 1, 0) + np.roll(out, 1, 1) + np.roll(out, -1, 0) + np.roll(out, -1, 1)) / 5
    return out.astype(np.uint8)


def covered(picture: np.ndarray, share: float) -> np.ndarray:
    out = picture.copy()
    out[:, : int(out.shape[1] * share)] = 40
    return out


def cast(picture: np.ndarray) -> np.ndarray:
    out = picture.astype(float)
    out[:, :, 0] = np.minimum(255, out[:, :, 0] + 70)
    out[:, :, 2] = np.maximum(0, out[:, :, 2] - 70)
    return out.astype(np.uint8)


NOISE = np.random.default_rng(2).integers(0, 255, (270, 480, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (scene(), ""),
        (scene(noise=12), ""),
        (scene() // 8, ""),  # night: dark, but something is there
        (np.zeros((270, 480, 3), np.uint8), "picture black"),
        (np.full((270, 480, 3), 250, np.uint8), "picture over-bright"),
        (NOISE, "picture is snow"),
        (np.zeros((1, 1, 3), np.uint8), "picture black"),
    ],
)
def test_without_a_baseline_only_what_no_scene_looks_like_is_wrong(picture, reason):
    assert said(picture) == reason


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (scene(), ""),
        (scene(noise=6), ""),
        (blurred(scene()), "picture blurred"),
        (covered(scene(), 0.2), ""),
        (covered(scene(), 0.75), "picture covered"),
        (scene(seed=9), "picture of another scene"),
        (cast(scene()), "picture with a colour cast"),
    ],
)
def test_against_a_baseline_what_is_unlike_the_camera_is_wrong(picture, reason):
    assert said(picture, profile()) == reason


def test_the_profile_that_the_picture_resembles_is_taken_by_day_and_by_night():
    night = Profile.model_validate({"name": "night", **measures(scene() // 6)})
    assert said(scene() // 6, profile(), night) == ""
    assert said(scene() // 6, profile()) != ""  # beside the day alone that picture would not be ok


def test_frozen_stands_after_what_is_worse():
    assert said(scene(), same=True) == "picture frozen"
    assert said(np.zeros((270, 480, 3), np.uint8), same=True) == "picture black"


def test_less_sharpness_than_asked_for_is_blurred():
    assert said(scene(), min_sharpness=1e9) == "picture blurred"


def test_one_frame_is_never_unchanged_and_a_clock_can_be_left_out():
    one, other = scene(), scene()
    other[0:20, 0:50] = 7
    assert not unchanged([one])
    assert not unchanged([one, other])
    assert unchanged([one, other], [0, 0, 0.2, 0.1])


def test_a_correlation_is_from_minus_one_to_one_and_one_where_nothing_varies_in_both():
    assert correlation([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert correlation([1, 1, 1], [2, 2, 2]) == 1
    assert correlation([1, 1, 1], [3, 2, 1]) == 0


def test_sky_above_road_is_no_likeness():
    one, other = (
        [10.0 * (row > 5) + rng.random() for row in range(ROWS) for _ in range(COLUMNS)]
        for rng in (Random(1), Random(2))
    )
    assert likeness(Cells(one, one), Cells(one, one)) == pytest.approx(1)
    assert abs(likeness(Cells(one, one), Cells(other, other))) < 0.3


@pytest.mark.parametrize(
    ("shades", "alike", "veil"),
    [([0.7, 0.7], 0.3, True), ([0.3, 0.3], 0.3, False), ([0.3, 0.3], 0.6, True), ([0.5, 0.9], 0.6, False)],
)
def test_what_is_even_and_bright_or_in_the_usual_place_is_a_veil(shades, alike, veil):
    assert is_veil(Cells(shades * (CELLS // 2), []), range(CELLS), alike) is veil


def test_fog_over_most_of_the_picture_is_none_and_paint_of_a_colour_is_a_cover():
    fog, paint = scene(), scene()
    fog[:200], paint[:200] = 190, (190, 60, 60)
    found = verdict(measures(fog) | {"same_bytes": False}, OPTIONS, [profile()])
    assert (found.outcome, found.reason) == ("none", "scene hidden by fog or snow")
    assert said(paint, profile()) == "picture covered"


def test_a_clock_over_black_is_black_and_over_a_blur_is_blurred():
    for picture, reason in ((scene() * 0, "picture black"), (blurred(scene()), "picture blurred")):
        picture[8:20, 10:150:3] = 255
        assert said(picture, profile()) == reason


def test_noise_in_the_dark_is_black_and_not_snow():
    dark = np.random.default_rng(3).normal(12, 6, (270, 480, 1)).clip(0, 255).repeat(3, axis=2).astype(np.uint8)
    assert said(dark) == "picture black"


def test_a_single_lamp_in_the_dark_is_not_black():
    dark = np.full((270, 480, 3), 8, np.uint8)
    dark[130:150, 200:220] = 200
    assert (said(dark), said(dark * 0 + 8)) == ("", "picture black")


def test_a_picture_without_detail_as_usual_cannot_lose_any():
    walls = [np.random.default_rng(seed).normal(120, 4, (270, 480, 3)).astype(np.uint8) for seed in (1, 2)]
    assert said(walls[1], Profile.model_validate({"name": "wall", **measures(walls[0])})) == ""


def test_a_picture_too_small_for_the_grid_is_not_what_the_camera_shows():
    assert said(np.full((20, 480, 3), 120, np.uint8), profile()) == "picture of another scene"


def test_a_baseline_tells_how_much_is_gone_and_how_alike_it_is():
    metrics = verdict(measures(scene()) | {"same_bytes": False}, OPTIONS, [profile()]).metrics
    assert (metrics["lost_ratio"], metrics["likeness_ratio"]) == (0, pytest.approx(1))
    assert set(metrics) == set(METRICS)


def test_the_grid_of_the_child_is_the_one_that_is_judged():
    assert GRID == (ROWS, COLUMNS)


def test_a_profile_is_added_to_the_file_or_takes_the_place_of_its_namesake(tmp_path):
    path = tmp_path / "cam.json"
    for name, dark in (("day", 1), ("night", 6), ("day", 2)):
        path.write_text(with_profile(path, name, measures(scene() // dark)))
    assert [each.name for each in profiles(str(path))] == ["night", "day"]


def test_a_baseline_of_another_grid_cannot_be_read(tmp_path):
    path = tmp_path / "cam.json"
    path.write_text(with_profile(path, "day", measures(scene())).replace('"grid": [', '"grid": [0.5,'))
    with pytest.raises(OwnFaultError, match="baseline cannot be read"):
        profiles(str(path))
