"""Pictures of streets as cameras on poles see them, drawn: by day and night, in any weather, and with every fault.

Seeded, so that a picture is the same on every machine: `Street(n)` is a place, `moment(street, kind, seed)` what its
camera shows then, as a JPEG file. Faults are made where they arise: what happens before the lens has the sensor's
noise and the clock over it, as a real one has.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.support.pictures.places import HEIGHT, NOISE, PANORAMA, VIEW_DEGREES, WIDTH, Picture, Street, soft

BY_DAY = ("sunny", "cloudy", "rain", "low sun", "haze", "overcast", "fresh snow", "lorry")
BY_NIGHT = ("night", "quiet night", "wet night", "headlights", "night rain", "night fog")
BETWEEN = ("dusk", "dawn")
HEALTHY = (*BY_DAY, *BY_NIGHT, *BETWEEN, "fog")
DENSE_FOG = ("dense fog", "dense night fog")
FAULTY_IN = ("cloudy", "sunny", "dusk", "night", "quiet night")
FAULTS = ("black", "over-bright", "snow", "blurred", "covered", "moved", "cast")


@dataclass(frozen=True, slots=True)
class Weather:
    """Light from 0 to 1; `iso`: the sensor's noise; the rest are shares."""

    sun: float = 0.0
    sky: float = 1.0
    lamps: float = 0.0
    iso: float = 0.01
    fog: float = 0.0
    rain: float = 0.0
    wet: float = 0.0
    snow: float = 0.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    cars: int = 4
    glare: int = 0
    lorry: bool = False
    is_grey: bool = False
    gain: float = 1.0


def weather(street: Street, kind: str, rng: np.random.Generator) -> Weather:
    """What that kind of day or night is, a little different each time."""
    bright = rng.uniform(0.85, 1.15)
    dark = Weather(
        sky=0.02, lamps=bright * 0.75, iso=rng.uniform(0.02, 0.05), cars=int(rng.integers(0, 5)),
        glare=int(rng.integers(0, 2)), is_grey=street.infrared,
    )  # fmt: skip
    day = Weather(sky=0.95 * bright, cars=int(rng.integers(0, 8)), iso=rng.uniform(0.006, 0.014))
    return {
        "sunny": replace(day, sun=rng.uniform(0.5, 0.9), sky=0.7 * bright),
        "cloudy": day,
        "overcast": replace(day, sky=0.72 * bright),
        "rain": replace(day, sky=0.6 * bright, rain=rng.uniform(0.3, 0.9), wet=0.6, fog=0.15),
        "low sun": replace(day, sun=0.9, sky=0.45 * bright, tint=(1.16, 1.0, 0.8)),
        "haze": replace(day, fog=rng.uniform(0.3, 0.5)),
        "fog": replace(day, fog=rng.uniform(0.65, 0.9), sky=0.8 * bright),
        "dense fog": replace(day, fog=rng.uniform(2.0, 4.0), sky=0.8 * bright, cars=1),
        "fresh snow": replace(day, snow=rng.uniform(0.5, 0.9)),
        "lorry": replace(day, lorry=True),
        "dusk": replace(day, sky=rng.uniform(0.22, 0.4), lamps=0.5, iso=0.02, tint=(1.0, 0.93, 1.08)),
        "dawn": replace(
            day, sky=rng.uniform(0.25, 0.45), iso=0.018, tint=(1.08, 0.98, 0.95), fog=rng.uniform(0, 0.3)
        ),
        "night": dark,
        "quiet night": replace(dark, lamps=rng.uniform(0.08, 0.35), iso=0.06, cars=0, glare=0),
        "wet night": replace(dark, wet=0.9),
        "dense night fog": replace(dark, fog=rng.uniform(2.0, 4.0), cars=1),
        "night fog": replace(dark, fog=rng.uniform(0.5, 0.9)),
        "headlights": replace(dark, glare=int(rng.integers(2, 4)), cars=4),
        "night rain": replace(dark, wet=0.8, rain=rng.uniform(0.3, 0.8), fog=0.1),
    }[kind]


def moment(street: Street, kind: str, seed: int, fault: str = "") -> bytes:
    """A JPEG file of 720 lines, of quality 50 to 90. `fault`: one of FAULTS, in a strength that seed decides."""
    rng = np.random.default_rng((street.number, seed, crc32(kind.encode()), crc32(fault.encode())))
    state = weather(street, kind, rng)
    turned = rng.uniform(20, 29) * rng.choice((-1, 1)) if fault == "moved" else 0.0
    at = int((PANORAMA - WIDTH) / 2 + turned / VIEW_DEGREES * WIDTH)
    light = _scene(street, state, rng, at + int(rng.integers(-2, 3)))
    light = _before_the_sensor(light, fault, rng)
    return _filed(_sensed(light, state, fault, rng), rng)


