"""Instants and months as text (SPEC §0)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sla.evidence.instants import format_instant, month_of, ms_of, parse_instant, parse_month


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T08:00:00+08:00", 0),
        ("1969-12-31T20:30:00-03:30", 0),
        ("1970-01-01t00:00:01z", 1000),
        ("1970-01-01 00:00:01Z", 1000),
        ("1970-01-01T00:00:00.5Z", 500),
        ("1970-01-01T00:00:00.001000Z", 1),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ],
)
def test_an_instant_is_read_to_the_millisecond(text, at):
    assert parse_instant(text) == at


def test_a_leap_second_is_the_instant_after_the_59th():
    assert parse_instant("2016-12-31T23:59:60Z") == parse_instant("2017-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-10-01", "is no instant; wanted RFC 3339"),
        ("2026-10-01T08:00:00", "wanted RFC 3339 with an offset"),
        ("2026-10-01T08:00Z", "is no instant"),
        (" 2026-10-01T08:00:00Z", "is no instant"),
        ("２０２６-10-01T08:00:00Z", "is no instant"),
        ("2026-02-29T08:00:00Z", "is no instant: day"),
        ("2026-10-01T24:00:00Z", "is no instant: hour"),
        ("2026-10-01T08:00:61Z", "second must be in 0..60"),
        ("2026-10-01T08:00:00.0001Z", "finer than a millisecond"),
        ("2026-10-01T08:00:00+24:00", "is no offset"),
        ("2026-10-01T08:00:00+08:60", "is no offset"),
        ("0002-12-31T00:00:00Z", "beyond reckoning"),
        ("9998-01-01T00:00:00Z", "beyond reckoning"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_instant(text)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_500, "1970-01-01T00:00:01.500Z"),
        (parse_instant("0003-01-01T00:00:00Z"), "0003-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_a_fraction_only_where_there_is_one(at, text):
    assert format_instant(at) == text
    assert parse_instant(text) == at


def test_a_moment_is_rounded_down_to_the_millisecond():
    assert ms_of(datetime(1970, 1, 1, 0, 0, 1, 1999, tzinfo=UTC)) == 1001
    assert ms_of(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


def test_a_month_is_read_as_year_and_number():
    assert parse_month("2026-10") == (2026, 10)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "0000-10", "0001-10", "9999-10", ""]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="is no month; wanted YYYY-MM"):
        parse_month(text)


def test_the_month_of_a_day_is_written_with_four_and_two_digits():
    assert month_of(date(2026, 2, 28)) == "2026-02"
    assert month_of(date(987, 12, 1)) == "0987-12"
