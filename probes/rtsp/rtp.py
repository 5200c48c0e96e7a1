"""Pictures out of RTP packets (RFC 3550), whatever their payload format; bounded. No I/O."""

from __future__ import annotations

import struct
from typing import NamedTuple, Protocol

from probes.faults import AssetFaultError
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH

MOST_UNIT_BYTES = 8 << 20
_HEAD = 12
_HAS_CSRC, _HAS_EXTENSION, _HAS_PADDING, _MARKER = 0x0F, 0x10, 0x20, 0x80


class Packet(NamedTuple):
    """`is_last`: of its picture. `at`: RTP time, 90 kHz, modulo 2**32."""

    number: int
    at: int
    is_last: bool
    payload: bytes


class Unit(NamedTuple):
    """One picture as the decoder wants it. `at`: as in its packets; `is_key`: it needs no other."""

    data: bytes
    at: int
    is_key: bool


class Payloads(Protocol):
    """A payload format: makes one picture after the other of what packets carry. It has a stream's life."""

    def begin(self) -> None:
        """Another picture begins; what was not finished is dropped."""

    def lost(self) -> None:
        """Packets before the next payload did not come, and they may be of this picture."""

    def take(self, payload: bytes) -> int:
        """The next payload; returns how many bytes the picture has by now. AssetFaultError: not of this format."""

    def picture(self) -> tuple[bytes, bool]:
        """The picture and whether it is a key; no bytes if it is spoilt."""


class Assembler:
    """Puts packets together. A gap in the numbers spoils the picture that is under way, and no other."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads
        self._next: int | None = None
        self._at: int | None = None
        """The time of the picture under way."""

    def unit(self, data: bytes) -> Unit | None:
        """The picture that this packet completes, if it does. AssetFaultError: no RTP, or a picture without end."""
        packet = opened(data)
        is_gap = self._next is not None and packet.number != self._next
        self._next = (packet.number + 1) & 0xFFFF
        is_cut_off = self._at not in (None, packet.at)
        if packet.at != self._at:
            self._payloads.begin()
        self._at = packet.at
        if is_gap and not is_cut_off:
            self._payloads.lost()
        if self._payloads.take(packet.payload) > MOST_UNIT_BYTES:
            raise AssetFaultError(TOO_MUCH, "a picture")
        return self._finished(packet.at) if packet.is_last else None

    def _finished(self, at: int) -> Unit | None:
        self._at = None
        data, is_key = self._payloads.picture()
        return Unit(data, at, is_key) if data else None


def opened(packet: bytes) -> Packet:
    """What stands in a packet. AssetFaultError: it is none."""
    if len(packet) < _HEAD or packet[0] >> 6 != 2:  # noqa: PLR2004 - the only version there is
        raise AssetFaultError(NOT_UNDERSTOOD, "no RTP")
    first, second, number, at = struct.unpack_from("!BBHI", packet)
    begin, end = _HEAD + 4 * (first & _HAS_CSRC), len(packet)
    if first & _HAS_EXTENSION:
        begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4], "big")
    if first & _HAS_PADDING:
        end -= packet[-1]
    return Packet(number, at, bool(second & _MARKER), packet[begin : max(begin, end)])
