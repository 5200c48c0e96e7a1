"""The forms that any `Document` can take. `FORMS` is the one table; JSON is not a form of paper and stands apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.reports.layout.document import Document


def _text(document: Document) -> str:
    from sla.reports.layout.text import to_text  # noqa: PLC0415 - rich is loaded only for people

    return to_text(document)


def _html(document: Document) -> str:
    from sla.reports.layout.html import to_html  # noqa: PLC0415 - Jinja2 is loaded only for people

    return to_html(document)


def _pdf(document: Document) -> bytes:
    from sla.reports.layout.pdf import to_pdf  # noqa: PLC0415 - the typesetter is loaded for paper only

    return to_pdf(document)


def _docx(document: Document) -> bytes:
    from sla.reports.layout.docx import to_docx  # noqa: PLC0415 - python-docx is loaded for this form only

    return to_docx(document)


def _xlsx(document: Document) -> bytes:
    from sla.reports.layout.xlsx import to_xlsx  # noqa: PLC0415 - XlsxWriter is loaded for this form only

    return to_xlsx(document)


FORMS: Mapping[str, Callable[[Document], str | bytes]] = {
    "text": _text,
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
}


def laid_out(form: str, document: Document) -> str | bytes:
    """The paper in that form."""
    return FORMS[form](document)


def written(form: str, document: Callable[[], Document], facts: Callable[[], Any]) -> str | bytes:
    """The paper in that form, or for `json` the facts that it tells; only what is asked for is made."""
    if form == "json":
        return json.dumps(facts(), ensure_ascii=False, indent=1) + "\n"
    return laid_out(form, document())
