"""Columns of whole numbers in few bits: what is left after the best of four guesses at how they go on.

A column is guessed to stand still, to go on as before (by its first or its second differences), or
to follow a straight line. What is left is shifted to begin at 0, divided by what all have in common,
and packed into as many bits as most need; the few that need more stand apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    Numbers = np.ndarray[Any, np.dtype[np.int64]]

STILL, DIFFERENCES, SECOND, LINE = range(4)
_APART_BITS = 24
"""About what a number costs that stands apart."""
_SHIFT = 7


def packed_column(numbers: Numbers) -> bytes:
    """At least one number, each below 2^60 in size, in few bytes."""
    tried = [_residual(guess, numbers) for guess in range(4)]
    shifted = [_shifted(left) for left, _, _ in tried]
    widths = [_best_width(offsets) for offsets, _, _ in shifted]
    guess = min(range(4), key=lambda n: widths[n][1])
    (_, first, step), (offsets, low, divisor), (width, _) = tried[guess], shifted[guess], widths[guess]
    apart = np.nonzero(offsets >> width)[0]
    gaps = np.diff(apart, prepend=0)
    listed = [
        len(apart),
        *(int(each) for pair in zip(gaps, offsets[apart] >> width, strict=True) for each in pair),
    ]
    head = bytes([guess, width]) + _varints([_zigzag(first), _zigzag(step), _zigzag(low), divisor, *listed])
    return head + _bits(offsets, width)


def unpacked_column(data: bytes, place: int, count: int) -> tuple[Numbers, int]:
    """The numbers that were packed, and where the next column begins."""
    guess, width = data[place], data[place + 1]
    (first, step, low, divisor, apart), place = _read_varints(data, place + 2, 5)
    listed, place = _read_varints(data, place, 2 * apart)
    size = (count * width + 7) // 8
    offsets = _unbits(data[place : place + size], count, width)
    at = np.cumsum(np.array(listed[::2], dtype=np.int64))
    offsets[at] += np.array(listed[1::2], dtype=np.int64) << width
    left = offsets * divisor + _unzigzag(low)
    return _restored(guess, left, _unzigzag(first), _unzigzag(step)), place + size


def end_of_column(data: bytes, place: int, count: int) -> int:
    """Where the column after the one at `place`, of `count` numbers, begins in `data`; nothing is unpacked."""
    (_, _, _, _, apart), after = _read_varints(data, place + 2, 5)
    _, after = _read_varints(data, after, 2 * apart)
    return after + (count * data[place + 1] + 7) // 8


def _residual(guess: int, numbers: Numbers) -> tuple[Numbers, int, int]:
    """(what is left, first number, step) under a guess."""
    first = int(numbers[0])
    if guess == STILL:
        return numbers, 0, 0
    if guess == LINE:
        step = (int(numbers[-1]) - first) // max(1, len(numbers) - 1)
        return numbers - first - step * np.arange(len(numbers), dtype=np.int64), first, step
    differences = np.diff(numbers, prepend=numbers[:1])
    if guess == DIFFERENCES:
        return differences, first, 0
    return np.diff(differences, prepend=np.int64(0)), first, 0


def _restored(guess: int, left: Numbers, first: int, step: int) -> Numbers:
    if guess == STILL:
        return left
    if guess == LINE:
        return left + first + step * np.arange(len(left), dtype=np.int64)
    differences = np.cumsum(left) if guess == SECOND else left
    return np.asarray(np.cumsum(differences) + first, dtype=np.int64)


def _shifted(left: Numbers) -> tuple[Numbers, int, int]:
    """(from 0 on and without a common divisor, the lowest, the divisor)."""
    low = int(left.min())
    offsets = left - low
    divisor = int(np.gcd.reduce(offsets)) or 1
    return offsets // divisor, low, divisor


def _best_width(offsets: Numbers) -> tuple[int, int]:
    """(bits for most, what all cost in bits)."""
    lengths = np.bincount(np.frexp(offsets.astype(np.float64))[1], minlength=1)
    longer = len(offsets) - np.cumsum(lengths)
    costs = len(offsets) * np.arange(len(lengths)) + longer * _APART_BITS
    width = int(np.argmin(costs))
    return width, int(costs[width])


def _bits(offsets: Numbers, width: int) -> bytes:
    if width == 0:
        return b""
    bits = (offsets[:, None] >> np.arange(width, dtype=np.int64)) & 1
    return np.packbits(bits.astype(np.uint8)).tobytes()


def _unbits(data: bytes, count: int, width: int) -> Numbers:
    if width == 0:
        return np.zeros(count, dtype=np.int64)
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), count=count * width).reshape(count, width)
    return np.asarray(bits.astype(np.int64) @ (np.int64(1) << np.arange(width, dtype=np.int64)), dtype=np.int64)


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _unzigzag(number: int) -> int:
    return number >> 1 if number % 2 == 0 else -(number + 1 >> 1)


def _varints(numbers: Iterable[int]) -> bytes:
    found = bytearray()
    for number in numbers:
        left = number
        while left >> _SHIFT:
            found.append(left & 127 | 128)
            left >>= _SHIFT
        found.append(left)
    return bytes(found)


def _read_varints(data: bytes, place: int, count: int) -> tuple[list[int], int]:
    found = []
    for _ in range(count):
        number = shift = 0
        while True:
            byte = data[place]
            place += 1
            number |= (byte & 127) << shift
            shift += _SHIFT
            if byte < 128:  # noqa: PLR2004 - the last of a number
                break
        found.append(number)
    return found, place
