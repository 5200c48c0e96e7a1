"""What stands in a report of any form, as text that can be compared: without white space and places to break."""

from __future__ import annotations

import io
import re
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from sla.cli.options import FORMATS
from sla.reports.layout.document import Bullets, Facts, Grid, Heading, Paragraph, Picture, spans, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sla.reports.layout.document import Document


def squeezed(text: str) -> str:
    """Without anything that a form may add or lose when it breaks lines."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


def texts_of(document: Document) -> Iterator[str]:
    """Every text of a document that each form must show."""
    yield document.title
    yield document.subtitle
    yield from document.marks
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            yield block.text
        elif isinstance(block, Facts):
            for name, cell in block.pairs:
                yield from (name, text_of(cell))
        elif isinstance(block, Bullets):
            yield from block.texts
        elif isinstance(block, Grid):
            yield from block.columns if block.rows else ()
            tall = [spans(block, column) for column in range(len(block.columns))]
            for number, row in enumerate(block.rows):
                yield from (text_of(cell) for at, cell in enumerate(row) if tall[at][number])
            yield from (block.title, block.note)
        elif isinstance(block, Picture):
            yield from (block.title, block.words)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("style", "script") and attrs is not None

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def html_text(page: str) -> str:
    parser = _Page()
    parser.feed(page)
    return "".join(parser.found)


def pdf_text(pdf: bytes, *options: str) -> str:
    found = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", *options, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return found.stdout.decode()


def docx_text(data: bytes) -> str:
    import docx

    body = docx.Document(io.BytesIO(data)).element.body
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return "".join(each.text or "" for each in body.iter(f"{space}t"))


def xlsx_book(data: bytes, *, values: bool = True) -> object:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def texts_in(folder: Path, name: str) -> dict[str, str]:
    """Form for people → all that the report of that name in a folder says in it, squeezed."""
    found = {form: (folder / f"{name}.{suffix}").read_bytes() for form, suffix in FORMATS.items()}
    cells = [cell.value for sheet in xlsx_book(found["xlsx"]) for row in sheet for cell in row]
    texts = {
        "text": found["text"].decode(),
        "html": html_text(found["html"].decode()),
        "pdf": pdf_text(found["pdf"]),
        "docx": docx_text(found["docx"]),
        "xlsx": " ".join(str(value) for value in cells if value is not None),
    }
    return {form: squeezed(text) for form, text in texts.items()}
