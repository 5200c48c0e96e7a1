"""Access units of H.264 and H.265 out of RTP payloads: single, aggregated, in fragments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.rtsp.h26x import NalUnits

START = b"\0\0\0\1"
IDR_264, SLICE_264, SPS_264 = b"\x65idr", b"\x41slice", b"\x67sps"
IDR_265, SLICE_265, VPS_265 = (
    bytes([19 << 1, 1]) + b"idr",
    bytes([1 << 1, 1]) + b"slice",
    bytes([32 << 1, 1]) + b"vps",
)


def picture(*payloads: bytes, is_265: bool = False) -> tuple[bytes, bool]:
    units = NalUnits(is_265=is_265)
    for payload in payloads:
        units.take(payload)
    return units.picture()


def aggregate(*units: bytes, head: bytes) -> bytes:
    return head + b"".join(len(each).to_bytes(2, "big") + each for each in units)


def fragments_264(unit: bytes, size: int) -> list[bytes]:
    indicator, kind = unit[0] & 0xE0 | 28, unit[0] & 0x1F
    parts = [unit[1:][at : at + size] for at in range(0, len(unit) - 1, size)]
    flags = [0x80 * (n == 0) | 0x40 * (n == len(parts) - 1) | kind for n in range(len(parts))]
    return [bytes([indicator, flag]) + part for flag, part in zip(flags, parts, strict=True)]


def fragments_265(unit: bytes, size: int) -> list[bytes]:
    head, kind = bytes([unit[0] & 0x81 | 49 << 1, unit[1]]), (unit[0] >> 1) & 0x3F
    parts = [unit[2:][at : at + size] for at in range(0, len(unit) - 2, size)]
    flags = [0x80 * (n == 0) | 0x40 * (n == len(parts) - 1) | kind for n in range(len(parts))]
    return [head + bytes([flag]) + part for flag, part in zip(flags, parts, strict=True)]


@pytest.mark.parametrize(
    ("unit", "is_265", "is_key"),
    [
        (IDR_264, False, True),
        (SLICE_264, False, False),
        (SPS_264, False, False),
        (IDR_265, True, True),
        (SLICE_265, True, False),
        (VPS_265, True, False),
        *((bytes([kind << 1, 1]) + b"x", True, True) for kind in range(16, 22)),  # IRAP
        (bytes([22 << 1, 1]) + b"x", True, False),
    ],
)
def test_a_single_unit_is_a_picture_and_a_key_where_it_needs_no_other(unit, is_265, is_key):
    assert picture(unit, is_265=is_265) == (START + unit, is_key)


def test_units_of_one_picture_stand_one_behind_the_other_and_one_key_makes_it_a_key():
    assert picture(SPS_264, IDR_264) == (START + SPS_264 + START + IDR_264, True)


def test_aggregated_units_are_taken_apart():
    assert picture(aggregate(SPS_264, IDR_264, head=b"\x18")) == picture(SPS_264, IDR_264)
    head = bytes([48 << 1, 1])
    assert picture(aggregate(VPS_265, IDR_265, head=head), is_265=True) == picture(VPS_265, IDR_265, is_265=True)


@given(st.binary(min_size=1, max_size=200), st.integers(1, 50))
def test_fragments_are_the_unit_that_they_were_made_of(body, size):
    assert picture(*fragments_264(IDR_264[:1] + body, size)) == (START + IDR_264[:1] + body, True)
    unit = IDR_265[:2] + body
    assert picture(*fragments_265(unit, size), is_265=True) == (START + unit, True)


def test_fragments_without_their_beginning_are_nothing():
    _, middle, end = fragments_264(b"\x65" + b"x" * 9, 3)
    assert picture(middle, end) == (b"", False)


def test_what_was_lost_spoils_the_picture_and_not_the_next():
    units = NalUnits(is_265=False)
    units.take(SPS_264)
    units.lost()
    units.take(IDR_264)
    assert units.picture()[0] == b""
    units.begin()
    units.take(IDR_264)
    assert units.picture() == (START + IDR_264, True)


@pytest.mark.parametrize("payload", [b"", b"\x65", b"\x1dxx", b"\x1exx", b"\x18\x00", b"\x18\xff\xffshort", b"\x1c"])
@pytest.mark.parametrize("is_265", [False, True])
def test_short_and_strange_payloads_are_passed_over(payload, is_265):
    found, _ = picture(payload, is_265=is_265)
    assert len(found) <= len(payload) + len(START)


def test_how_much_there_is_by_now_is_told_with_each_payload():
    units = NalUnits(is_265=False)
    assert [units.take(SPS_264), units.take(IDR_264)] == [8, 16]


@given(st.lists(st.binary(max_size=60), max_size=20), st.booleans())
def test_whatever_comes_no_more_is_kept_than_came(payloads, is_265):
    units = NalUnits(is_265=is_265)
    kept = [units.take(payload) for payload in payloads]
    assert kept == sorted(kept)
    assert len(units.picture()[0]) <= sum(map(len, payloads)) + sum(len(each) // 2 + 1 for each in payloads) * len(
        START
    )
