"""Values of keys: each reader takes what its name says, refuses all else, and says what was wanted."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.mistakes import MalformedError
from sla.evidence import values
from sla.evidence.instants import format_instant

HASH = "0123456789abcdef" * 4
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def refused(read, value):
    with pytest.raises(MalformedError) as caught:
        read(value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("read", "value", "kept"),
    [
        (values.text, "", ""),
        (values.text, "断线", "断线"),
        (values.name, " ", " "),
        (values.flag, True, True),
        (values.flag, False, False),
        (values.instant, "1970-01-01T08:00:00+08:00", 0),
        (values.month, "2026-02", "2026-02"),
        (values.names, [], ()),
        (values.names, ["b", "a", "b"], ("b", "a")),
        (values.one_or_more, "a", ("a",)),
        (values.one_or_more, ["a", "a"], ("a",)),
        (values.word("ok", "fail"), "fail", "fail"),
        (values.interval, 60, 60_000),
        (values.interval, 0.5, 500),
        (values.interval, Decimal("0.001"), 1),
        (values.interval, Decimal("1e1"), 10_000),
        (values.metrics, {}, {}),
        (values.metrics, {"a": 1, "b": Decimal("0.25")}, {"a": 1, "b": 0.25}),
        (values.money, "0.00", Decimal("0.00")),
        (values.money, "-999999999999999.99", Decimal("-999999999999999.99")),
        (values.score, "0", Decimal(0)),
        (values.score, "999999.999999", Decimal("999999.999999")),
        (values.sha256, HASH, HASH),
        (values.sha256_if_any, "", ""),
        (values.sha256_if_any, HASH, HASH),
    ],
)
def test_a_right_value_is_kept(read, value, kept):
    found = read(value)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("read", "value", "wanted"),
    [
        (values.text, 5, "a string"),
        (values.name, "", "a string that is not empty"),
        (values.name, None, "a string that is not empty"),
        (values.flag, 1, "true or false"),
        (values.flag, "true", "true or false"),
        (values.instant, 0, "a string"),
        (values.month, 202610, "a string"),
        (values.names, "a", "a list of strings"),
        (values.names, ["a", ""], "a string that is not empty"),
        (values.names, [["a"]], "a string that is not empty"),
        (values.one_or_more, {"a": 1}, "a list of strings"),
        (values.word("ok", "fail"), "OK", "one of ok, fail"),
        (values.word("ok", "fail"), ["ok"], "one of ok, fail"),
        (values.interval, 0, "a number of seconds above 0"),
        (values.interval, -1, "a number of seconds above 0"),
        (values.interval, 10**9, "a number of seconds above 0"),
        (values.interval, "60", "a number of seconds above 0"),
        (values.interval, False, "a number of seconds above 0"),
        (values.interval, float("nan"), "a number of seconds above 0"),
        (values.interval, 0.0001, "a whole number of milliseconds"),
        (values.metrics, [1], "an object of numbers"),
        (values.metrics, {"a": None}, "numbers only"),
        (values.metrics, {"a": Decimal("1e999")}, "finite numbers only"),
        (values.money, 12, 'money as a string with 2 digits, like "1200.00"'),
        (values.money, "12", 'money as a string with 2 digits, like "1200.00"'),
        (values.money, "+1.00", 'money as a string with 2 digits, like "1200.00"'),
        (values.money, "１.00", 'money as a string with 2 digits, like "1200.00"'),
        (values.money, "1" * 16 + ".00", 'money as a string with 2 digits, like "1200.00"'),
        (values.score, "-1", 'a score as a string, like "92.5"'),
        (values.score, "1.", 'a score as a string, like "92.5"'),
        (values.score, 92.5, 'a score as a string, like "92.5"'),
        (values.sha256, HASH.upper(), "64 lower-case hexadecimal digits"),
        (values.sha256, HASH[1:], "64 lower-case hexadecimal digits"),
        (values.sha256, HASH + "\n", "64 lower-case hexadecimal digits"),
        (values.sha256_if_any, None, "64 lower-case hexadecimal digits"),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_wanted(read, value, wanted):
    assert refused(read, value).endswith(f", wanted {wanted}")


def test_what_was_found_is_cut_to_a_readable_length():
    assert refused(values.text, ["x" * 76]) == f"got {['x' * 76]!r}, wanted a string"
    assert refused(values.text, ["x" * 77]) == f"got ['{'x' * 75}…, wanted a string"


def test_what_was_wanted_is_in_the_readers_language():
    with pytest.raises(MalformedError) as caught:
        values.word("ok", "fail")("up")
    assert caught.value.text("zh") == "实为 'up'，应为 下列之一：ok, fail"


READERS = (
    values.text,
    values.name,
    values.flag,
    values.instant,
    values.month,
    values.names,
    values.one_or_more,
    values.word("a"),
    values.interval,
    values.metrics,
    values.money,
    values.score,
    values.sha256,
    values.sha256_if_any,
)


@given(st.sampled_from(READERS), anything)
def test_whatever_is_read_it_is_taken_or_refused_and_nothing_else(read, value):
    found = []
    with suppress(MalformedError):
        found = [read(value)]
    assert None not in found


@given(st.integers(1, 10**9 * 1000 - 1))
def test_an_interval_is_written_as_it_was_read(milliseconds):
    assert values.interval(values.seconds(milliseconds)) == milliseconds
    assert values.interval(json.loads(json.dumps(values.seconds(milliseconds)), parse_float=Decimal)) == milliseconds


@given(st.integers(-(10**13), 10**14))
def test_an_instant_is_read_as_it_is_written(at):
    assert values.instant(format_instant(at)) == at
