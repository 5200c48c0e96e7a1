"""Reports: one judgement, many forms, the same numbers. `REPORTS` is the one table of forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sla.reports.json_format import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.i18n import Language
    from sla.judgement import Judgement


_FEW = 200
"""Up to so many items JSON is indented for eyes; beyond, the fast encoder writes it on one line."""


def _json(judgement: Judgement, _language: Language) -> str:
    items = sum(len(result.items) for result in judgement.obligations) + len(judgement.incidents)
    return json.dumps(to_json(judgement), ensure_ascii=False, indent=1 if items <= _FEW else None) + "\n"


def _text(judgement: Judgement, language: Language) -> str:
    from sla.reports.text_format import to_text  # noqa: PLC0415 - rich is loaded only for people

    return to_text(judgement, language)


def _html(judgement: Judgement, language: Language) -> str:
    from sla.reports.html_format import to_html  # noqa: PLC0415 - Jinja2 is loaded only for people

    return to_html(judgement, language)


REPORTS: Mapping[str, Callable[[Judgement, Language], str]] = {"json": _json, "text": _text, "html": _html}


def render(form: str, judgement: Judgement, language: Language) -> str:
    """The report in that form; `zh` or `en` for the forms that people read."""
    return REPORTS[form](judgement, language)
