"""Quantities as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.mistakes import WantedError
from config.input.units import duration, hours, money, port, share


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("500ms", 500),
        ("90s", 90_000),
        ("1.5s", 1_500),
        ("15m", 900_000),
        ("4h", 14_400_000),
        ("2d", 172_800_000),
        ("0s", 0),
    ],
)
def test_a_duration_is_whole_milliseconds(text, milliseconds):
    assert duration(text) == milliseconds


@pytest.mark.parametrize("wrong", ["", "90", "s", "-1s", "1 s", "1w", "0.0001s", 90, None, True, "１s", "1s\n"])
def test_what_is_no_duration_is_refused(wrong):
    with pytest.raises(ValueError, match="duration|milliseconds"):
        duration(wrong)


@given(st.integers(0, 100), st.integers(0, 999))
def test_a_share_is_exact(whole, thousandths):
    exact = Fraction(whole) + Fraction(thousandths, 1000)
    text = f"{whole}.{thousandths:03d}%"
    if exact <= 100:
        assert share(text) == exact / 100
    else:
        with pytest.raises(ValueError, match="share"):
            share(text)


@given(st.decimals(0, 10**12, places=2))
def test_money_is_exact(amount):
    assert money(str(amount)) == amount
    assert isinstance(money(str(amount)), Decimal)


@pytest.mark.parametrize("wrong", ["1.234", "-1", "1,000", "", 1.5, Decimal(1), True, None, "1e3", "NaN"])
def test_what_is_no_amount_is_refused(wrong):
    with pytest.raises(ValueError, match="amount"):
        money(wrong)


def test_hours_may_end_at_midnight():
    assert hours("18:00-24:00") == (1080, 1440)


@pytest.mark.parametrize("wrong", ["24:00-24:30", "08:00-08:00", "8:00-9:00", "08:60-09:00", "08:00", 8])
def test_what_are_no_hours_is_refused(wrong):
    with pytest.raises(ValueError, match="hours"):
        hours(wrong)


@pytest.mark.parametrize("wrong", [0, 65_536, "80", True])
def test_what_is_no_port_is_refused(wrong):
    with pytest.raises(ValueError, match="port"):
        port(wrong)


UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@given(st.integers(0, 10**9), st.sampled_from(sorted(UNITS)))
def test_law_a_whole_duration_is_its_number_times_its_unit(number, unit):
    assert duration(f"{number}{unit}") == number * UNITS[unit]


@given(st.integers(0, 999_999), st.integers(1, 6), st.sampled_from(["s", "m", "h", "d"]))
def test_law_a_duration_with_a_point_is_exact_or_refused(number, digits, unit):
    text = f"{number // 10**digits}.{number % 10**digits:0{digits}d}{unit}"
    exact = Fraction(number, 10**digits) * UNITS[unit]
    if exact.denominator == 1:
        assert duration(text) == exact
    else:
        with pytest.raises(WantedError) as refused:
            duration(text)
        assert refused.value.text("zh") == "整毫秒数"


@given(st.integers(0, 1440), st.integers(0, 1440))
def test_law_hours_are_minutes_of_one_day_in_order(begin, end):
    text = f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    if begin < end:
        assert hours(text) == (begin, end)
    else:
        with pytest.raises(WantedError, match="the end after the beginning"):
            hours(text)


@given(st.integers(-10, 70_000))
def test_law_a_port_is_a_number_from_1_to_65535(number):
    if 1 <= number <= 65_535:
        assert port(number) == number
    else:
        with pytest.raises(WantedError, match="a port from 1 to 65535"):
            port(number)


@pytest.mark.parametrize("read", [duration, share, money, hours, port])
@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, b"1", "", " 1s", "1s ", "\uff11%"])
def test_what_is_wanted_is_said_in_chinese_too(read, value):
    with pytest.raises(WantedError) as refused:
        read(value)
    assert refused.value.text("zh") != refused.value.text("en")
