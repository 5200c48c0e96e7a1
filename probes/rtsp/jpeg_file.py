"""A JPEG file (ITU T.81 annex B) around the bare scan that RTP carries (RFC 2435), with T.81's own tables. No I/O."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ENTRIES = 64
"""Of a quantization table, in zigzag order."""
EOI = b"\xff\xd9"
_LUMA = bytes.fromhex(
    "100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c39333837"
    "40485c4e404457453738506d51575f626768673e4d71797064785c656763"
)
_CHROMA = bytes.fromhex("111212181518") + b"\x2f\x1a\x1a\x2f" + bytes.fromhex("63423842") + b"\x63" * 50
"""T.81 tables K.1 and K.2."""
_HUFFMAN = (
    bytes.fromhex("0000010501010101010100000000000000000102030405060708090a0b"),
    bytes.fromhex(
        "100002010303020403050504040000017d010203000411051221314106135161"
        "07227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a34"
        "35363738393a434445464748494a535455565758595a636465666768696a737475767778"
        "797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9"
        "bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7"
        "f8f9fa"
    ),
    bytes.fromhex("0100030101010101010101010000000000000102030405060708090a0b"),
    bytes.fromhex(
        "1100020102040403040705040400010277000102031104052131061241510761"
        "711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a26272829"
        "2a35363738393a434445464748494a535455565758595a636465666768696a7374757677"
        "78797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7"
        "b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7"
        "f8f9fa"
    ),
)
"""Class and place, code lengths, values: T.81 tables K.3, K.5, K.4, K.6."""


class Frame(NamedTuple):
    """What the head says of a picture. `tables`: of luma and of chroma; `restart`: MCUs between markers, or 0."""

    width: int
    height: int
    is_420: bool
    restart: int
    tables: tuple[bytes, bytes]


def scaled(quality: int) -> tuple[bytes, bytes]:
    """The tables that the Independent JPEG Group's library makes for a quality of 1 to 99 (RFC 2435 §4.2)."""
    factor = 5000 // quality if quality < 50 else 200 - 2 * quality  # noqa: PLR2004 - the library's own middle
    luma, chroma = (
        bytes(min(255, max(1, (each * factor + 50) // 100)) for each in table) for table in (_LUMA, _CHROMA)
    )
    return luma, chroma


def jpeg_file(frame: Frame, scan: bytes | bytearray) -> bytes:
    """The whole file; a scan that brings its own end gets no other."""
    wide = any(len(table) > ENTRIES for table in frame.tables)
    parts = [
        b"\xff\xd8",
        *(
            _segment(0xDB, bytes([(len(table) > ENTRIES) << 4 | place]) + table)
            for place, table in enumerate(frame.tables)
        ),
        _segment(0xDD, struct.pack("!H", frame.restart)) if frame.restart else b"",
        _segment(0xC1 if wide else 0xC0, _components(frame)),  # baseline has no tables of 16 bits
        *(_segment(0xC4, table) for table in _HUFFMAN),
        _segment(0xDA, bytes((3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0))),
        scan,
        b"" if scan.endswith(EOI) else EOI,
    ]
    return b"".join(parts)


def _components(frame: Frame) -> bytes:
    """Y with twice the samples across (and down), Cb, Cr."""
    sampling = 0x22 if frame.is_420 else 0x21
    return struct.pack("!BHHB", 8, frame.height, frame.width, 3) + bytes((1, sampling, 0, 2, 0x11, 1, 3, 0x11, 1))


def _segment(marker: int, content: Sequence[int]) -> bytes:
    return struct.pack("!BBH", 0xFF, marker, len(content) + 2) + bytes(content)
