"""Echo packets as RFC 792 writes them, byte by byte: what the product's quicker ways are held to."""

from __future__ import annotations

import socket
import struct


def echo_request(family: int, ident: int, sequence: int, payload: bytes) -> bytes:
    """A request with its checksum."""
    kind = 8 if family == socket.AF_INET else 128
    bare = struct.pack("!BBHHH", kind, 0, 0, ident, sequence) + payload
    return bare[:2] + checksum(bare).to_bytes(2) + bare[4:]


def checksum(packet: bytes) -> int:
    """RFC 1071 as it is written: add 16-bit words, carry round."""
    words = struct.unpack(f"!{len(packet) // 2}H", packet)
    total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF - total