def _scene(street: Street, state: Weather, rng: np.random.Generator, at: int) -> Picture:
    view = np.s_[:, at : at + WIDTH]
    albedo, sky, far = street.albedo[view].copy(), street.sky[view], street.far[view]
    if state.snow:
        ground = ~sky & (np.arange(HEIGHT)[:, None] > street.horizon)
        albedo[ground] = albedo[ground] * (1 - state.snow) + 0.85 * state.snow
    light = np.full((HEIGHT, WIDTH), state.sky * 0.8, np.float32)
    if state.sun:
        shadow = _shadow(street, view, rng)
        light = light + state.sun * np.where(shadow, 0.1, 1.0).astype(np.float32)
    tint = np.array(state.tint, np.float32)
    out = albedo * (light[..., None] * tint + state.lamps * street.lit[view][..., None] * street.warm)
    clouds = 0.80 + 0.18 * soft(rng, HEIGHT, WIDTH, 170)
    out[sky] = (
        clouds[..., None] * np.array([0.92, 0.97, 1.05] if state.sun else [0.97, 0.98, 1.0]) * state.sky * tint
    )[sky] + 0.015
    if state.wet:
        out = _wet(out, street, state)
    out += street.glow[view] * state.lamps * 0.9
    for _ in range(state.cars):
        _car(out, street, state, rng)
    if state.lorry:
        _lorry(out, rng)
    for _ in range(state.glare):
        _glare(out, street, rng)
    if state.fog:
        veil = 1 - np.exp(-state.fog * 2.2 * far)
        out = out * (1 - veil[..., None]) + (0.72 * state.sky + 0.06 * state.lamps) * veil[..., None]
    if state.rain:
        out += 0.10 * (state.sky + 0.3) * state.rain * _streaks(rng)[..., None]
    return out.astype(np.float32)


def _shadow(street: Street, view: tuple, rng: np.random.Generator) -> Picture:
    """Houses and trees throw theirs to one side, by the sun's angle."""
    solid = ~street.sky[view] & (street.far[view] < 0.9)
    solid &= street.far[view] != (street.far[HEIGHT - 1, 0])
    above = solid & (np.arange(HEIGHT)[:, None] < street.horizon + 60)
    shift, drop = int(rng.integers(-260, 260)), int(rng.integers(60, 180))
    return np.roll(np.roll(above, drop, 0), shift, 1)


def _wet(out: Picture, street: Street, state: Weather) -> Picture:
    """The ground mirrors what stands above it."""
    rows = HEIGHT - street.horizon
    mirror = out[max(0, street.horizon - rows) : street.horizon][::-1]
    mirror = mirror[:rows]
    out = out.copy()
    out[street.horizon : street.horizon + len(mirror)] = (
        out[street.horizon : street.horizon + len(mirror)] * (1 - 0.45 * state.wet) + 0.3 * state.wet * mirror
    )
    return out


