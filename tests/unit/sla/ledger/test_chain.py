"""Entries: one byte form, one hash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.ledger.chain import Entry, canonical, entry_hash, record_mark, restored, site_mark

numbers = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
names = st.sampled_from(["a", "decimal", "object", "键"])
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_what_was_made_canonical_is_restored_equal(value):
    assert restored(json.loads(canonical(value))) == value


@given(values)
def test_canonical_bytes_hold_no_float_and_survive_being_read_and_written(value):
    data = canonical(value)
    assert canonical(json.loads(data, parse_float=pytest.fail)) == data or b'"decimal"' in data or b'"object"' in data


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(number):
    with pytest.raises(ValueError, match="no JSON value"):
        canonical({"x": number})


def test_the_same_record_in_another_order_of_keys_has_the_same_mark():
    one, other = Entry(kind="k", body={"a": 1, "b": 2}, actor="x"), Entry(kind="k", body={"b": 2, "a": 1}, actor="y")
    assert record_mark(one) == record_mark(other)


def test_an_entry_of_another_site_has_another_hash():
    data = canonical({"seq": 1})
    assert entry_hash(site_mark("a"), 1, bytes(32), data) != entry_hash(site_mark("b"), 1, bytes(32), data)
