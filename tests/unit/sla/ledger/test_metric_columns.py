"""One metric out of a payload is what unpacking all of it would say."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.ledger.blocks import NONE, OK, BlockRow
from sla.ledger.metric_columns import metric_of
from sla.ledger.payloads import packed

NAMES = ["rtt_ms", "loss", 'q"uote', "back\\slash", "名", "rtt"]
numbers = st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9) | st.sampled_from([0.0, 0.12345, 1e300, -0.5, 1 << 60])
metrics = st.dictionaries(st.sampled_from(NAMES), numbers, max_size=4)


def row(at, found, outcome=OK, extra=None):
    said = [found, extra] if extra else found
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")) if said else ""
    return BlockRow(at, outcome, 0, "", text)


rows = st.lists(
    st.tuples(metrics, st.integers(0, 2), st.sampled_from([None, {"rtt_ms": 7}, {"x": "rtt_ms"}])),
    min_size=1,
    max_size=20,
).map(lambda found: [row(at, said, outcome, extra) for at, (said, outcome, extra) in enumerate(found)])


def wanted(found, name):
    for each in found:
        if each.outcome != NONE:
            said = json.loads(each.metrics) if each.metrics else {}
            said = said[0] if isinstance(said, list) else said
            yield each.at, each.outcome == OK, float(said[name]) if name in said else math.nan


@given(rows, st.sampled_from([*NAMES, "none such"]))
def test_a_metric_is_that_of_each_reading_that_says_anything(found, name):
    seen = metric_of(packed(found), name)
    given_ = zip(seen.ats.tolist(), seen.oks.tolist(), seen.values.tolist(), strict=True)
    assert [(at, ok, repr(value)) for at, ok, value in given_] == [
        (at, ok, repr(value)) for at, ok, value in wanted(found, name)
    ]


@pytest.mark.parametrize("value", [0, 7, -3, 0.25, 0.0001, 0.12345, 1e300])
def test_a_number_is_the_same_however_it_is_packed(value):
    (found,) = metric_of(packed([row(1, {"rtt_ms": value})]), "rtt_ms").values.tolist()
    assert found == value


def test_whole_numbers_and_floats_of_one_name_are_one_metric():
    found = metric_of(packed([row(n, {"rtt_ms": value}) for n, value in enumerate([1, 1.5, 2, 0.12345])]), "rtt_ms")
    assert found.values.tolist() == [1.0, 1.5, 2.0, 0.12345]


def test_a_name_inside_another_is_not_taken_for_it():
    (found,) = metric_of(packed([row(1, {"rtt_ms": 0.12345})]), "rtt").values.tolist()
    assert math.isnan(found)


def test_a_key_that_is_no_metric_is_not_taken_for_one():
    (found,) = metric_of(packed([row(1, {"loss": 0.5}, extra={"rtt_ms": 9})]), "rtt_ms").values.tolist()
    assert math.isnan(found)
