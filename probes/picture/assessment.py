"""What is wrong with a picture, judged by its measures, alone or against what this camera usually shows.

Thresholds belong to the scale of probes/picture/measures.py; docs/pictures.md has what they were measured on. Those
without a baseline hold for any scene; blur, cover, a moved scene and a colour cast depend on the scene and are only
judged against a baseline. One picture proves little: a lorry, a headlight. So a verdict stands on several (PATIENCE).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, ValidationError, field_validator

from config.input.models import Patience, Share, StrictModel, Word, wanted
from config.text.sentence import Sentence
from probes.address import host_of
from probes.faults import OwnFaultError, settled
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, none, ok
from probes.picture.decoder import Decoder
from probes.picture.scene import CELLS, Cells, is_veil, likeness, lost_cells, shades_alike
from probes.reasons import (
    NO_BASELINE,
    PICTURE_BLACK,
    PICTURE_BLURRED,
    PICTURE_BRIGHT,
    PICTURE_CAST,
    PICTURE_COVERED,
    PICTURE_FROZEN,
    PICTURE_HIDDEN,
    PICTURE_MOVED,
    PICTURE_SNOW,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from probes.batch import ProbeRequest
    from probes.limiter import Limiter
    from probes.net.connection import Deadline

METRICS = {
    "brightness_ratio": "mean grey, 0 black to 1 white",
    "contrast_ratio": "from the darkest tenth of its areas to the brightest tenth, as a share of white",
    "lights_ratio": "from the darkest to the brightest spot of its middle, as a share of white",
    "sharpness": "mean square of the Laplacian at 160 pixels of width, but for the noise and for the sharpest tenth",
    "noise_ratio": "how little a pixel knows of the one above it: 0 for scenes, 1 for snow",
    "lost_ratio": "share of the usual detail that is gone (only with a baseline)",
    "likeness_ratio": "how much it is the usual place, -1 to 1 (only with a baseline)",
}
_WITH_BASELINE = ("lost_ratio", "likeness_ratio")
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
PATIENCE = Patience(tries=3, retry_pause=20_000)
"""What passes by is gone after 40 seconds: a lorry, headlights, a hand that cleans the lens."""
_BESIDE_MS = 3_000
"""What a look takes beside waiting: a connection, a login, a key frame that has to come, decoding."""
_TO_JUDGE_S = 2.0
_BLACK_CONTRAST = 0.02
_BRIGHT_CONTRAST = 0.12
_HIDDEN = 0.4
"""Of the usual detail: more is gone only if something is wrong with the lens, or with the weather."""
_NOTHING_LEFT = 0.6
"""Of the usual detail: behind fog that hides so much nobody can say how the camera is."""
_ENOUGH_LEFT = 0.5
_SHADES_STAY = 0.4
_CAST = 0.3
_SAME_PLACE = 0.38
_SURELY_SAME = 0.7
_NEUTRAL = 0.1
_DARK = 0.03
_FEWEST_RICH = CELLS // 10
"""Cells with detail that a scene must have, before what is gone of it says anything."""


PerCell = Annotated[
    tuple[Annotated[float, Field(ge=0)], ...], Field(strict=False, min_length=CELLS, max_length=CELLS)
]


class Profile(StrictModel):
    """How a camera's picture usually is, by day or by night."""

    name: Word
    brightness_ratio: float
    contrast_ratio: float
    lights_ratio: float
    sharpness: float
    noise_ratio: float
    colour: tuple[float, float, float] = Field(strict=False)
    grid: PerCell
    detail: PerCell


class PictureOptions(ProbeOptions):
    """What a picture must be like."""

    patience: ClassVar[Patience | None] = PATIENCE

    min_brightness: Share = Fraction(3, 25)
    """a picture darker than this, and without contrast, is black"""
    max_brightness: Share = Fraction(43, 50)
    """a picture brighter than this, and with little contrast, is over-bright"""
    max_noise: Share = Fraction(1, 2)
    """more noise than this, in a picture that is not black, is snow"""
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


def too_short(timeout_ms: int, key: str, wait_ms: int) -> Sentence | None:
    """What is wrong with a check's time-out, whose look takes so long for that key alone; None if nothing is."""
    least = wait_ms + _BESIDE_MS
    if not wait_ms or timeout_ms >= least:
        return None
    return Sentence(
        "timeout {timeout} ms with {key} {wait} ms, which wants {least} ms",
        timeout=timeout_ms,
        key=key,
        wait=wait_ms,
        least=least,
    )


