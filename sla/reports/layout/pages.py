"""A document as chapters of pages: what paper, printed or edited, asks beyond the order of blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.text.i18n import in_language
from sla.reports.layout.document import Grid, Heading, PageBreak

if TYPE_CHECKING:
    from sla.reports.layout.document import Block, Document, Picture


@dataclass(frozen=True, slots=True)
class Chapter:
    """Blocks that share an orientation; `wide` pages lie on their side."""

    wide: bool
    blocks: tuple[Block, ...]


def front(document: Document) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """(the blocks of the cover, all others); no cover where the document has none."""
    if not document.cover:
        return (), document.blocks
    places = [number for number, block in enumerate(document.blocks) if isinstance(block, PageBreak)]
    if not places:
        return (), document.blocks
    return document.blocks[: places[0]], document.blocks[places[0] + 1 :]


def chapters(document: Document) -> tuple[Chapter, ...]:
    """What follows the cover, cut at level 1 headings, neighbours of one orientation together.

    A chapter lies on its side if a table of it wants that; a document without such tables does as it says.
    """
    parts: list[list[Block]] = [[]]
    for block in front(document)[1]:
        if isinstance(block, Heading) and block.level == 1 and parts[-1]:
            parts.append([])
        parts[-1].append(block)
    asks = any(isinstance(block, Grid) and block.wide for part in parts for block in part)
    found: list[Chapter] = []
    for part in parts:
        wide = any(isinstance(block, Grid) and block.wide for block in part) if asks else document.wide
        if found and found[-1].wide == wide:
            found[-1] = Chapter(wide, (*found[-1].blocks, *part))
        else:
            found.append(Chapter(wide, tuple(part)))
    return tuple(found)


def box_lines(document: Document) -> tuple[str, ...]:
    """What stands in a box to be signed, below the name of who signs."""
    return tuple(in_language(text, document.language) for text in ("Seal", "Representative", "Date"))


def page_words(document: Document) -> tuple[str, str, str]:
    """What stands before the page's number, between it and their count, and after."""
    return ("第 ", " 页 共 ", " 页") if document.language == "zh" else ("Page ", " of ", "")


def size_of(picture: Picture) -> tuple[float, float]:
    """Breadth and height of a drawing in points, from its view box."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.svg)
    return (float(found[1]), float(found[2])) if found else (440.0, 150.0)
