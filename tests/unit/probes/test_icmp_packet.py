"""ICMP as bytes: what is built, and what strangers may send."""

from __future__ import annotations

import socket
import struct

from hypothesis import given
from hypothesis import strategies as st

from probes.icmp_packet import (
    Complaint,
    checksum,
    complaint_of_error,
    complaint_v4,
    complaint_v6,
    echo_request,
    icmp_of_ipv4,
)


def folded_sum(packet: bytes) -> int:
    """RFC 1071 as it is written: add 16-bit words, carry round."""
    words = struct.unpack(f"!{len(packet) // 2}H", packet)
    total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@given(ident=st.integers(0, 0xFFFF), sequence=st.integers(0, 0xFFFF), half=st.binary(max_size=200))
def test_a_request_adds_up_to_all_ones(ident, sequence, half):
    assert folded_sum(echo_request(socket.AF_INET, ident, sequence, half + half)) == 0xFFFF


def test_a_request_as_bytes():
    packet = echo_request(socket.AF_INET, 0x1234, 7, b"abcd")
    assert packet == bytes.fromhex("0800 20fe 1234 0007 6162 6364")


def test_an_odd_last_byte_counts_as_a_high_byte():
    assert checksum(b"\x01\x02\x03") == checksum(b"\x01\x02\x03\x00")


def ipv4(carried: bytes, protocol: int = 1) -> bytes:
    return (
        struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(carried), 0, 0, 64, protocol, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        + carried
    )


def test_a_complaint_about_our_request_names_who_says_what():
    quoted = ipv4(echo_request(socket.AF_INET, 77, 5, b""))
    packet = ipv4(struct.pack("!BBHI", 3, 1, 0, 0) + quoted)
    assert complaint_v4(packet, "10.0.0.1", 77) == Complaint("10.0.0.1", 5, "host unreachable")


def test_a_complaint_about_another_programs_request_is_not_ours():
    quoted = ipv4(echo_request(socket.AF_INET, 78, 5, b""))
    assert complaint_v4(ipv4(struct.pack("!BBHI", 3, 1, 0, 0) + quoted), "10.0.0.1", 77) is None


def test_a_complaint_in_ipv6():
    quoted = bytes(40) + echo_request(socket.AF_INET6, 77, 5, b"")
    assert complaint_v6(struct.pack("!BBHI", 1, 3, 0, 0) + quoted, "fe80::1", 77) == Complaint(
        "fe80::1", 5, "host unreachable"
    )


def test_the_error_queue_names_who_says_what():
    error = (
        struct.pack("=IBBBBII", 113, 2, 3, 1, 0, 0, 0) + struct.pack("=HH", 2, 0) + bytes([10, 0, 0, 1]) + bytes(8)
    )
    request = echo_request(socket.AF_INET, 9, 5, b"")
    assert complaint_of_error(socket.AF_INET, request, error) == Complaint("10.0.0.1", 5, "host unreachable")


@given(packet=st.binary(max_size=120), ident=st.integers(0, 0xFFFF))
def test_nothing_that_a_stranger_sends_raises(packet, ident):
    complaint_v4(packet, "x", ident)
    complaint_v6(packet, "x", ident)
    complaint_of_error(socket.AF_INET, packet, packet)
    complaint_of_error(socket.AF_INET6, packet, packet)
    icmp_of_ipv4(packet)
