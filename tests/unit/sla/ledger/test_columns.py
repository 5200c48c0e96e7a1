"""Columns of whole numbers: every one comes back, and the next begins where the last ended."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.ledger.columns import (
    DIFFERENCES,
    LINE,
    SECOND,
    STILL,
    _best_width,
    _bits,
    _read_varints,
    _residual,
    _restored,
    _shifted,
    _unbits,
    _unzigzag,
    _varints,
    _zigzag,
    end_of_column,
    packed_column,
    unpacked_column,
)

large = st.integers(-(1 << 54), 1 << 54)
columns = st.lists(large, min_size=1, max_size=40) | st.lists(st.integers(-3, 3), min_size=1, max_size=40)


def array(numbers):
    return np.array(list(numbers), dtype=np.int64)


@given(st.lists(columns, min_size=1, max_size=5))
def test_columns_one_after_another_come_back_and_can_be_passed_over(found):
    data = b"head" + b"".join(packed_column(array(each)) for each in found)
    read = skipped = 4
    for each in found:
        again, read = unpacked_column(data, read, len(each))
        skipped = end_of_column(data, skipped, len(each))
        assert again.tolist() == each
        assert read == skipped
    assert read == len(data)


@given(columns, st.sampled_from([STILL, DIFFERENCES, SECOND, LINE]))
def test_whatever_is_guessed_what_is_left_restores_the_numbers(found, guess):
    left, first, step = _residual(guess, array(found))
    assert _restored(guess, left, first, step).tolist() == found


@pytest.mark.parametrize(
    ("numbers", "guess"),
    [
        ([5, 5, 5, 5], STILL),
        ([0, 7, 14, 21, 28], LINE),
        ([0, 1, 3, 6, 10, 15, 21, 28, 36], SECOND),
    ],
)
def test_a_column_is_packed_by_the_guess_that_leaves_nothing(numbers, guess):
    data = packed_column(array(numbers))
    left, *_ = _residual(guess, array(numbers))
    assert len(set(left[2:].tolist())) == 1
    assert len(data) <= 12


@given(columns)
def test_what_is_shifted_begins_at_nothing_and_has_no_common_divisor(found):
    offsets, low, divisor = _shifted(array(found))
    assert (offsets * divisor + low).tolist() == found
    assert offsets.min() == 0
    assert np.gcd.reduce(offsets) in (0, 1)


@given(st.lists(st.integers(0, (1 << 40) - 1), min_size=1, max_size=40), st.integers(0, 41))
def test_bits_hold_the_lower_part_of_each_number(found, width):
    data = _bits(array(found), width)
    assert len(data) == (len(found) * width + 7) // 8
    assert _unbits(data, len(found), width).tolist() == [each & ((1 << width) - 1) for each in found]


@given(st.lists(st.integers(0, 1 << 50), min_size=1, max_size=40))
def test_the_best_width_costs_no_more_than_any_other(found):
    width, cost = _best_width(array(found))
    for other in range(52):
        apart = sum(each.bit_length() > other for each in found)
        assert cost <= len(found) * other + 24 * apart
    assert cost == len(found) * width + 24 * sum(each.bit_length() > width for each in found)


@given(st.integers(-(1 << 80), 1 << 80))
def test_zigzag_folds_negative_numbers_in_and_out(number):
    assert _zigzag(number) >= 0
    assert _unzigzag(_zigzag(number)) == number


@pytest.mark.parametrize(("number", "folded"), [(0, 0), (-1, 1), (1, 2), (-2, 3), (2, 4)])
def test_small_numbers_fold_to_small_ones(number, folded):
    assert _zigzag(number) == folded


@given(st.lists(st.integers(0, 1 << 70), max_size=20))
def test_varints_come_back_with_the_place_behind_them(found):
    data = b"x" + _varints(found)
    assert _read_varints(data, 1, len(found)) == (found, len(data))


@pytest.mark.parametrize(("number", "length"), [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3)])
def test_a_varint_takes_seven_bits_a_byte(number, length):
    assert len(_varints([number])) == length
