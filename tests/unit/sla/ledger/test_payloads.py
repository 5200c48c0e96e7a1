"""Packing loses nothing, whatever is packed."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.ledger.blocks import BlockRow
from sla.ledger.columns import packed_column, unpacked_column
from sla.ledger.payloads import packed, unpacked

numbers = st.integers(-(1 << 54), 1 << 54)
metric = st.integers(-(1 << 40), 1 << 40) | st.floats(allow_nan=False, allow_infinity=False) | st.just(-0.0)
metrics = st.dictionaries(st.text(max_size=5), metric | st.text(max_size=3) | st.booleans() | st.none(), max_size=3)
texts = st.just("") | metrics.map(
    lambda found: json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""
)
rows = st.lists(
    st.builds(
        BlockRow, st.integers(0, 1 << 45), st.integers(0, 2), st.integers(0, 1 << 40), st.text(max_size=5), texts
    ),
    min_size=1,
    max_size=30,
)


@given(st.lists(numbers, min_size=1, max_size=50), st.sampled_from([1, 2, 1000]))
def test_a_column_comes_back_as_it_was(found, factor):
    column = np.array([each // factor * factor for each in found], dtype=np.int64)
    data = packed_column(column)
    again, place = unpacked_column(b"xx" + data, 2, len(column))
    assert again.tolist() == column.tolist()
    assert place == 2 + len(data)


@given(rows)
def test_readings_come_back_as_they_were(found):
    assert unpacked(packed(found)) == found


@pytest.mark.parametrize(
    ("column", "most"),
    [
        ([7] * 360, 10),
        (range(0, 360 * 60_000, 60_000), 14),
        ([n * 60_000 + n * n % 40 for n in range(360)], 300),
        ([500 * (n % 2) for n in range(360)], 60),
        ([0] * 359 + [1 << 40], 20),
    ],
    ids=["constant", "a clock", "a clock that jitters by 40", "two values", "one far out"],
)
def test_what_can_be_guessed_costs_little(column, most):
    assert len(packed_column(np.array(list(column), dtype=np.int64))) <= most


@pytest.mark.parametrize("value", ["0.12345", "-0.0", "1e+300", "9007199254740993", "0.0", "0", "1.0", "1"])
def test_a_number_comes_back_as_it_was_written(value):
    text = f'{{"rtt_ms":{value}}}'
    assert unpacked(packed([BlockRow(1, 1, 0, "", text)]))[0].metrics == text


def test_whole_floats_beside_whole_numbers_cost_no_text():
    found = [BlockRow(n * 60_000, 1, n, "", '{"loss_ratio":0.0,"sent":5,"rtt_ms":1.5}') for n in range(360)]
    assert len(packed(found)) < 180
    assert unpacked(packed(found)) == found
