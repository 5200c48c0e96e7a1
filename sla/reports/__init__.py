"""Reports: one judgement, many forms, the same numbers.

A month is made into a `Document` once, and `sla.reports.document_forms.FORMS` lays it out; JSON is SPEC §10's
object, written from the judgement itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from sla.reports.json_format import member, outline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.i18n import Language
    from sla.judgement import Judgement
    from sla.reports.basis import Basis


_FEW = 200
"""Up to so many items JSON is indented for eyes; beyond, it is for programs, on one line."""
REPORTS: Mapping[str, str] = {"text": "txt", "json": "json", "html": "html"}
"""Form → the suffix of its file: what `--format` accepts and `--all` writes."""


def written_json(judgement: Judgement) -> bytes:
    """The object of SPEC §10, in UTF-8."""
    items = sum(len(result.items) for result in judgement.obligations) + len(judgement.incidents)
    layout = orjson.OPT_INDENT_2 if items <= _FEW else 0
    option = layout | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS
    return orjson.dumps(outline(judgement), default=member, option=option)


def render(form: str, basis: Basis, language: Language) -> str | bytes:
    """The month's report in that form; `zh` or `en` for the forms that people read."""
    if form == "json":
        return written_json(basis.judgement)
    from sla.reports.document_forms import laid_out  # noqa: PLC0415 - JSON goes without
    from sla.reports.monthly import monthly_document  # noqa: PLC0415 - likewise

    return laid_out(form, monthly_document(basis, language))


def render_all(basis: Basis, language: Language, folder: Path, stem: str) -> tuple[Path, ...]:
    """Every form into one folder, the document made once; the files written."""
    from sla.reports.document_forms import laid_out  # noqa: PLC0415 - as above
    from sla.reports.monthly import monthly_document  # noqa: PLC0415 - likewise

    document = monthly_document(basis, language)
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for form, suffix in REPORTS.items():
        content = written_json(basis.judgement) if form == "json" else laid_out(form, document)
        found.append(folder / f"{stem}.{suffix}")
        found[-1].write_bytes(content.encode() if isinstance(content, str) else content)
    return tuple(found)
