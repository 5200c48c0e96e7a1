"""Pictures that attack whoever decodes them: small on the wire, dear to open."""

from __future__ import annotations

import io
import struct
from functools import cache

from PIL import Image


@cache
def progressive(side: int = 5_500) -> bytes:
    """An honest progressive JPEG, all of whose coefficients have to be held at once: six bytes a pixel."""
    made = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(
        made, "JPEG", progressive=True, quality=60, subsampling=0
    )
    return made.getvalue()


@cache
def spinning(scans: int = 6_000, side: int = 6_000) -> bytes:
    """A progressive JPEG that goes over all its blocks in each of thousands of empty scans: seconds of processor time."""
    made = io.BytesIO()
    Image.new("L", (side, side), 128).save(made, "JPEG", progressive=True, quality=50)
    data = made.getvalue()
    begins = [at for at in range(len(data) - 1) if data[at : at + 2] == b"\xff\xda"]
    first, second = data[begins[0] : begins[1]], data[begins[1] : begins[2]]
    return data[: begins[0]] + first + second * scans + b"\xff\xd9"


def wide_jpeg(side: int = 65_500) -> bytes:
    """A JPEG of a few pixels whose header says that it has 65,500 by 65,500."""
    made = io.BytesIO()
    Image.new("L", (16, 16)).save(made, "JPEG")
    head, marker, rest = made.getvalue().partition(b"\xff\xc0")
    return head + marker + rest[:3] + struct.pack("!HH", side, side) + rest[7:]


class _Bits:
    """H.264's bit strings (ITU-T H.264 §9.1)."""

    def __init__(self) -> None:
        self.text = ""

    def plain(self, value: int, width: int) -> _Bits:
        self.text += f"{value:0{width}b}"
        return self

    def golomb(self, *values: int) -> _Bits:
        for value in values:
            code = f"{value + 1:b}"
            self.text += "0" * (len(code) - 1) + code
        return self

    def unit(self, head: int, more: bytes = b"") -> bytes:
        text = self.text + "1"
        text += "0" * (-len(text) % 8)
        return b"\0\0\0\1" + bytes([head]) + int(text, 2).to_bytes(len(text) // 8, "big") + more


def wide_h264(blocks: int = 1_024) -> bytes:
    """A key frame of a few bytes that says it has that many macroblocks (of 16 pixels) each way."""
    sequence = _Bits().plain(66, 8).plain(0, 8).plain(62, 8).golomb(0, 0, 2, 1).plain(0, 1)
    sequence.golomb(blocks - 1, blocks - 1).plain(0b1100, 4)
    picture = _Bits().golomb(0, 0).plain(0, 2).golomb(0, 0, 0).plain(0, 3).golomb(0, 0, 0).plain(0, 3)
    piece = _Bits().golomb(0, 7, 0).plain(0, 4).golomb(0).plain(0, 2).golomb(0)
    return sequence.unit(0x67) + picture.unit(0x68) + piece.unit(0x65, b"\xaa" * 200)
