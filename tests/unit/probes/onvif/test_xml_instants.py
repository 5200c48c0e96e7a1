"""Instants as XML writes them: the zones, the fractions, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.onvif.xml_instants import instant_ms, instant_text

NEW_YEAR = 1_767_225_600_000  # 2026-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("2026-01-01T00:00:00", NEW_YEAR),  # no zone: UTC
        ("2026-01-01T08:00:00+08:00", NEW_YEAR),
        ("2025-12-31T20:30:00-03:30", NEW_YEAR),
        ("2026-01-01T00:00:00-00:00", NEW_YEAR),
        ("2025-12-31T24:00:00Z", NEW_YEAR),  # the end of a day is the beginning of the next
        ("2026-01-01T00:00:00.5Z", NEW_YEAR + 500),
        ("2025-12-31T23:59:59.999999Z", NEW_YEAR - 1),
        ("1970-01-01T00:00:00Z", 0),
        ("9999-12-31T23:59:59-14:00", 253_402_351_199_000),
    ],
)
def test_an_instant_is_read_in_any_zone(text, ms):
    assert instant_ms(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-01",
        "2026-01-01 00:00:00Z",
        "2026-1-1T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-01-01T24:00:01Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00z",
        "2026-01-01T00:00:00+0800",
        "2026-01-01T00:00:00+14:01",
        "2026-01-01T00:00:00+08:60",
        "12026-01-01T00:00:00Z",
        "-2026-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "٢٠٢٦-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z\n",
        "2026-01-01T00:00:00." + "1" * 13 + "Z",
    ],
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - each of them, for a reason of its own
        instant_ms(text)


@given(st.integers(0, 253_402_300_799))
def test_what_is_written_is_read_again(second):
    assert instant_ms(instant_text(second * 1000 + 999)) == second * 1000
