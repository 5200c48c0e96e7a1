"""Access units of H.264 and H.265 out of RTP packets (RFC 3550, RFC 6184, RFC 7798), bounded. No I/O."""

from __future__ import annotations

import struct
from typing import NamedTuple

from probes.faults import AssetFaultError
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH

MOST_UNIT_BYTES = 8 << 20
_START = b"\0\0\0\1"
_HEAD = 12
_HAS_CSRC, _HAS_EXTENSION, _HAS_PADDING, _MARKER = 0x0F, 0x10, 0x20, 0x80
_FU_START = 0x80
CODECS = ("H264", "H265")


class Unit(NamedTuple):
    """One picture as the decoder wants it (Annex B). `at`: RTP time, 90 kHz, modulo 2**32."""

    data: bytes
    at: int
    is_key: bool


class Assembler:
    """Puts packets together. A gap in the numbers spoils the picture that is under way, and no other."""

    def __init__(self, encoding: str) -> None:
        self._is_265 = encoding == "H265"
        self._next: int | None = None
        self._at: int | None = None
        self._parts = bytearray()
        self._is_key = False
        self._is_whole = True

    def unit(self, packet: bytes) -> Unit | None:
        """The picture that this packet completes, if it does. AssetFaultError: no RTP, or a picture without end."""
        number, at, is_last, payload = _opened(packet)
        if self._next is not None and number != self._next:
            self._is_whole = False
        self._next = (number + 1) & 0xFFFF
        if at != self._at:
            self._begin(at)
        self._take(payload)
        if len(self._parts) > MOST_UNIT_BYTES:
            raise AssetFaultError(TOO_MUCH, "a picture")
        if not is_last:
            return None
        done = Unit(bytes(self._parts), at, self._is_key) if self._is_whole and self._parts else None
        self._begin(None)
        return done

    def _begin(self, at: int | None) -> None:
        if self._at is not None and at is not None:
            self._is_whole = True
        if at is None:
            self._is_whole = True
        self._at = at
        self._parts = bytearray()
        self._is_key = False

    def _take(self, payload: bytes) -> None:
        if self._is_265:
            self._take_265(payload)
        else:
            self._take_264(payload)

    def _add(self, unit: bytes) -> None:
        if not unit:
            return
        kind = (unit[0] >> 1) & 0x3F if self._is_265 else unit[0] & 0x1F
        self._is_key |= 16 <= kind <= 21 if self._is_265 else kind == 5  # noqa: PLR2004 - IRAP; IDR slice
        self._parts += _START + unit

    def _take_264(self, payload: bytes) -> None:
        if len(payload) < 2:  # noqa: PLR2004 - a header and something
            return
        kind = payload[0] & 0x1F
        if kind == 24:  # noqa: PLR2004 - STAP-A
            self._aggregate(payload[1:])
        elif kind == 28:  # noqa: PLR2004 - FU-A
            head = bytes([payload[0] & 0xE0 | payload[1] & 0x1F])
            self._fragment(payload[1], head, payload[2:])
        elif kind < 24:  # noqa: PLR2004 - one NAL unit
            self._add(payload)

    def _take_265(self, payload: bytes) -> None:
        if len(payload) < 3:  # noqa: PLR2004 - a header and something
            return
        kind = (payload[0] >> 1) & 0x3F
        if kind == 48:  # noqa: PLR2004 - aggregation packet
            self._aggregate(payload[2:])
        elif kind == 49:  # noqa: PLR2004 - fragmentation unit
            head = bytes([payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1]])
            self._fragment(payload[2], head, payload[3:])
        elif kind < 48:  # noqa: PLR2004 - one NAL unit
            self._add(payload)

    def _fragment(self, flags: int, head: bytes, rest: bytes) -> None:
        if flags & _FU_START:
            self._add(head + rest)
        elif self._parts:
            self._parts += rest

    def _aggregate(self, rest: bytes) -> None:
        at = 0
        while at + 2 <= len(rest):
            size = int.from_bytes(rest[at : at + 2], "big")
            self._add(rest[at + 2 : at + 2 + size])
            at += 2 + max(size, 1)


def _opened(packet: bytes) -> tuple[int, int, bool, bytes]:
    """Number, time, whether it is the last of its picture, and what it carries."""
    if len(packet) < _HEAD or packet[0] >> 6 != 2:  # noqa: PLR2004 - the only version there is
        raise AssetFaultError(NOT_UNDERSTOOD, "no RTP")
    first, second, number, at = struct.unpack_from("!BBHI", packet)
    begin, end = _HEAD + 4 * (first & _HAS_CSRC), len(packet)
    if first & _HAS_EXTENSION:
        begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4], "big")
    if first & _HAS_PADDING:
        end -= packet[-1]
    return number, at, bool(second & _MARKER), packet[begin : max(begin, end)]