def to_judge_s(deadline: Deadline) -> float:
    """Seconds of a look that are kept for what is there already: for decoding it."""
    return min(_TO_JUDGE_S, (deadline.elapsed_ms() / 1000 + deadline.left_s()) / 4)


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
    metrics = more | {key: found[key] for key in METRICS if key not in _WITH_BASELINE}
    reason = _alone(found, options)
    if known and not reason:
        reason, beside = _against(found, known)
        metrics |= beside
    if reason == PICTURE_HIDDEN:
        return none(reason)
    return fail(reason, **metrics) if reason else ok(**metrics)


def _alone(found: Mapping[str, Any], options: PictureOptions) -> str:
    """What is wrong with it whatever the scene, worst first. Black stands before snow: the dark is full of noise."""
    contrast = max(found["contrast_ratio"], found["lights_ratio"])
    if found["brightness_ratio"] < options.min_brightness and contrast < _BLACK_CONTRAST:
        return PICTURE_BLACK
    if found["brightness_ratio"] > options.max_brightness and found["contrast_ratio"] < _BRIGHT_CONTRAST:
        return PICTURE_BRIGHT
    if found["noise_ratio"] > options.max_noise:
        return PICTURE_SNOW
    if found["same_bytes"]:
        return PICTURE_FROZEN
    if options.min_sharpness is not None and found["sharpness"] < options.min_sharpness:
        return PICTURE_BLURRED
    return ""


def _against(found: Mapping[str, Any], known: Sequence[Profile]) -> tuple[str, dict[str, float]]:
    """What is wrong beside each of the profiles, and by how much: nobody has to know when night begins."""
    now, usual = Cells(found["grid"], found["detail"]), [Cells(each.grid, each.detail) for each in known]
    if len(now.detail) != CELLS or len(now.grid) != CELLS:
        return PICTURE_MOVED, {}
    lost = [lost_cells(now, each) for each in usual]
    alike = max(
        likeness(now, each) if _has_detail(rich) else 1.0 for each, (_, rich) in zip(usual, lost, strict=True)
    )
    gone, share = min(((gone, _share(gone, rich)) for gone, rich in lost), key=lambda each: each[1])
    beside = {"lost_ratio": round(share, 4), "likeness_ratio": round(alike, 4)}
    is_cast = min(_distance(_chroma(found["colour"]), _chroma(each.colour)) for each in known) > _CAST
    if is_cast and alike > _SURELY_SAME:
        return PICTURE_CAST, beside
    if share > _HIDDEN:
        if _is_neutral(found["colour"]) and is_veil(now, gone, alike):
            return PICTURE_HIDDEN if share > _NOTHING_LEFT or alike < _ENOUGH_LEFT else "", beside
        stay = max(shades_alike(now, each, gone) for each in usual)
        return PICTURE_BLURRED if stay > _SHADES_STAY else PICTURE_COVERED, beside
    if alike < _SAME_PLACE:
        return PICTURE_MOVED, beside
    return PICTURE_CAST if is_cast else "", beside


def _share(gone: Sequence[int], rich: int) -> float:
    return len(gone) / rich if _has_detail(rich) else 0.0


def _has_detail(rich: int) -> bool:
    """Whether a profile with so many rich cells can say anything: a wall or water cannot, whatever its noise."""
    return rich >= _FEWEST_RICH


def _is_neutral(colour: Sequence[float]) -> bool:
    return _distance(_chroma(colour), (0.0, 0.0, 0.0)) < _NEUTRAL


def _chroma(colour: Sequence[float]) -> tuple[float, ...]:
    """By how much each channel is above the mean, as a share of it: so a dark picture too has its colour."""
    mean = sum(colour) / len(colour)
    return tuple((each - mean) / max(mean, _DARK) for each in colour)


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)


One = Callable[[str, Any, float, Decoder], Awaitable[Outcome]]
"""A kind's look: address, an instance of the kind's Options, seconds, what decodes."""


class PictureBatch:
    """Looks of all kinds that want pictures decoded, with one decoder. It has a life: close it."""

    def __init__(
        self, kinds: Mapping[type[PictureOptions], One], limiter: Limiter, decoder: Decoder | None = None
    ) -> None:
        """`decoder`: one that others use too; it starts anew where it is closed before they are at their end."""
        self._kinds = kinds
        self._limiter = limiter
        self._decoder = decoder or Decoder()

    async def run(self, looks: Sequence[ProbeRequest], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all, many at once; what goes wrong with one look is that one's `none`."""
        async with asyncio.TaskGroup() as group:
            for index, each in enumerate(looks):
                group.create_task(self._deliver(index, each, deliver))

    async def _deliver(self, index: int, each: ProbeRequest, deliver: Callable[[int, Outcome], None]) -> None:
        async with self._limiter.place(host_of(each.address), (each.address, each.options)):
            one = self._kinds[type(each.options)]
            outcome = await settled(one(each.address, each.options, each.timeout_s, self._decoder))
        deliver(index, outcome)

    def close(self) -> None:
        """End the decoder."""
        self._decoder.close()
