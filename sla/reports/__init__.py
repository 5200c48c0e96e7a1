"""Reports: one judgement, many forms, the same numbers.

A month is made into a `Document` once, and `sla.reports.document_forms.FORMS` lays it out; JSON is SPEC §10's
object, written from the judgement itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from sla.reports.json_format import member, outline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.judgement import Judgement
    from sla.reports.document import Document


_FEW = 200
"""Up to so many items JSON is indented for eyes; beyond, it is for programs, on one line."""
REPORTS: Mapping[str, str] = {
    "text": "txt",
    "json": "json",
    "html": "html",
    "pdf": "pdf",
    "docx": "docx",
    "xlsx": "xlsx",
}
"""Form → the suffix of its file: what `--all` writes."""


def written_json(judgement: Judgement) -> bytes:
    """The object of SPEC §10, in UTF-8."""
    items = sum(len(result.items) for result in judgement.obligations) + len(judgement.incidents)
    layout = orjson.OPT_INDENT_2 if items <= _FEW else 0
    option = layout | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS
    return orjson.dumps(outline(judgement), default=member, option=option)


def render(form: str, judgement: Judgement, document: Callable[[], Document]) -> str | bytes:
    """The month's report in that form; the document is made only for the forms that people read."""
    if form == "json":
        return written_json(judgement)
    from sla.reports.document_forms import laid_out  # noqa: PLC0415 - JSON goes without

    return laid_out(form, document())
