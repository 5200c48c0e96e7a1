"""Fonts with Chinese for paper: where they are, which ones serve, and which characters they have.

A centre's own directory comes first (`SLA_FONTS`: its 仿宋 and 小标宋, which nobody may hand on), then
Debian's fonts-noto-cjk, then the font that comes with the wheel `zhplot`, taken as a file: its code is never run.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING

from config.text.outside import code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DIRECTORY = "SLA_FONTS"
"""The variable that names a centre's own directory."""
DEBIAN = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/truetype/noto"))
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei")
_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", *_SANS)
ROLES: Mapping[str, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", *_SERIF),
    "body": (
        "FangSong_GB2312",
        "FangSong",
        "STFangsong",
        "FandolFang R",
        "Zhuque Fangsong (technical preview)",
        *_SERIF,
    ),
    "head": ("SimHei", "STHeiti", *_SANS),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", "FandolKai", *_SERIF),
    "table": _SANS,
}
"""Part of a page → families after GB/T 9704-2012, the best first."""
PROBE = "验收报告合同"
"""Characters that a font must have to count as Chinese."""


class NoFontError(Exception):
    """No font with Chinese is there."""


def directories() -> tuple[Path, ...]:
    """Where fonts are, the first one to be asked first; only those that are there."""
    own = os.environ.get(DIRECTORY, "")
    spec = find_spec("zhplot")
    wheel = [Path(place) / "fonts" for place in (spec.submodule_search_locations or ())] if spec else []
    found = [*([Path(own)] if own else []), *(place for place in DEBIAN), *wheel]
    return tuple(place for place in found if place.is_dir())


def files() -> tuple[Path, ...]:
    """Every font file of the first directories that together have Chinese, in a fixed order."""
    found: list[Path] = []
    for place in directories():
        found += sorted(path for path in place.rglob("*") if path.suffix.lower() in _SUFFIXES)
        if found and not lacking(PROBE, tuple(found)):
            return tuple(found)
    raise NoFontError


def lacking(text: str, paths: tuple[Path, ...]) -> frozenset[str]:
    """The characters of a text that none of the fonts has."""
    maps = [_ranges(path) for path in paths]
    return frozenset(each for each in set(text) if not any(_has(ranges, ord(each)) for ranges in maps))


def _has(ranges: tuple[tuple[int, int], ...], code: int) -> bool:
    place = bisect_right(ranges, (code, 1 << 30)) - 1
    return place >= 0 and ranges[place][0] <= code <= ranges[place][1]


@cache
def _ranges(path: Path) -> tuple[tuple[int, int], ...]:
    """The code points of a font file's first face, as sorted ranges; none for a file that is no font."""
    try:
        data = path.read_bytes()
        return tuple(sorted(_of_face(data, unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0)))
    except Exception:  # noqa: BLE001 - whatever is wrong with somebody's file, it has no characters for us
        return ()


def _of_face(data: bytes, face: int) -> Iterator[tuple[int, int]]:
    """OpenType's `cmap`: formats 12 and 4 hold all that Chinese needs."""
    (tables,) = unpack_from(">H", data, face + 4)
    for number in range(tables):
        tag, _, place, _ = unpack_from(">4sIII", data, face + 12 + 16 * number)
        if tag == b"cmap":
            (count,) = unpack_from(">H", data, place + 2)
            for entry in range(count):
                (offset,) = unpack_from(">I", data, place + 4 + 8 * entry + 4)
                yield from _of_subtable(data, place + offset)


def _of_subtable(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    (form,) = unpack_from(">H", data, at)
    if form == 12:  # noqa: PLR2004 - the format's own number
        (groups,) = unpack_from(">I", data, at + 12)
        for number in range(groups):
            yield unpack_from(">II", data, at + 16 + 12 * number)
    elif form == 4:  # noqa: PLR2004 - the format's own number
        (double,) = unpack_from(">H", data, at + 6)
        ends = unpack_from(f">{double // 2}H", data, at + 14)
        starts = unpack_from(f">{double // 2}H", data, at + 16 + double)
        yield from ((start, end) for start, end in zip(starts, ends, strict=True) if start != _LAST)


_LAST = 0xFFFF
"""Format 4 ends with it."""


class Coverage:
    """Writes texts so that paper can show them: what no font has is written as its `config.text.outside.code`."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._maps = [_ranges(path) for path in paths]
        self._known: dict[str, str] = {}

    def shown(self, text: str) -> str:
        """The text, with codes for characters that cannot be shown."""
        return text if text.isascii() else "".join(self._one(each) for each in text)

    def _one(self, character: str) -> str:
        if character not in self._known:
            number = ord(character)
            is_there = number < 0x80 or number == 0x200B or any(_has(ranges, number) for ranges in self._maps)  # noqa: PLR2004 - ASCII, zero-width space
            self._known[character] = character if is_there else code(character)
        return self._known[character]
