"""A document as PDF/A-2b, typeset offline, with every font embedded; two runs give the same bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sla.reports.layout.document import Boxes, Bullets, Facts, Grid, Heading, Paragraph, Picture, spans, text_of
from sla.reports.layout.pages import box_lines, chapters, front, page_words, size_of
from sla.reports.layout.typeset import coverage, typeset_pdf

if TYPE_CHECKING:
    from sla.reports.layout.document import Block, Document
    from sla.reports.layout.fonts import Coverage

NARROW, WIDE = 442.0, 717.0
"""How broad the text is on a page that stands and on one that lies, in points."""
_TALLEST = {False: 560.0, True: 400.0}
"""How tall a picture may be there."""
_BREAK = "\u200b"
_FULL_WIDTH = 0x2E7F
_SIZES = ((7, 9.0), (10, 8.0), (99, 7.0))
"""Up to so many columns, such letters."""


def to_pdf(document: Document) -> bytes:
    """The document's pages."""
    writer = _PdfWriter(document, coverage())
    return typeset_pdf("document.typ", writer.data(), document.dated)


class _PdfWriter:
    def __init__(self, document: Document, covered: Coverage) -> None:
        self.document = document
        self.shown = covered.shown

    def data(self) -> dict[str, Any]:
        document = self.document
        dated = document.dated
        return {
            "title": self.shown(document.title),
            "subtitle": self.shown(document.subtitle),
            "lang": document.language,
            "dated": {"year": dated.year, "month": dated.month, "day": dated.day}
            if dated
            else {"year": 2000, "month": 1, "day": 1},
            "marks": [self.shown(mark) for mark in document.marks],
            "foot": [self.shown(line) for line in document.foot],
            "running": self.shown(document.title),
            "page": page_words(document),
            "cover": [self.block(block, wide=False) for block in front(document)[0]],
            "chapters": [
                {"wide": each.wide, "blocks": [self.block(block, wide=each.wide) for block in each.blocks]}
                for each in chapters(document)
            ],
        }

    def block(self, block: Block, *, wide: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"kind": type(block).__name__}
        if isinstance(block, Heading):
            found |= {"level": block.level, "text": self.shown(block.text)}
        elif isinstance(block, Paragraph):
            found |= {"tone": block.tone, "text": self.broken(block.text, 60)}
        elif isinstance(block, Facts):
            found["pairs"] = [[self.broken(name, 20), self.broken(text_of(cell), 40)] for name, cell in block.pairs]
        elif isinstance(block, Bullets):
            found |= {"texts": [self.broken(text, 60) for text in block.texts], "numbered": block.numbered}
        elif isinstance(block, Grid):
            found |= self.grid(block, WIDE if wide else NARROW)
        elif isinstance(block, Picture):
            found |= self.picture(block, wide=wide)
        elif isinstance(block, Boxes):
            found |= {"names": [self.shown(name) for name in block.names], "lines": box_lines(self.document)}
        return found

    def grid(self, grid: Grid, breadth: float) -> dict[str, Any]:
        widths = grid.widths or (1,) * len(grid.columns)
        size = next(points for most, points in _SIZES if len(grid.columns) <= most)
        room = [max(3, int((breadth * width / sum(widths) - 5) / (size * 0.62))) for width in widths]
        tall = [spans(grid, column) for column in range(len(grid.columns))]
        rows = [
            [
                {"text": self.broken(text_of(cell), room[at]), "tall": tall[at][number]} if tall[at][number] else None
                for at, cell in enumerate(row)
            ]
            for number, row in enumerate(grid.rows)
        ]
        return {
            "title": self.broken(grid.title, 60),
            "columns": [self.broken(name, room[at]) for at, name in enumerate(grid.columns)],
            "rows": rows,
            "tones": list(grid.tones or ("",) * len(grid.rows)),
            "right": sorted(grid.right),
            "total": grid.total,
            "widths": list(widths),
            "size": size,
            "note": self.broken(grid.note, 60),
        }

    def picture(self, picture: Picture, *, wide: bool) -> dict[str, Any]:
        breadth, height = size_of(picture)
        scale = min((WIDE if wide else NARROW) / breadth, _TALLEST[wide] / height, 1.35)
        return {
            "title": self.shown(picture.title),
            "svg": self.shown(picture.svg),
            "words": self.shown(picture.words),
            "width": round(breadth * scale, 2),
        }

    def broken(self, text: str, room: int) -> str:
        """The text, with places to break in words that are longer than the room (a number of letters)."""
        text = self.shown(text)
        if 2 * len(text) <= room:
            return text
        return re.sub(rf"[!-~\u00a1-\u2e7f]{{{room // 2 + 1},}}", lambda found: _split(found[0], room), text)


def _split(word: str, room: int) -> str:
    """A long word in pieces; capitals and the like take more room than other letters."""
    found, used = "", 0.0
    for letter in word:
        used += 1.6 if letter in "MWmw@%" else 1.25 if not (letter.islower() or letter.isdigit()) else 1.0
        if used > room:
            found, used = found + _BREAK, 1.25
        found += letter
    return found
