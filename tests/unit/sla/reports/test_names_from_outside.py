"""Names that others wrote, on every paper: nothing in them steers a reader, and no two assets stand there alike."""

from dataclasses import replace

import pytest

from config.text.outside import visible
from sla.contract.file import read_contract
from sla.evidence.records import Asset, Check, Reading
from sla.explain.explain import explained, known_ids
from sla.reports.layout.forms import laid_out
from sla.reports.monthly.document import monthly_document
from sla.reports.standard.document import standard_document
from sla.reports.text.explain_text import document_of
from tests.support.reports.months import EXAMPLE, basis
from tests.support.reports.texts import docx_text, html_text, pdf_text, squeezed, texts_of, xlsx_book
from tests.support.timelines import at, evidence_of

ALIKE = (
    "cam 7",
    "cam\u00a07",
    "cam\u20097",
    "cam\u200b 7",
    "cam \u2060" + "7",
    "cam\ufe0f 7",
    "cam 7\u202e",
    "cam\u202a 7",
    "cam\x1b 7",
    "cam  7",
    "cam 7 ",
    "cam\t7",
    "cam\n7",
    "caf\u00e9 7",
    "cafe\u0301 7",
    "cam 7\U000e0020",
    "cam\x85" + "7",
    "cam\ufeff 7",
    "cam\u3164" + "7",
)
"""Names that a terminal, a browser or paper would show as `cam 7`, or as each other, if it were left to them."""
READER = {"html": html_text, "docx": docx_text, "pdf": pdf_text, "text": str}


def month():
    """Every one of them down for some hours, in a contract whose own names steer too."""
    contract = read_contract(EXAMPLE)
    clauses = tuple(
        replace(each, title=f"{each.title}\u202e\x1b", clause="5\u200b.2") for each in contract.obligations
    )
    nasty = {"name": "甲\u2066方"}
    contract = replace(contract, title="合\u00ad同", customer=nasty, vendor=nasty, obligations=clauses)
    found = []
    for name in ALIKE:
        found += [
            Asset(id=name, kind="camera", name=f"{name}\u200e"),
            Check(id=f"{name}/x", asset=name, interval_ms=3_600_000),
        ]
        found += [
            Reading(
                check=f"{name}/x",
                at=at("2026-10-01 00:00") + hour * 3_600_000,
                outcome="fail" if 50 < hour < 60 else "ok",
            )
            for hour in range(745)
        ]
    return basis(evidence_of(found), contract)


def papers(language):
    seen = month()
    yield monthly_document(seen, language)
    yield standard_document(seen.judgement.contract, language)
    for name in known_ids(seen.analysis, seen.judgement)[:200]:
        yield document_of(explained(seen.analysis, seen.judgement, name), seen.judgement, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_of_a_paper_hides_or_steers_anything(language):
    for paper in papers(language):
        for text in texts_of(paper):
            assert text.replace("\u3000", "").isprintable()
            assert not set("\ufe0f\u3164\u0301\u200b\U000e0020") & set(text)
            assert r"\x5c" not in text  # no code of a code: nothing goes through it twice


@pytest.mark.parametrize("form", ["text", "html", "docx", pytest.param("pdf", marks=pytest.mark.needs("pdftotext"))])
def test_names_that_differ_stand_differently_in_every_form(form):
    shown = {squeezed(visible(name)) for name in ALIKE}
    assert len(shown) == len(ALIKE)
    found = squeezed(READER[form](laid_out(form, monthly_document(month(), "zh"))))
    assert [name for name in sorted(shown) if name not in found] == []


def test_names_that_differ_stand_differently_in_the_workbook():
    book = xlsx_book(laid_out("xlsx", monthly_document(month(), "zh")))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {visible(f"{name}/x") for name in ALIKE} <= cells
