"""The typesetter, typst, behind one file of ours: no network, no packages, no fonts that we did not choose.

Data never becomes markup: it goes in as JSON, and templates show its texts as texts.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

from config.input.usage import UsageError
from config.text.sentence import verbatim
from sla.reports.layout import fonts

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import typst

MEND = "apt-get install fonts-noto-cjk"
"""The one command that mends a machine without a Chinese font."""


class TypesetError(UsageError):
    """Paper cannot be made."""


@cache
def _faces() -> tuple[tuple[Path, ...], typst.Fonts]:
    import typst  # noqa: PLC0415 - loaded for paper only

    try:
        paths = fonts.files()
    except fonts.NoFontError:
        raise TypesetError(
            "no font with Chinese; mend it with: {command} (or set {variable} to a directory with one)",
            command=MEND,
            variable=fonts.DIRECTORY,
        ) from None
    places = sorted({str(path.parent) for path in paths})
    return paths, typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=places)


def families() -> dict[str, list[str]]:
    """Role → the families that are there, the best first."""
    _, faces = _faces()
    there = {family.casefold(): family for family in faces.families()}
    every = sorted(there.values())
    found = {
        role: [there[each.casefold()] for each in wanted if each.casefold() in there]
        for role, wanted in fonts.ROLES.items()
    }
    return {role: named or every for role, named in found.items()}


def coverage() -> fonts.Coverage:
    """Which characters can be shown."""
    return fonts.Coverage(_faces()[0])


def typeset_pdf(template: str, data: Any, dated: date | None) -> bytes:
    """A template with its data as PDF/A-2b; the same bytes each time."""
    stamp = (
        datetime(2000, 1, 1, tzinfo=UTC)
        if dated is None
        else datetime(dated.year, dated.month, dated.day, tzinfo=UTC)
    )
    found = _compiled(template, data, format="pdf", pdf_standards=["a-2b"], timestamp=stamp)
    return found if isinstance(found, bytes) else found[0]


def typeset_png(template: str, data: Any, ppi: float = 200) -> list[bytes]:
    """A template with its data as pictures, one a page."""
    found = _compiled(template, data, format="png", ppi=ppi)
    return [found] if isinstance(found, bytes) else list(found)


def _compiled(template: str, data: Any, **options: Any) -> Any:
    import typst  # noqa: PLC0415 - loaded for paper only

    _, faces = _faces()
    source = resources("sla.reports.layout").joinpath("templates", template).read_bytes()
    compiler = typst.Compiler(
        source,
        font_paths=faces,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "fonts": json.dumps(families())},
    )
    try:
        return compiler.compile(**options)
    except typst.TypstError as error:
        raise TypesetError(verbatim(f"typst: {error.message}")) from error
