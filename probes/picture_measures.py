"""Numbers of a picture, at one scale (480 pixels wide), as thresholds belong to a scale. Pure; runs in the child."""

from __future__ import annotations

from typing import Any

import numpy as np

WIDTH = 480
BLOCK = 12
GRID = (8, 12)
"""Rows and columns of the picture's coarse layout."""
_FLAT = 2.0
"""A block whose grey levels deviate less than this has no structure: sky, a wall, or a hand before the lens."""
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)

Picture = np.ndarray[Any, Any]


def measures(picture: Picture) -> dict[str, Any]:
    """Of an RGB picture (rows, columns, 3). Shares are 0 to 1; `grid` is the layout; `colour` the mean of R, G, B."""
    rgb = picture.astype(np.float32)
    grey = rgb @ _GREY
    mean, deviation = float(grey.mean()), float(grey.std())
    return {
        "brightness_ratio": round(mean / 255, 4),
        "contrast_ratio": round(deviation / 255, 4),
        "sharpness": round(_sharpness(grey), 2),
        "flat_ratio": round(_largest_flat(grey), 4),
        "noise_ratio": round(_noise(grey, deviation), 4),
        "colour": [round(float(each) / 255, 4) for each in _channels(rgb)],
        "grid": _layout(grey),
    }


def _channels(rgb: Picture) -> Picture:
    pixels = rgb.reshape(-1, 3)
    return np.ones(len(pixels), dtype=np.float32) @ pixels / len(pixels)  # a tenth of the time of mean()


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


def _sharpness(grey: Picture) -> float:
    """The variance of the Laplacian."""
    if min(grey.shape) < 3:  # noqa: PLR2004 - no neighbours
        return 0.0
    inner = -4 * grey[1:-1, 1:-1] + grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float(inner.var())


def _noise(grey: Picture, deviation: float) -> float:
    """How little a pixel knows of its neighbour: about 0 for scenes, about 1 for snow."""
    if deviation < 1 or grey.shape[1] < 2:  # noqa: PLR2004 - nothing there
        return 0.0
    left, right = grey[:, :-1] - grey.mean(), grey[:, 1:] - grey.mean()
    return float(np.clip(1 - (left * right).mean() / (deviation * deviation), 0, 1))


def _largest_flat(grey: Picture) -> float:
    """The share of the picture that its largest connected area without structure covers."""
    rows, columns = grey.shape[0] // BLOCK, grey.shape[1] // BLOCK
    if not rows or not columns:
        return 0.0
    blocks = grey[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    flat = blocks.std(axis=(1, 3)) < _FLAT
    return float(max(_areas(flat), default=0) / flat.size)


def _areas(flat: Picture) -> list[int]:
    left = {(int(row), int(column)) for row, column in np.argwhere(flat)}
    found = []
    while left:
        waiting, size = [left.pop()], 0
        while waiting:
            row, column = waiting.pop()
            size += 1
            beside = {(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)} & left
            left -= beside
            waiting.extend(beside)
        found.append(size)
    return found


def _layout(grey: Picture) -> list[float]:
    """Mean grey of each cell of the grid, row by row, 0 to 1."""
    rows = np.array_split(grey, GRID[0], axis=0)
    cells = [np.array_split(row, GRID[1], axis=1) for row in rows]
    return [round(float(cell.mean()) / 255, 3) if cell.size else 0.0 for row in cells for cell in row]
