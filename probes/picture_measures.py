"""Numbers of a picture, at one scale (480 pixels wide), as thresholds belong to a scale. Pure; runs in the child.

All that judges a scene leaves the most conspicuous tenth of the picture out: there the camera writes its clock and
its name, sharp and white however black or blurred the rest may be.
"""

from __future__ import annotations

from typing import Any

import numpy as np

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

    `grid`: mean grey of each cell, row by row; `detail`: mean square of the Laplacian in it; both are empty for a
    picture that is too small to have cells.
    """
    grey, colour = _grey_and_colour(picture)
    pooled = _blocks(grey, _POOL)
    areas = _blocks(pooled, _BLOCK)
    squares = _laplacian(pooled) ** 2
    return {
        "brightness_ratio": round(float(grey.mean()) / 255, 4),
        "contrast_ratio": round(_spread(areas, 0.1) / 255, 4),
        "lights_ratio": round(_spread(_middle(areas), 0.005) / 255, 4),
        "sharpness": round(_sharpness(_blocks(squares, _BLOCK)), 2),
        "noise_ratio": round(_noise(grey), 4),
        "colour": [round(float(each) / 255, 4) for each in colour],
        "grid": [round(float(each) / 255, 4) for each in _cells(pooled)],
        "detail": [round(float(each), 1) for each in _cells(squares)],
    }


def _grey_and_colour(picture: Picture) -> tuple[Picture, Picture]:
    """Grey of each pixel, and the mean of R, G and B.

    Strip by strip: each new page of memory costs a forked child more than the sums that are done in it.
    """
    grey = np.empty(picture.shape[:2], dtype=np.float32)
    sums = np.zeros(3, dtype=np.float64)
    for top in range(0, len(picture), _STRIP):
        strip = picture[top : top + _STRIP].astype(np.float32)
        np.matmul(strip, _GREY, out=grey[top : top + _STRIP])
        pixels = strip.reshape(-1, 3)
        sums += np.ones(len(pixels), dtype=np.float32) @ pixels  # a tenth of the time of sum()
    return grey, sums / max(1, grey.size)


def unchanged(frames: list[Picture], clock: list[float] | None = None) -> bool:
    """Whether all of several pictures are the same to the last bit, but for the area of a clock.

    `clock`: left, top, right, bottom as shares of the picture.
    """
    if len(frames) < 2:  # noqa: PLR2004 - nothing to compare
        return False
    return all(np.array_equal(_without(frames[0], clock), _without(each, clock)) for each in frames[1:])


def _without(picture: Picture, clock: list[float] | None) -> Picture:
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


def _noise(grey: Picture) -> float:
    """How little a pixel knows of the one above it: about 0 for scenes, about 1 for snow, which has lines."""
    centred = (grey - grey.mean()).ravel()
    variance = float(centred @ centred) / max(1, centred.size)
    if variance < _FAINT**2 or len(grey) < 2:  # noqa: PLR2004 - nothing above
        return 0.0
    width = grey.shape[1]
    shared = float(centred[:-width] @ centred[width:]) / (centred.size - width)
    return float(min(1.0, max(0.0, 1 - shared / variance)))


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
