"""A street as a place, drawn: houses, windows, trees, lanes and lamps, over twice the width of a view."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 720
VIEW_DEGREES = 60
PANORAMA = 2 * WIDTH
_HORIZON = 0.34
NOISE = np.random.default_rng(0).standard_normal((1024, 2048), dtype=np.float32)

Picture = np.ndarray


def soft(rng: np.random.Generator, rows: int, columns: int, cells: int) -> Picture:
    """Smooth noise, -1 to 1: clouds, leaves, stains."""
    small = rng.uniform(-1, 1, (max(2, rows // cells + 2), max(2, columns // cells + 2))).astype(np.float32)
    image = Image.fromarray(small, "F").resize((columns, rows), Image.Resampling.BICUBIC)
    return np.asarray(image)


class Street:
    """A place: what stands where, over twice the width of a view. Layers are rows, columns (, RGB), 0 to 1."""

    def __init__(self, number: int) -> None:
        rng = np.random.default_rng(1_000 + number)
        self.number = number
        self.infrared = number % 2 == 0
        """Whether its camera turns to grey by night."""
        self.horizon = int(HEIGHT * (_HORIZON + rng.uniform(-0.08, 0.08)))
        self.albedo = np.full((HEIGHT, PANORAMA, 3), 0.5, np.float32)
        self.glow = np.zeros((HEIGHT, PANORAMA, 3), np.float32)
        """What shines by night."""
        rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
        below = np.clip((rows - self.horizon) / (HEIGHT - self.horizon), 0, 1)
        self.far = np.broadcast_to(np.where(rows < self.horizon, 1.0, (1 - below) ** 2), (HEIGHT, PANORAMA)).copy()
        """How far away: 1 is where fog hides all."""
        self.sky = np.broadcast_to(rows < self.horizon + 12, (HEIGHT, PANORAMA)).copy()
        self._ground(rng)
        self._houses(rng)
        self._trees(rng)
        self._lamps(rng)

    def _ground(self, rng: np.random.Generator) -> None:
        grey = (
            0.32
            + 0.03 * soft(rng, HEIGHT, PANORAMA, 40)
            + 0.04 * NOISE[:HEIGHT, : PANORAMA // 2].repeat(2, 1)[:, :PANORAMA] * 0.5
        )
        self.albedo[:] = grey[..., None] * np.array([1, 1, 1.02], np.float32)
        canvas = self._canvas()
        draw = ImageDraw.Draw(canvas)
        for lane in range(-6, 14):
            vanish = PANORAMA / 2
            foot = lane * PANORAMA / 8 + rng.uniform(-30, 30)
            for near in np.linspace(0.08, 0.9, 9):
                at = [self._towards(vanish, foot, each) for each in (near, near + 0.05)]
                draw.line([at[0], at[1]], fill=(225, 225, 215), width=int(2 + 10 * near))
        for place in rng.uniform(0, PANORAMA, 3):  # zebra crossings
            for stripe in range(7):
                x = place + stripe * 38
                draw.polygon([(x, 640), (x + 20, 640), (x + 28, 700), (x + 4, 700)], fill=(230, 230, 225))
        self._put(canvas)

    def _towards(self, vanish: float, foot: float, near: float) -> tuple[float, float]:
        return vanish + (foot - vanish) * near, self.horizon + (HEIGHT - self.horizon) * near

    def _canvas(self) -> Image.Image:
        return Image.fromarray((self.albedo * 255).clip(0, 255).astype(np.uint8))

    def _put(self, canvas: Image.Image) -> None:
        self.albedo = np.asarray(canvas).astype(np.float32) / 255

    def _houses(self, rng: np.random.Generator) -> None:
        canvas = self._canvas()
        glow = Image.fromarray((self.glow * 255).astype(np.uint8))
        draw, shine = ImageDraw.Draw(canvas), ImageDraw.Draw(glow)
        x = -60.0
        while x < PANORAMA:
            width = rng.uniform(110, 330)
            if rng.random() < 0.2:
                x += width * 0.7  # a gap
                continue
            top = self.horizon - rng.uniform(30, self.horizon * 0.95)
            foot = self.horizon + rng.uniform(15, 90)
            wall = tuple(int(each) for each in np.clip(rng.uniform(70, 205) * rng.uniform(0.85, 1.15, 3), 20, 240))
            draw.rectangle((x, top, x + width, foot), fill=wall)
            self._solid(x, top, x + width, foot, 0.45 + 0.4 * rng.random())
            self._windows(rng, draw, shine, (x, top, x + width, foot))
            if rng.random() < 0.5:  # a shop with its sign
                colour = tuple(int(each) for each in rng.integers(40, 250, 3))
                sign = (x + 8, foot - 34, x + width - 8, foot - 16)
                draw.rectangle(sign, fill=colour)
                if rng.random() < 0.6:
                    shine.rectangle(sign, fill=tuple(each // 2 for each in colour))
            x += width + rng.choice([0, 0, 14])
        self._put(canvas)
        self.glow = np.asarray(glow).astype(np.float32) / 255

    def _windows(self, rng, draw: ImageDraw.ImageDraw, shine: ImageDraw.ImageDraw, house: tuple) -> None:
        left, top, right, foot = house
        across, down = rng.uniform(16, 30), rng.uniform(18, 34)
        for y in np.arange(top + 8, foot - down * 1.6, down):
            for x in np.arange(left + 8, right - across, across):
                shade = int(rng.integers(25, 80))
                box = (x, y, x + across * 0.6, y + down * 0.6)
                draw.rectangle(box, fill=(shade, shade + 5, shade + 12))
                if rng.random() < 0.12:
                    shine.rectangle(box, fill=(150, 120, 70))

    def _solid(self, left: float, top: float, right: float, foot: float, far: float) -> None:
        area = np.s_[max(0, int(top)) : int(foot), max(0, int(left)) : max(0, int(right))]
        self.sky[area] = False
        self.far[area] = far

    def _trees(self, rng: np.random.Generator) -> None:
        for _ in range(rng.integers(6, 14)):
            x, y = rng.uniform(0, PANORAMA), self.horizon + rng.uniform(-50, 60)
            size = rng.uniform(50, 130)
            self._tree(rng, int(x), int(y), int(size))

    def _tree(self, rng: np.random.Generator, x: int, y: int, size: int) -> None:
        left, right, top, foot = max(0, x - size), min(PANORAMA, x + size), max(0, y - size), min(HEIGHT, y + size)
        if right - left < 8 or foot - top < 8:
            return
        rows, columns = np.mgrid[top:foot, left:right]
        round_ = np.hypot((columns - x) / size, (rows - y) / size)
        leaves = round_ + 0.25 * soft(rng, foot - top, right - left, 9) < 0.85
        shade = 0.22 + 0.10 * soft(rng, foot - top, right - left, 4) + 0.06 * soft(rng, foot - top, right - left, 20)
        green = np.clip(shade, 0.02, 1)[..., None] * np.array([0.75, 1.05, 0.5], np.float32)
        area = np.s_[top:foot, left:right]
        self.albedo[area] = np.where(leaves[..., None], green, self.albedo[area])
        self.far[area] = np.where(leaves, 0.35, self.far[area])
        self.sky[area] &= ~leaves
        self.glow[area] *= ~leaves[..., None]

    def _lamps(self, rng: np.random.Generator) -> None:
        """Poles, and the pools of light below them."""
        rows, columns = np.mgrid[0:HEIGHT, 0:PANORAMA].astype(np.float32)
        warm = np.array([1.0, 0.78, 0.45] if rng.random() < 0.5 else [0.95, 0.97, 1.0], np.float32)
        self.lit = np.full((HEIGHT, PANORAMA), 0.12, np.float32)
        for x in np.arange(rng.uniform(0, 300), PANORAMA, rng.uniform(330, 520)):
            top, foot = self.horizon - 90, self.horizon + 190
            self.albedo[top:foot, int(x) : int(x) + 7] = 0.25
            self.far[top:foot, int(x) : int(x) + 7] = 0.2
            self.glow[np.hypot(rows - top, columns - x) < 11] = 1.6 * warm
            self.glow += (0.55 * np.exp(-(((rows - top) / 34) ** 2) - ((columns - x) / 34) ** 2))[..., None] * warm
            self.lit += 0.75 * np.exp(-(((rows - foot) / 170) ** 2) - ((columns - x) / 210) ** 2)
        self.warm = warm