def _car(out: Picture, street: Street, state: Weather, rng: np.random.Generator) -> None:
    near = rng.uniform(0.1, 0.8)
    y, size = int(street.horizon + (HEIGHT - street.horizon) * near), int(20 + 110 * near)
    x = int(rng.integers(0, WIDTH - size))
    light = 0.75 * state.sky + state.lamps * 0.25 + state.sun * 0.5
    colour = rng.uniform(0.05, 0.85) * rng.uniform(0.8, 1.2, 3) * light
    out[y : y + size // 2, x : x + size] = colour
    out[y + 3 : y + size // 6, x + size // 6 : x + size * 5 // 6] = 0.1 * light
    out[y + size // 2 - 3 : y + size // 2 + 4, x : x + size] = 0.02
    if state.lamps:
        out[y + size // 4 : y + size // 4 + 4, x : x + 6] = (1.2, 0.1, 0.1)
        out[y + size // 4 : y + size // 4 + 4, x + size - 6 : x + size] = (1.2, 0.1, 0.1)


def _lorry(out: Picture, rng: np.random.Generator) -> None:
    """A quarter of the picture for a moment."""
    x = int(rng.integers(-100, WIDTH - 400))
    out[200:640, max(0, x) : x + 620] = rng.uniform(0.2, 0.8, 3)
    out[260:420, max(0, x) + 40 : x + 300 : 3] *= 0.8
    out[600:660, max(0, x) : x + 620] = 0.05


def _glare(out: Picture, street: Street, rng: np.random.Generator) -> None:
    rows, columns = np.ogrid[0:HEIGHT, 0:WIDTH]
    y, x = street.horizon + rng.uniform(60, 260), rng.uniform(100, WIDTH - 100)
    away = np.hypot(rows - y, columns - x).astype(np.float32)
    out += (1.6 * np.exp(-((away / 26) ** 2)) + 0.35 * np.exp(-away / 110))[..., None]


def _streaks(rng: np.random.Generator) -> Picture:
    drops = (rng.random((HEIGHT // 12, WIDTH // 2)) > 0.985).astype(np.float32)
    return np.asarray(Image.fromarray(drops, "F").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR))


# Faults


def _before_the_sensor(light: Picture, fault: str, rng: np.random.Generator) -> Picture:
    if fault == "black":
        return np.zeros_like(light) + rng.uniform(0, 0.004)
    if fault == "over-bright":
        return light * rng.uniform(0.5, 1.5) + rng.uniform(0.95, 1.4)
    if fault == "blurred":
        return _defocused(light, rng.uniform(0.02, 0.035) * WIDTH)
    if fault == "covered":
        return _covered(light, rng)
    return light


def _defocused(light: Picture, radius: float) -> Picture:
    """A disc, as a lens out of focus makes of each point; three boxes are near enough to one."""
    top = max(1.0, float(light.max()))
    image = Image.fromarray((light.clip(0, top) / top * 255).astype(np.uint8)).filter(
        ImageFilter.BoxBlur(radius * 0.7)
    )
    return np.asarray(image.filter(ImageFilter.BoxBlur(radius * 0.7))).astype(np.float32) / 255 * top


def _covered(light: Picture, rng: np.random.Generator) -> Picture:
    """A hand, a leaf or spray over 60 to 95 of 100 of the picture: too near to be sharp."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    lean = rng.uniform(0, 2 * np.pi)
    field = (
        (columns / WIDTH - 0.5) * np.cos(lean)
        + (rows / HEIGHT - 0.5) * np.sin(lean)
        + 0.12 * soft(rng, HEIGHT, WIDTH, 160)
    )
    edge = np.quantile(field, rng.uniform(0.6, 0.95))
    kind = rng.integers(0, 3)
    edge_width = (0.05, 0.03, 0.004)[kind]
    mask = 1 / (1 + np.exp(np.clip((field - edge) / edge_width, -30, 30)))
    colour = (np.array([0.62, 0.42, 0.33]), np.array([0.16, 0.3, 0.08]), rng.uniform(0.05, 0.8, 3))[kind]
    level = float(np.clip(light.mean() * 1.6, 0.05, 1))
    cover = colour * level * (1 + 0.2 * soft(rng, HEIGHT, WIDTH, 240))[..., None]
    return (light * (1 - mask[..., None]) + cover * mask[..., None]).astype(np.float32)


def _snow(rng: np.random.Generator) -> Picture:
    """No signal: noise of full swing, of an analogue line's breadth."""
    wide = int(rng.integers(1, 4))
    noise = rng.uniform(0, 1, (HEIGHT // int(rng.integers(1, 3)), WIDTH // wide)).astype(np.float32)
    image = Image.fromarray(noise, "F").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    return np.repeat(np.asarray(image)[..., None], 3, axis=2) * rng.uniform(0.6, 1)


def _cast(out: Picture, state: Weather, rng: np.random.Generator) -> Picture:
    """A channel lost, or infrared where none should be: purple."""
    kind = int(rng.integers(0, 3 if state.is_grey else 4))
    if kind < 3:
        gains = np.ones(3, np.float32)
        gains[kind] = rng.uniform(0, 0.35)
        return out * gains
    return out * np.array([1.15, 0.62, 1.12], np.float32) + np.array([0.06, 0, 0.08], np.float32)


# The camera


def _sensed(light: Picture, state: Weather, fault: str, rng: np.random.Generator) -> Picture:
    """What the sensor makes of it: noise, gamma, grey by infrared."""
    if fault == "snow":
        return _snow(rng)
    rolled = (int(rng.integers(0, 1024)), int(rng.integers(0, 2048)))
    noise = np.roll(NOISE, rolled, (0, 1))[:HEIGHT, :WIDTH]
    iso = rng.uniform(0.02, 0.08) if fault == "black" else state.iso
    out = np.clip(light * state.gain, 0, None) ** (1 / 1.8)
    if fault == "black":
        out += rng.uniform(0, 0.05)
    colour = np.roll(noise, (7, 13), (0, 1))
    out = out + iso * noise[..., None] * (0.6 if out.mean() > 0.3 else 1.0)
    out += 0.5 * iso * colour[..., None] * np.array([1, -0.5, 1], np.float32)
    if state.is_grey:
        out = np.repeat((out @ np.array([0.3, 0.6, 0.1], np.float32))[..., None], 3, axis=2)
    return _cast(out, state, rng) if fault == "cast" else out


def _filed(out: Picture, rng: np.random.Generator) -> bytes:
    image = Image.fromarray((np.clip(out, 0, 1) * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    text = f"2026-{rng.integers(1, 13):02}-{rng.integers(1, 29):02} {rng.integers(0, 24):02}:{rng.integers(0, 60):02}:{rng.integers(0, 60):02}"
    for place, words, size in (((36, 26), text, 34), ((WIDTH - 380, HEIGHT - 62), "CAM 07 ZHONGXING RD", 30)):
        draw.text(place, words, "white", ImageFont.load_default(size), stroke_width=2, stroke_fill="black")
    made = io.BytesIO()
    image.save(made, "JPEG", quality=int(rng.integers(50, 91)))
    return made.getvalue()
