"""JPEG files out of RTP payloads (RFC 2435): headers, remembered tables, fragments in order. No I/O."""

from __future__ import annotations

import struct
from typing import NamedTuple

from probes.faults import AssetFaultError, OwnFaultError
from probes.reasons import NOT_MEASURABLE, NOT_UNDERSTOOD
from probes.rtsp.jpeg_file import ENTRIES, Frame, jpeg_file, scaled

_MAIN, _RESTART, _TABLES = 8, 4, 4
_KNOWN, _WITH_RESTART, _OF_A_SESSION = (0, 1), 64, 128
_SCALED, _IN_BAND, _NOT_KEPT = 100, 128, 255
"""Q below the first is a quality; from the second on tables come with the pictures; the last one's always do."""


class _Main(NamedTuple):
    """What all fragments of a picture share: type, Q, size in eights, MCUs between restart markers, field or 0."""

    kind: int
    q: int
    width: int
    height: int
    restart: int
    field: int


class JpegFragments:
    """One picture after the other (see `Payloads`). A fragment that does not follow the one before spoils it."""

    def __init__(self, size: tuple[int, int] | None = None) -> None:
        """`size`: what the SDP says, for pictures whose header has no room for theirs (2,040 pixels at most)."""
        self._size = size
        self._kept: dict[int, tuple[bytes, bytes]] = {}
        self._field: int | None = None
        self.begin()

    def begin(self) -> None:
        """Another picture."""
        self._scan = bytearray()
        self._main: _Main | None = None
        self._tables: tuple[bytes, bytes] | None = None

    def lost(self) -> None:
        """What was begun is spoilt; what begins now is not."""
        self.begin()

    def take(self, payload: bytes) -> int:
        """The next fragment. AssetFaultError: no RTP/JPEG. OwnFaultError: a type that a session may define."""
        main, offset, rest = _opened(payload)
        if offset == 0:
            self.begin()
            self._main = main
            self._tables, rest = self._tables_of(main.q, rest)
        elif main != self._main or offset != len(self._scan):
            self.begin()
            return 0
        self._scan += rest
        return len(self._scan)

    def picture(self) -> tuple[bytes, bool]:
        """The file; each stands for itself. Nothing: spoilt, without tables as yet, or the other of two fields."""
        main, tables = self._main, self._tables
        if main is None or tables is None or not self._scan:
            return b"", False
        if self._field is None:
            self._field = main.field
        if main.field != self._field:  # interlaced: beside the other field, no picture would ever be frozen
            return b"", False
        width, height = (8 * main.width, 8 * main.height) if main.width and main.height else self._size or (0, 0)
        if not width or not height:
            raise AssetFaultError(NOT_UNDERSTOOD, "a picture without a size")
        frame = Frame(width, height, main.kind % _WITH_RESTART == 1, main.restart, tables)
        return jpeg_file(frame, self._scan), True

    def _tables_of(self, q: int, rest: bytes) -> tuple[tuple[bytes, bytes] | None, bytes]:
        if q < _IN_BAND:
            if not 0 < q < _SCALED:
                raise AssetFaultError(NOT_UNDERSTOOD, f"RTP/JPEG with Q {q}")
            return scaled(q), rest
        if len(rest) < _TABLES:
            raise AssetFaultError(NOT_UNDERSTOOD, "RTP/JPEG cut short")
        _zero, precision, length = struct.unpack_from("!BBH", rest)
        if not length:
            return self._kept.get(q), rest[_TABLES:]
        if len(rest) < _TABLES + length:
            raise AssetFaultError(NOT_UNDERSTOOD, "RTP/JPEG cut short")
        tables = _tables(precision, rest[_TABLES : _TABLES + length])
        if q != _NOT_KEPT:
            self._kept[q] = tables
        return tables, rest[_TABLES + length :]


def _opened(payload: bytes) -> tuple[_Main, int, bytes]:
    """The main header, the offset of what follows, and that."""
    if len(payload) < _MAIN:
        raise AssetFaultError(NOT_UNDERSTOOD, "RTP/JPEG cut short")
    first, kind, q, width, height = struct.unpack_from("!IBBBB", payload)
    if kind >= _OF_A_SESSION:
        raise OwnFaultError(NOT_MEASURABLE, f"RTP/JPEG of type {kind}")
    if kind % _WITH_RESTART not in _KNOWN:
        raise AssetFaultError(NOT_UNDERSTOOD, f"RTP/JPEG of type {kind}")
    begin, restart = _MAIN, 0
    if kind >= _WITH_RESTART:
        begin += _RESTART
        restart = int.from_bytes(payload[_MAIN : _MAIN + 2], "big")
        if len(payload) < begin or not restart:
            raise AssetFaultError(NOT_UNDERSTOOD, "RTP/JPEG without its restart interval")
    return _Main(kind, q, width, height, restart, first >> 24), first & 0xFFFFFF, payload[begin:]


def _tables(precision: int, data: bytes) -> tuple[bytes, bytes]:
    """Luma and chroma; one alone is both. A bit of `precision` says that the table at its place is of 16 bits."""
    found = []
    at = 0
    for place in range(2):
        size = ENTRIES << (precision >> place & 1)
        if len(data) >= at + size:
            found.append(data[at : at + size])
        at += size
    if not found:
        raise AssetFaultError(NOT_UNDERSTOOD, "RTP/JPEG without its tables")
    return found[0], found[-1]
