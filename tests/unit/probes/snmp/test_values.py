"""What devices write as values, and how long ago it was by their own clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.snmp.sensor_units import fixed_point
from probes.snmp.values import number, text, ticks_between

WRAP = 1 << 32
DAY = 24 * 3_600 * 100


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (7, 7),
        (-7, -7),
        ("42", 42),
        (b" -42\0"[:4], -42),
        (b"99999999999999999999", 99999999999999999999),
        (b"4.5", None),
        ("", None),
        ("--7", None),
        ("7 dBm", None),
        ("٧", None),  # a digit, and none that a device writes
        (True, None),
        (None, None),
        (4.5, None),
        ((7,), None),
    ],
)
def test_a_number_is_read_from_text_too_and_nothing_is_guessed(value, found):
    assert number(value) == found


@given(st.integers(-(10**18), 10**18))
def test_a_number_that_is_sent_as_text_is_the_number(value):
    assert number(str(value)) == number(str(value).encode()) == value


@given(st.one_of(st.text(), st.binary(), st.integers(), st.none(), st.floats()))
def test_whatever_a_device_sends_is_a_number_or_none_and_has_a_text(value):
    assert number(value) is None or isinstance(number(value), int)
    assert isinstance(text(value), str)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"GigabitEthernet0/0/1\0\0", "GigabitEthernet0/0/1"),
        ("中兴路".encode(), "中兴路"),
        ("中兴路".encode("gb18030"), "中兴路"),  # as Chinese devices write an alias
        (b"\xff", "\ufffd"),
        (7, "7"),
        ("as it is ", "as it is "),
    ],
)
def test_text_is_utf_8_or_gbk(value, found):
    assert text(value) == found


@pytest.mark.parametrize(
    ("earlier", "later", "ticks"),
    [
        (100, 700, 600),
        (WRAP - 100, 200, 300),  # 497 days are over
        (100, 100, 0),
        (700, 100, None),  # restarted
        (0, 2 * DAY, None),  # not looked at for so long that nobody knows
        (0, 2 * DAY - 1, 2 * DAY - 1),
    ],
)
def test_time_between_two_looks_is_known_across_the_wrap_and_not_across_a_restart(earlier, later, ticks):
    assert ticks_between(earlier, later) == ticks


@given(st.integers(0, WRAP - 1), st.integers(0, 2 * DAY - 1))
def test_any_two_looks_within_two_days_are_told_apart_rightly(earlier, ticks):
    assert ticks_between(earlier, (earlier + ticks) % WRAP) == ticks


@pytest.mark.parametrize(
    ("value", "scale", "precision", "found"),
    [
        (425, 9, 1, 42.5),  # units, one digit behind the point
        (425, 8, 0, 0.425),  # milli
        (3, 10, 0, 3_000.0),  # kilo
        (425, 9, -2, 425.0),  # accuracy, no point
        (1, 0, 0, 1e-24),
        (1, 99, 0, 1e24),
        (10**9, 9, 99, 1.0),
    ],
)
def test_a_sensor_s_value_has_a_scale_and_a_precision(value, scale, precision, found):
    assert fixed_point(value, scale, precision) == pytest.approx(found)
