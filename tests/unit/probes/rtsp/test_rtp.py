"""Pictures out of RTP packets: gaps, cut-off pictures, what attacks the parser."""

from __future__ import annotations

import struct

import pytest

from probes.faults import AssetFaultError
from probes.rtsp.h26x import NalUnits
from probes.rtsp.rtp import MOST_UNIT_BYTES, Assembler, opened


def packet(number: int, at: int, payload: bytes, *, last: bool = False, first: int = 0x80) -> bytes:
    return struct.pack("!BBHII", first, last << 7 | 96, number & 0xFFFF, at, 7) + payload


def fragment(letter: bytes, *, start: bool = False, end: bool = False) -> bytes:
    return bytes([0x7C, start << 7 | end << 6 | 5]) + letter


def units_of(*packets: bytes) -> list[bytes]:
    assembler = Assembler(NalUnits(is_265=False))
    return [unit.data for each in packets if (unit := assembler.unit(each))]


def picture(number: int, at: int, letter: bytes) -> list[bytes]:
    """An IDR slice in three packets."""
    return [
        packet(number, at, fragment(letter, start=True)),
        packet(number + 1, at, fragment(letter)),
        packet(number + 2, at, fragment(letter, end=True), last=True),
    ]


def test_fragments_become_one_unit_with_its_start_code():
    assert units_of(*picture(0xFFFE, 1, b"a")) == [b"\0\0\0\1\x65aaa"]  # the numbers run over


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_lost_packet_spoils_one_picture_only(lost):
    first, second, third = picture(1, 1, b"a"), picture(4, 2, b"b"), picture(7, 3, b"c")
    del second[lost]
    assert units_of(*first, *second, *third) == [b"\0\0\0\1\x65aaa", b"\0\0\0\1\x65ccc"]


def test_the_payload_lies_behind_sources_and_extension_and_before_padding():
    held = struct.pack("!II", 1, 2) + struct.pack("!HH", 0xABAC, 1) + b"1234" + b"payload" + b"\0\0\3"
    assert opened(packet(1, 1, held, first=0x80 | 0x20 | 0x10 | 2)).payload == b"payload"


@pytest.mark.parametrize("data", [b"", bytes(11), b"\x40" + bytes(20)])
def test_what_is_no_rtp_is_not_understood(data):
    with pytest.raises(AssetFaultError):
        opened(data)


def test_a_picture_without_end_is_too_much():
    assembler = Assembler(NalUnits(is_265=False))
    most = MOST_UNIT_BYTES // 60_000
    assert all(assembler.unit(packet(n, 1, fragment(bytes(60_000), start=not n))) is None for n in range(most))
    with pytest.raises(AssetFaultError, match="answer too large"):
        assembler.unit(packet(most, 1, fragment(bytes(60_000))))
