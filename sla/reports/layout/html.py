"""A paper as one HTML file: no script, nothing fetched, fit for a phone, a desk and paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sla.reports.layout.document import spans, text_of

if TYPE_CHECKING:
    from jinja2 import Template

    from sla.reports.layout.document import Block, Document, Grid


@cache
def _template() -> Template:
    """Every text is escaped: names come from people and from devices."""
    environment = Environment(
        loader=PackageLoader("sla.reports.layout"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words=text_of, kind=_kind, tall=_tall, drawn=Markup)
    return environment.get_template("document.html")


def _kind(block: Block) -> str:
    return type(block).__name__


def _tall(grid: Grid) -> tuple[tuple[int, ...], ...]:
    """Row → for each column how many rows its cell takes; 0: none of its own."""
    columns = [spans(grid, number) for number in range(len(grid.columns))]
    return tuple(zip(*columns, strict=True))


def to_html(document: Document) -> str:
    """The paper as a page. Pictures are our own SVG and stand as they are."""
    return _template().render(document=document, language="zh-CN" if document.language == "zh" else "en") + "\n"
