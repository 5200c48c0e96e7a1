"""A picture beside what its camera usually shows: what detail is gone, what hides it, whether it is the same place.

Pure, of the cells of probes/picture/measures.py (`grid`: mean grey, `detail`: of edges). Light comes and goes, detail
stays where it is: so a place is known by where its edges are, row by row, and not by its grey.
"""

from __future__ import annotations

from math import log, sqrt
from statistics import fmean, pstdev, quantiles
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS, COLUMNS = 12, 20
"""As GRID of probes/picture/measures.py, which needs numpy."""
CELLS = ROWS * COLUMNS
_SOME_DETAIL = 8.0
"""Less than this is what a JPEG makes of a plain wall."""
_GONE = 0.1
_ALIKE_FEWEST = 6
_NO_VARIATION = 1e-6
_EVEN, _BRIGHT, _SURELY_PLACE = 0.05, 0.6, 0.55


def _around(place: int) -> tuple[int, ...]:
    row, column = divmod(place, COLUMNS)
    rows = range(max(0, row - 1), min(ROWS, row + 2))
    return tuple(at * COLUMNS + each for at in rows for each in range(max(0, column - 1), min(COLUMNS, column + 2)))


_AROUND = tuple(_around(place) for place in range(CELLS))
"""Each cell and its neighbours: worked out once, as every picture asks for all of them."""


class Cells(NamedTuple):
    """Of one picture: mean grey and detail of each cell, row by row; CELLS of each."""

    grid: Sequence[float]
    detail: Sequence[float]


def noise_of(detail: Sequence[float]) -> float:
    """The detail of the quietest tenth: noise of the sensor, which stands everywhere."""
    return quantiles(detail, n=10)[0]


def lost_cells(now: Cells, usual: Cells) -> tuple[list[int], int]:
    """The cells whose usual detail is gone (less than a tenth is left), and of how many."""
    noise, usual_noise = noise_of(now.detail), noise_of(usual.detail)
    least = max(_SOME_DETAIL, 2 * usual_noise)
    rich = [place for place, each in enumerate(usual.detail) if each - usual_noise > least]
    gone = [place for place in rich if now.detail[place] - noise < _GONE * (usual.detail[place] - usual_noise)]
    return gone, len(rich)


def likeness(now: Cells, usual: Cells) -> float:
    """How much it is the usual place, -1 to 1: two parts for where edges stand, one for where it is brighter.

    A low sun moves all shades, a lorry hides many edges; neither does both.
    """
    edges = correlation(_edges(now.detail), _edges(usual.detail))
    return (2 * edges + correlation(_local(now.grid), _local(usual.grid))) / 3


def _edges(detail: Sequence[float]) -> list[float]:
    """In each row of cells, where more and where less is. The most conspicuous are cut: every camera has a clock."""
    most, noise = quantiles(detail, n=20)[16], noise_of(detail)
    values = [log(min(each, most) + 2 * noise + 4) for each in detail]
    rows = [values[at : at + COLUMNS] for at in range(0, len(values), COLUMNS)]
    return [each - mean for row in rows for mean in (fmean(row),) for each in row]


def shades_alike(now: Cells, usual: Cells, places: Sequence[int]) -> float:
    """Whether these cells are darker or brighter than those around them as usual, -1 to 1.

    They are behind a blurred lens, and are not behind a hand.
    """
    if len(places) < _ALIKE_FEWEST:
        return 1.0
    ours, theirs = _local(now.grid), _local(usual.grid)
    return correlation([ours[place] for place in places], [theirs[place] for place in places])


def _local(grid: Sequence[float]) -> list[float]:
    """Each cell beside the mean of its neighbourhood, in units of what is common in this picture, cut at two."""
    apart = [each - sum([grid[at] for at in near]) / len(near) for each, near in zip(grid, _AROUND, strict=True)]
    unit = fmean(map(abs, apart)) + 0.001
    return [max(-2.0, min(2.0, each / unit)) for each in apart]


def is_veil(now: Cells, places: Sequence[int], alike: float) -> bool:
    """Whether these cells are even, and bright or in the usual place: fog or snow, not a fault of the camera."""
    shades = [now.grid[place] for place in places]
    return len(shades) > 1 and pstdev(shades) < _EVEN and (fmean(shades) > _BRIGHT or alike > _SURELY_PLACE)


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """-1 to 1; where nothing varies 1 if that is so in both, else 0."""
    mean_one, mean_other = fmean(one), fmean(other)
    pairs = [(a - mean_one, b - mean_other) for a, b in zip(one, other, strict=True)]
    varies, other_varies = sum(a * a for a, _ in pairs), sum(b * b for _, b in pairs)
    if min(varies, other_varies) < _NO_VARIATION:
        return float(max(varies, other_varies) < _NO_VARIATION)
    return sum(a * b for a, b in pairs) / sqrt(varies * other_varies)
