"""Access units of H.264 and H.265 (Annex B) out of RTP payloads (RFC 6184, RFC 7798). No I/O."""

from __future__ import annotations

_START = b"\0\0\0\1"
_FU_START = 0x80


class NalUnits:
    """The NAL units of one picture after the other: single, aggregated, or in fragments (see `Payloads`)."""

    def __init__(self, *, is_265: bool) -> None:
        self._is_265 = is_265
        self.begin()

    def begin(self) -> None:
        """Another picture."""
        self._parts = bytearray()
        self._is_key = False
        self._is_whole = True

    def lost(self) -> None:
        """What is missing may be of this picture: it is spoilt."""
        self._is_whole = False

    def take(self, payload: bytes) -> int:
        """The next payload; kinds that we do not know are passed over."""
        if self._is_265:
            self._take_265(payload)
        else:
            self._take_264(payload)
        return len(self._parts)

    def picture(self) -> tuple[bytes, bool]:
        """The access unit, and whether it is a key; nothing if it is spoilt."""
        return bytes(self._parts) if self._is_whole else b"", self._is_key

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
