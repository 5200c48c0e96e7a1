"""A document for a word processor: tables to be edited, Chinese fonts named in every style, headers that repeat.

python-docx makes the frame; tables are written as XML at once, since it walks the whole table for each cell.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from sla.reports.layout.document import (
    Boxes,
    Bullets,
    Facts,
    Grid,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    spans,
    text_of,
)
from sla.reports.layout.pages import box_lines, chapters, front, page_words, size_of
from sla.reports.layout.typeset import coverage, typeset_png

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as Word
    from docx.section import Section

    from sla.reports.layout.document import Block, Document

BODY, HEAD, KAI, TITLE = "仿宋", "黑体", "楷体", "方正小标宋简体"
LATIN = "Times New Roman"
_STYLES = {"Heading 1": (HEAD, 16), "Heading 2": (KAI, 14), "Heading 3": (BODY, 12), "Title": (TITLE, 22)}
_TWIPS = 20
_SHADES = {"breached": "E0E0E0", "missed": "E0E0E0", "not_assessable": "F0F0F0", "late": "F0F0F0"}
_SIZES = ((7, 18), (10, 16), (99, 14))
"""Up to so many columns, letters of so many half points."""
_NARROW_MM, _WIDE_MM = 156, 253


def to_docx(document: Document) -> bytes:
    """The document as DOCX; two runs give the same bytes."""
    word = docx.Document()
    _set_fonts(word)
    _DocxWriter(word, document).write()
    stamp = _stamp(document)
    core = word.core_properties
    core.title, core.subject, core.author, core.comments = document.title, document.subtitle[:255], "", ""
    core.created = core.modified = stamp
    stream = io.BytesIO()
    word.save(stream)
    return _same_each_time(stream.getvalue())


def _stamp(document: Document) -> datetime:
    dated = document.dated or date(2000, 1, 1)
    return datetime(dated.year, dated.month, dated.day, tzinfo=UTC)


def _same_each_time(data: bytes) -> bytes:
    """The archive anew, without the time at which it was written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return stream.getvalue()


def _set_fonts(word: Word) -> None:
    """`w:eastAsia` on every style, and no theme font that would win over it."""
    for style in word.styles:
        if not hasattr(style, "font"):
            continue
        name, points = _STYLES.get(style.name or "", (BODY, 0))
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", name), ("cs", LATIN)):
            fonts.set(qn(f"w:{script}"), font)
        if points:
            style.font.size = Pt(points)
            style.font.color.rgb = RGBColor(0, 0, 0)
            for border in style.element.xpath("w:pPr/w:pBdr"):
                border.getparent().remove(border)
    word.styles["Normal"].font.size = Pt(12)
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


class _DocxWriter:
    """Writes block after block at the end of the word processor's document."""

    def __init__(self, word: Word, document: Document) -> None:
        self.word = word
        self.document = document
        self.wide = False
        pictures = [block for block in document.blocks if isinstance(block, Picture)]
        shown = coverage().shown if pictures else None
        drawn = typeset_png("pictures.typ", [shown(each.svg) for each in pictures], 160) if shown else []
        self.drawn = iter(drawn)

    def write(self) -> None:
        document, cover = self.document, front(self.document)[0]
        parts = chapters(document)
        section = self.word.sections[0]
        self.lay(section, wide=not cover and bool(parts) and parts[0].wide)
        _running(section, document)
        for mark in document.marks:
            self.paragraph(mark, bold=True)
        self.word.add_paragraph(document.title, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.word.add_paragraph(document.subtitle).alignment = WD_ALIGN_PARAGRAPH.CENTER
        for block in cover:
            self.block(block)
        for number, part in enumerate(parts):
            if number or cover:
                self.lay(self.word.add_section(WD_SECTION.NEW_PAGE), wide=part.wide)
            for block in part.blocks:
                self.block(block)

    def lay(self, section: Section, *, wide: bool) -> None:
        """A4 after GB/T 9704, or on its side."""
        self.wide = wide
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
        margins = (28, 24, 22, 22) if wide else (37, 35, 28, 26)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)

    @property
    def breadth(self) -> int:
        return _WIDE_MM if self.wide else _NARROW_MM

    def paragraph(self, text: str, *, bold: bool = False, points: float = 0, keep: bool = False) -> None:
        paragraph = self.word.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = bold or None
        if points:
            run.font.size = Pt(points)
        paragraph.paragraph_format.keep_with_next = keep or None
        paragraph.paragraph_format.space_after = Pt(4)

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.word.add_heading(block.text, block.level)
        elif isinstance(block, Paragraph):
            self.paragraph(block.text, bold=block.tone == "mark", points=9 if block.tone == "note" else 14)
        elif isinstance(block, Facts):
            self.table(_facts(block, self.breadth))
        elif isinstance(block, Bullets):
            for number, text in enumerate(block.texts, 1):
                self.paragraph(f"{number}. {text}" if block.numbered else f"· {text}", points=11)
        elif isinstance(block, Grid):
            self.grid(block)
        elif isinstance(block, Picture):
            self.picture(block)
        elif isinstance(block, Boxes):
            self.table(_boxes(block, box_lines(self.document), self.breadth))
        elif isinstance(block, PageBreak):
            self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def grid(self, grid: Grid) -> None:
        if grid.title:
            self.paragraph(grid.title, bold=True, points=10.5, keep=True)
        if grid.rows:
            self.table(_grid(grid, self.breadth))
        else:
            self.paragraph("–")
        if grid.note:
            self.paragraph(grid.note, points=8)

    def picture(self, picture: Picture) -> None:
        self.paragraph(picture.title, bold=True, points=10.5, keep=True)
        breadth, height = size_of(picture)
        scale = min(self.breadth * 72 / 25.4 / breadth, (380 if self.wide else 540) / height, 1.3)
        self.word.add_picture(io.BytesIO(next(self.drawn)), width=Pt(breadth * scale))
        self.word.paragraphs[-1].paragraph_format.keep_with_next = True
        shape = self.word.inline_shapes[len(self.word.inline_shapes) - 1]
        shape._inline.docPr.set("descr", f"{picture.title}: {picture.words}")  # noqa: SLF001 - python-docx has no word for it
        self.paragraph(picture.words, points=8)

    def table(self, xml: str) -> None:
        body = self.word.element.body
        body.insert(len(body) - 1, parse_xml(xml))
        self.word.add_paragraph().paragraph_format.space_after = Pt(2)


