"""ICMP as bytes: what is built, and what strangers may send."""

from __future__ import annotations

import socket
import struct

from hypothesis import given
from hypothesis import strategies as st

from probes.ping.packet import Complaint, complaint_of_error, complaint_v4, complaint_v6, icmp_of_ipv4
from tests.support.replies.echoes import echo_request


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
