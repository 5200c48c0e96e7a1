"""Reports: one judgement, many forms, the same numbers.

A month is made into a `Document` once, and `sla.reports.layout.forms.FORMS` lays it out; JSON is SPEC §10's
object, written from the judgement itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from sla.reports.json.events import events_json
from sla.reports.json.month import member_writer, outline

if TYPE_CHECKING:
    from collections.abc import Callable

    from sla.judge.judgement import Judgement
    from sla.measure.analysis import Analysis
    from sla.reports.layout.document import Document


_FEW = 200
"""Up to so many items JSON is indented for eyes; beyond, it is for programs, on one line."""


def written_json(judgement: Judgement, analysis: Analysis | None = None) -> bytes:
    """The object of SPEC §10, in UTF-8; with an analysis, the claims and maintenance of the month too."""
    items = sum(len(result.items) for result in judgement.obligations) + len(judgement.incidents)
    layout = orjson.OPT_INDENT_2 if items <= _FEW else 0
    option = layout | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS
    told = outline(judgement) | (events_json(analysis, judgement.month) if analysis else {})
    return orjson.dumps(told, default=member_writer(judgement), option=option)


def render(
    form: str, judgement: Judgement, document: Callable[[], Document], analysis: Analysis | None = None
) -> str | bytes:
    """The month's report in that form; the document is made only for the forms that people read."""
    if form == "json":
        return written_json(judgement, analysis)
    from sla.reports.layout.forms import laid_out  # noqa: PLC0415 - JSON goes without

    return laid_out(form, document())
