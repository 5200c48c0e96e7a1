"""What is wrong with a picture: each rule beside a picture that is just good enough."""

from __future__ import annotations

import numpy as np
import pytest

from probes.picture_measures import measures, unchanged
from probes.pictures import PictureOptions, Profile, likeness, profiles, verdict, with_profile

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
    assert said(scene() // 6, profile()) == "picture blurred"  # by day that picture would be a fault


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


def test_likeness_is_a_correlation():
    assert likeness([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert likeness([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert likeness([1, 1, 1], [3, 2, 1]) == 1


def test_a_profile_is_added_to_the_file_or_takes_the_place_of_its_namesake(tmp_path):
    path = tmp_path / "cam.json"
    for name, dark in (("day", 1), ("night", 6), ("day", 2)):
        path.write_text(with_profile(path, name, measures(scene() // dark)))
    assert [each.name for each in profiles(str(path))] == ["night", "day"]
