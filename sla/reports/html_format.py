"""The report as one HTML file: no script, nothing fetched, fit for a phone, a desk and paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from sla.reports.model import report_of

if TYPE_CHECKING:
    from jinja2 import Template

    from config.i18n import Language
    from sla.judgement import Judgement


@cache
def _template() -> Template:
    """Every text is escaped: names come from people and from devices."""
    environment = Environment(
        loader=PackageLoader("sla.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def to_html(judgement: Judgement, language: Language) -> str:
    """The report as a page."""
    report = report_of(judgement, language)
    return _template().render(report=report, language="zh-CN" if language == "zh" else "en") + "\n"
