"""SNMP as bytes (X.690), as far as a stranger needs it who answers what he was asked."""

from __future__ import annotations


def ber(tag: int, body: bytes) -> bytes:
    """A field with a definite length."""
    length = len(body)
    if length < 128:
        return bytes([tag, length]) + body
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + body


def response(request: bytes, bindings: bytes) -> bytes:
    """A response to a v2c request of the community `public`, with its number."""
    at = request.index(b"public") + 6
    at += 2 if request[at + 1] < 128 else 2 + (request[at + 1] & 0x7F)  # the PDU's own head
    number = request[at : at + 2 + request[at + 1]]
    body = number + ber(2, b"\0") + ber(2, b"\0") + ber(0x30, bindings)
    return ber(0x30, ber(2, b"\1") + ber(4, b"public") + ber(0xA2, body))
