"""What is wrong with a picture, judged by its measures, alone or against what this camera usually shows.

Thresholds belong to the scale of probes/picture_measures.py. Those without a baseline are starting points from
published systems (domain §7.2) that hold for any scene; blur, cover, a moved scene and a colour cast depend on the
scene and are only judged against a baseline. One sample proves little: give the check `tries` and `retry_pause`, so
that a verdict stands on several.
"""

from __future__ import annotations

import asyncio
import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationError, field_validator

from config.models import Share, StrictModel, Word, wanted
from probes.decoder import Decoder
from probes.faults import OwnFaultError
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, none, ok
from probes.reasons import (
    NO_BASELINE,
    PICTURE_BLACK,
    PICTURE_BLURRED,
    PICTURE_BRIGHT,
    PICTURE_CAST,
    PICTURE_COVERED,
    PICTURE_FROZEN,
    PICTURE_MOVED,
    PICTURE_SNOW,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from probes.look import Look

METRICS = {
    "brightness_ratio": "mean grey, 0 black to 1 white",
    "contrast_ratio": "standard deviation of grey, as a share of white",
    "sharpness": "variance of the Laplacian at 480 pixels of width",
    "flat_ratio": "share of the picture that its largest area without structure covers",
    "noise_ratio": "how little a pixel knows of its neighbour: 0 for scenes, 1 for snow",
}
REASONS = (
    PICTURE_BLACK,
    PICTURE_BRIGHT,
    PICTURE_SNOW,
    PICTURE_FROZEN,
    PICTURE_BLURRED,
    PICTURE_COVERED,
    PICTURE_MOVED,
    PICTURE_CAST,
)
_BLACK_CONTRAST = 0.02
_BRIGHT_CONTRAST = 0.12
_ALL_FLAT = 0.9
_LESS_SHARP = 0.25
_MORE_FLAT = 0.4
_CAST = 0.1
_SAME_SCENE = 0.3
_AT_ONCE = 64
"""Looks under way at once, of one kind (bound B9)."""


class Profile(StrictModel):
    """How a camera's picture usually is, by day or by night."""

    name: Word
    brightness_ratio: float
    contrast_ratio: float
    sharpness: float
    flat_ratio: float
    noise_ratio: float
    colour: tuple[float, float, float] = Field(strict=False)
    grid: tuple[float, ...] = Field(strict=False)


class PictureOptions(ProbeOptions):
    """What a picture must be like."""

    min_brightness: Share = Fraction(2, 25)
    """a picture darker than this, and without contrast, is black"""
    max_brightness: Share = Fraction(43, 50)
    """a picture brighter than this, and with little contrast, is over-bright"""
    max_noise: Share = Fraction(1, 2)
    """more noise than this is snow"""
    min_sharpness: Annotated[float, Field(ge=0, strict=False)] | None = None
    """less than this is blurred; depends on the scene: better to have a baseline"""
    baseline_file: Word | None = None
    """a file with this camera's usual pictures by day and night, made by `sla-agent baseline`"""
    clock_area: tuple[float, float, float, float] | None = None
    """where the clock stands in the picture, as shares `[left, top, right, bottom]`: no change beside it is frozen"""

    @field_validator("clock_area", mode="before")
    @classmethod
    def _an_area(cls, value: object) -> object:
        numbers = tuple(value) if isinstance(value, list | tuple) else ()
        if len(numbers) != 4 or not all(isinstance(each, int | float) and 0 <= each <= 1 for each in numbers):  # noqa: PLR2004 - corners
            raise wanted("four shares from 0 to 1, like [0, 0, 0.4, 0.1]")
        return tuple(float(each) for each in numbers)


def profiles(path: str | None) -> tuple[Profile, ...]:
    """The profiles of a file. OwnFaultError: it cannot be read, or holds something else."""
    if path is None:
        return ()
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        return tuple(Profile.model_validate(each) for each in found["profiles"])
    except (OSError, ValueError, ValidationError, LookupError, TypeError):
        raise OwnFaultError(NO_BASELINE, path) from None


def with_profile(path: Path, name: str, found: Mapping[str, Any]) -> str:
    """The text of that file with the profile of that name made (or made anew) from these measures."""
    kept = [each for each in profiles(str(path)) if each.name != name] if path.exists() else []
    fields = {key: found[key] for key in Profile.model_fields if key != "name"}
    made = [*kept, Profile.model_validate({"name": name, **fields})]
    return json.dumps({"profiles": [each.model_dump() for each in made]}, ensure_ascii=False, indent=1) + "\n"


def verdict(found: Mapping[str, Any], options: PictureOptions, known: Sequence[Profile], **more: float) -> Outcome:
    """The outcome for these measures; `more`: metrics of the kind itself."""
    metrics = more | {key: found[key] for key in METRICS}
    reason = _alone(found, options) or (_against(found, known) if known else "")
    return fail(reason, **metrics) if reason else ok(**metrics)


def _alone(found: Mapping[str, Any], options: PictureOptions) -> str:
    """What is wrong with it whatever the scene, worst first."""
    if found["noise_ratio"] > options.max_noise:
        return PICTURE_SNOW
    if found["brightness_ratio"] < options.min_brightness and found["contrast_ratio"] < _BLACK_CONTRAST:
        return PICTURE_BLACK
    if found["brightness_ratio"] > options.max_brightness and found["contrast_ratio"] < _BRIGHT_CONTRAST:
        return PICTURE_BRIGHT
    if found["same_bytes"]:
        return PICTURE_FROZEN
    if options.min_sharpness is not None and found["sharpness"] < options.min_sharpness:
        return PICTURE_BLURRED
    return ""


def _against(found: Mapping[str, Any], known: Sequence[Profile]) -> str:
    """What is wrong beside the profile that it resembles most: nobody has to know when night begins."""
    profile = min(known, key=lambda each: abs(each.brightness_ratio - found["brightness_ratio"]))
    if found["flat_ratio"] > min(_ALL_FLAT, profile.flat_ratio + _MORE_FLAT):
        return PICTURE_COVERED
    if found["sharpness"] < _LESS_SHARP * profile.sharpness:
        return PICTURE_BLURRED
    if all(likeness(found["grid"], each.grid) < _SAME_SCENE for each in known):
        return PICTURE_MOVED
    if _distance(_chroma(found["colour"]), _chroma(profile.colour)) > _CAST:
        return PICTURE_CAST
    return ""


def likeness(one: Sequence[float], other: Sequence[float]) -> float:
    """The correlation of two layouts, -1 to 1; 1 where one of them has no structure to compare."""
    if len(one) != len(other) or not one:
        return 1.0
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    pairs = [(a - mean_one, b - mean_other) for a, b in zip(one, other, strict=True)]
    spread = (sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs)) ** 0.5
    return float(sum(a * b for a, b in pairs) / spread) if spread > 1e-6 else 1.0  # noqa: PLR2004 - flat


def _chroma(colour: Sequence[float]) -> tuple[float, ...]:
    mean = sum(colour) / len(colour)
    return tuple(each - mean for each in colour)


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)


class PictureLooks:
    """Looks of one kind that share one decoder. It has a life: close it."""

    def __init__(self, one: Callable[[str, Any, float, Decoder], Awaitable[Outcome]]) -> None:
        self._one = one
        self._decoder = Decoder()
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def look(self, looks: Sequence[Look], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all, many at once; what the environment does to one of them is that one's `none`."""
        async with asyncio.TaskGroup() as group:
            for index, each in enumerate(looks):
                group.create_task(self._deliver(index, each, deliver))

    async def _deliver(self, index: int, each: Look, deliver: Callable[[int, Outcome], None]) -> None:
        async with self._room:
            try:
                outcome = await self._one(each.address, each.options, each.timeout_s, self._decoder)
            except (OSError, ValueError) as error:
                outcome = none(f"{type(error).__name__}: {error}")
        deliver(index, outcome)

    def close(self) -> None:
        """End the decoder."""
        self._decoder.close()
