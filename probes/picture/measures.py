"""Numbers of a picture, at one scale (480 pixels wide), as thresholds belong to a scale. Pure; runs in the child.

All that judges a scene leaves the most conspicuous tenth of the picture out: there the camera writes its clock and
its name, sharp and white however black or blurred the rest may be.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 480
GRID = (12, 20)
"""Rows and columns of the picture's coarse layout."""
_POOL = 3
"""So many pixels make one across and down, before detail is measured: a scene stays, the sensor's noise goes."""
_STRIP = 30
"""Rows that are worked on at a time."""
_BLOCK = 4
"""Pooled pixels of a block, across and down."""
_FAINT = 8.0
"""Grey levels of deviation below which noise is the sensor's own."""
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)

Picture = np.ndarray[Any, Any]


def measures(picture: Picture) -> dict[str, Any]:
    """Of an RGB picture (rows, columns, 3). Shares are 0 to 1; `colour`: the mean of R, G, B.

    `grid`: mean grey of each cell, row by row; `detail`: mean square of the Laplacian in it; each is empty for a
    picture that is too small to have such cells.
    """
    sums = _Sums(picture)
    pooled = sums.pooled()
    areas = _blocks(pooled, _BLOCK)
    squares = _laplacian(pooled) ** 2
    return {
        "brightness_ratio": round(sums.mean() / 255, 4),
        "contrast_ratio": round(_spread(areas, 0.1) / 255, 4),
        "lights_ratio": round(_spread(_middle(areas), 0.005) / 255, 4),
        "sharpness": round(_sharpness(_blocks(squares, _BLOCK)), 2),
        "noise_ratio": round(sums.noise(), 4),
        "colour": [round(each / 255, 4) for each in sums.colour()],
        "grid": [round(float(each) / 255, 4) for each in _cells(pooled)],
        "detail": [round(float(each), 1) for each in _cells(squares)],
    }


class _Sums:
    """What needs every pixel, strip by strip: each new page of memory costs a forked child more than sums do."""

    def __init__(self, picture: Picture) -> None:
        self._rows, self._columns = picture.shape[:2]
        self._colour = np.zeros(3)
        self._grey = self._squares = self._lines = 0.0
        self._edges = np.zeros(2)
        self._pooled: list[Picture] = []
        above: Picture | None = None
        for top in range(0, self._rows, _STRIP):
            above = self._add(picture[top : top + _STRIP].astype(np.float32), above)

    def _add(self, strip: Picture, above: Picture | None) -> Picture:
        """`above`: the line over this strip; returns its last one."""
        pixels = strip.reshape(-1, 3)
        self._colour += np.ones(len(pixels), dtype=np.float32) @ pixels  # a tenth of the time of sum()
        grey = strip @ _GREY
        flat = grey.ravel()
        self._grey += float(flat.sum(dtype=np.float64))
        self._squares += float(flat @ flat)
        self._lines += float(flat[: -self._columns] @ flat[self._columns :])
        if above is None:
            self._edges[0] = grey[0].sum(dtype=np.float64)
        else:
            self._lines += float(above @ grey[0])
        self._edges[1] = grey[-1].sum(dtype=np.float64)
        self._pooled.append(_blocks(grey, _POOL) if min(grey.shape) >= _POOL else grey[:0, :0])
        last: Picture = grey[-1]
        return last

    def _count(self) -> int:
        return max(1, int(self._rows * self._columns))

    def mean(self) -> float:
        """Of grey, 0 to 255."""
        return self._grey / self._count()

    def colour(self) -> list[float]:
        """The mean of R, G and B."""
        return [float(each) / self._count() for each in self._colour]

    def pooled(self) -> Picture:
        """Grey, so many pixels made one; a picture below that is its mean."""
        wide = [each for each in self._pooled if each.size]
        return np.concatenate(wide) if wide else np.full((1, 1), self.mean(), dtype=np.float32)

    def noise(self) -> float:
        """How little a pixel knows of the one above it: about 0 for scenes, about 1 for snow, which has lines."""
        mean = self.mean()
        variance = self._squares / self._count() - mean * mean
        pairs = (self._rows - 1) * self._columns
        if variance < _FAINT**2 or pairs < 1:
            return 0.0
        upper, lower = self._grey - self._edges[1], self._grey - self._edges[0]
        shared = (self._lines - mean * (upper + lower)) / pairs + mean * mean
        return float(min(1.0, max(0.0, 1 - shared / variance)))


def unchanged(frames: Iterable[Picture], clock: Sequence[float] | None = None) -> bool:
    """Whether all of several pictures are the same to the last bit, but for the area of a clock.

    `clock`: left, top, right, bottom as shares of the picture. After one that differs, none is asked for any more.
    """
    rest = (_without(each, clock) for each in frames)
    first, second = next(rest, None), next(rest, None)
    if first is None or second is None:
        return False
    return all(np.array_equal(first, each) for each in chain((second,), rest))


def _without(picture: Picture, clock: Sequence[float] | None) -> Picture:
    if clock is None:
        return picture
    rows, columns = picture.shape[:2]
    left, top, right, bottom = clock
    masked = picture.copy()
    masked[int(top * rows) : int(bottom * rows) + 1, int(left * columns) : int(right * columns) + 1] = 0
    return masked


def _blocks(values: Picture, size: int) -> Picture:
    """Means of squares of that size; what is left over at the edges is left out. A picture below one is its mean."""
    rows, columns = values.shape[0] // size, values.shape[1] // size
    if not rows or not columns:
        return np.full((1, 1), values.mean() if values.size else 0.0, dtype=np.float32)
    means: Picture = values[: rows * size, : columns * size].reshape(rows, size, columns, size).mean(axis=(1, 3))
    return means


def _laplacian(values: Picture) -> Picture:
    """How each differs from its four neighbours: edges, not slopes."""
    if min(values.shape) < 3:  # noqa: PLR2004 - no neighbours
        return np.zeros((1, 1), dtype=np.float32)
    return -4 * values[1:-1, 1:-1] + values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]


def _spread(means: Picture, cut: float) -> float:
    """From the darkest to the brightest of the blocks, when that share of them is cut off at both ends."""
    dark, bright = np.quantile(means, (cut, 1 - cut))
    return float(bright - dark)


def _middle(means: Picture) -> Picture:
    """Without the sixths above and below, where clock and name stand: there a single lamp is seen in the dark."""
    margin = len(means) // 6
    return means[margin : len(means) - margin]


def _sharpness(detail: Picture) -> float:
    """The mean detail of all blocks but the most conspicuous tenth, above that of the quietest, which is noise."""
    quiet, loud = np.quantile(detail, (0.1, 0.9))
    return max(0.0, float(detail[detail <= loud].mean() - quiet))


def _cells(values: Picture) -> Picture:
    """The mean of each cell of the grid, row by row."""
    if values.shape[0] < GRID[0] or values.shape[1] < GRID[1]:
        return np.empty(0, dtype=np.float32)
    rows, columns = (
        np.linspace(0, size, count + 1).astype(int) for size, count in zip(values.shape, GRID, strict=True)
    )
    sums = np.add.reduceat(np.add.reduceat(values, rows[:-1], axis=0), columns[:-1], axis=1)
    means: Picture = sums / np.outer(np.diff(rows), np.diff(columns))
    return means.ravel()
