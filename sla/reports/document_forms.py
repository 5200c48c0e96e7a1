"""The forms that any `Document` can take. `FORMS` is the one table; JSON is not a form of paper and stands apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.reports.document import Document


def _text(document: Document) -> str:
    from sla.reports.document_text import to_text  # noqa: PLC0415 - rich is loaded only for people

    return to_text(document)


def _html(document: Document) -> str:
    from sla.reports.document_html import to_html  # noqa: PLC0415 - Jinja2 is loaded only for people

    return to_html(document)


FORMS: Mapping[str, Callable[[Document], str | bytes]] = {"text": _text, "html": _html}


def laid_out(form: str, document: Document) -> str | bytes:
    """The paper in that form."""
    return FORMS[form](document)


def written(form: str, document: Callable[[], Document], facts: Callable[[], Any]) -> str | bytes:
    """The paper in that form, or for `json` the facts that it tells; only what is asked for is made."""
    if form == "json":
        return json.dumps(facts(), ensure_ascii=False, indent=1) + "\n"
    return laid_out(form, document())