def _running(section: Section, document: Document) -> None:
    """Contract, month and mark on top of every page, its number and their count below; later sections follow."""
    head = section.header.paragraphs[0]
    head.add_run("  ·  ".join((*document.foot, document.title))).font.size = Pt(8)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = page_words(document)
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        foot.add_run(text)
        if field:
            number = f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            foot._p.append(parse_xml(number))  # noqa: SLF001 - python-docx knows no fields


def _table(widths: list[int], rows: Iterator[str], *, borders: bool) -> str:
    style = "TableGrid" if borders else "TableNormal"
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = "".join(f'<w:{side} w:w="50" w:type="dxa"/>' for side in ("left", "right"))
    layout = f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"{layout}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cell(
    text: str, width: int, size: int, *, bold: bool = False, right: bool = False, merge: str = "", shade: str = ""
) -> str:
    merged = {"": "", "first": '<w:vMerge w:val="restart"/>', "more": "<w:vMerge/>"}[merge]
    shaded = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    aligned = '<w:jc w:val="right"/>' if right else ""
    fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{BODY}" w:cs="{LATIN}"/>'
    look = f'{fonts}{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    paragraphs = "".join(
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>{aligned}</w:pPr>'
        f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in text.split("\n")
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}{shaded}</w:tcPr>{paragraphs}</w:tc>'


def _row(cells: str, *, head: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"


def _shared(breadth_mm: int, widths: tuple[Any, ...]) -> list[int]:
    """Columns in twentieths of a point."""
    whole = breadth_mm * 72 / 25.4 * _TWIPS
    return [int(whole * width / sum(widths)) for width in widths]


def _grid(grid: Grid, breadth: int) -> str:
    widths = _shared(breadth, grid.widths or (1,) * len(grid.columns))
    size = next(half for most, half in _SIZES if len(grid.columns) <= most)
    tall = [spans(grid, column) for column in range(len(grid.columns))]
    tones = grid.tones or ("",) * len(grid.rows)

    def rows() -> Iterator[str]:
        heads = (_cell(name, widths[at], size, bold=True, shade="EBEBEB") for at, name in enumerate(grid.columns))
        yield _row("".join(heads), head=True)
        for number, (row, tone) in enumerate(zip(grid.rows, tones, strict=True)):
            last = grid.total and number == len(grid.rows) - 1
            yield _row(
                "".join(
                    _cell(
                        text_of(cell) if tall[at][number] else "",
                        widths[at],
                        size,
                        bold=last,
                        right=at in grid.right,
                        merge="" if tall[at][number] == 1 else "first" if tall[at][number] else "more",
                        shade=_SHADES.get(tone, ""),
                    )
                    for at, cell in enumerate(row)
                )
            )

    return _table(widths, rows(), borders=True)


def _facts(facts: Facts, breadth: int) -> str:
    widths = _shared(breadth, (1, 3))
    rows = (_row(_cell(name, widths[0], 22) + _cell(text_of(cell), widths[1], 22)) for name, cell in facts.pairs)
    return _table(widths, iter(rows), borders=False)


def _boxes(boxes: Boxes, lines: tuple[str, ...], breadth: int) -> str:
    widths = _shared(breadth, (1, 1))
    texts = ["\n\n".join((name, *(f"{line}：" for line in lines))) for name in boxes.names]
    texts += [""] * (len(texts) % 2)
    pairs = zip(texts[::2], texts[1::2], strict=True)
    rows = (_row(_cell(one, widths[0], 22) + _cell(other, widths[1], 22)) for one, other in pairs)
    return _table(widths, iter(rows), borders=True)
