"""Every form of a month says what its JSON says, whatever the month holds."""

from __future__ import annotations

import datetime as dt
import io
import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from sla.reports.layout.document import Figure, Grid
from sla.reports.layout.forms import laid_out
from sla.reports.layout.typeset import coverage
from sla.reports.monthly.document import monthly_document
from tests.support.reports import months
from tests.support.reports.columns import texts
from tests.support.reports.texts import docx_text, html_text, pdf_text, squeezed, texts_of, xlsx_book

MONTHS = {
    "rich": months.rich,
    "empty": months.empty,
    "blind": months.blind,
    "hostile": months.hostile,
    "sixty": lambda: months.basis(months.big_month(cameras=70, outages=60)),
}


@cache
def made(name, language="zh"):
    found = MONTHS[name]()
    return found, monthly_document(found, language)


@cache
def shown(name, form, language="zh"):
    return laid_out(form, made(name, language)[1])


def all_text(name, form, language="zh"):
    content = shown(name, form, language)
    if form == "html":
        return squeezed(html_text(content))
    if form == "pdf":
        return squeezed(pdf_text(content))
    return squeezed(docx_text(content))


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
@pytest.mark.parametrize(
    ("name", "language"), [*((name, "zh") for name in MONTHS), ("rich", "en"), ("hostile", "en")]
)
def test_every_text_of_the_document_stands_in_every_form(name, form, language):
    found = all_text(name, form, language)
    covered = coverage().shown if form == "pdf" else str
    missing = [text for text in texts_of(made(name, language)[1]) if squeezed(covered(text)) not in found]
    assert missing == []


@pytest.mark.parametrize("name", MONTHS)
def test_a_workbook_holds_every_figure_of_the_document_as_a_number(name):
    book = xlsx_book(shown(name, "xlsx"))
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    words = {squeezed(value) for value in values if isinstance(value, str)}
    numbers = {round(float(value), 9) for value in values if isinstance(value, int | float)}
    lengths = {round(value.total_seconds(), 3) for value in values if isinstance(value, dt.timedelta)}
    times = {value for value in values if isinstance(value, dt.datetime | dt.date)}
    for block in made(name)[1].blocks:
        for cell in (cell for row in block.rows for cell in row) if isinstance(block, Grid) else ():
            if not isinstance(cell, Figure):
                assert not cell or squeezed(cell) in words, cell
            elif cell.form == "instant":
                assert cell.value.replace(tzinfo=None) in times
            elif cell.form == "date":
                assert dt.datetime.combine(cell.value, dt.time()) in times
            elif cell.form == "span":
                seconds = cell.value / 1000
                assert (
                    any(math.isclose(seconds, each, abs_tol=0.002) for each in lengths | {0.0})
                    or round(cell.value / 86_400_000, 9) in numbers
                )
            else:
                assert round(float(cell.value), 9) in numbers, cell


def percent(value, rounding):
    return f"{(Decimal(repr(value)) * 100).quantize(Decimal('0.01'), rounding)}%"


def local(text):
    found = dt.datetime.fromisoformat(text).astimezone(ZoneInfo("Asia/Shanghai"))
    return found.strftime("%Y-%m-%d %H:%M:%S")


def texts_from_json(found):
    """What the JSON's numbers look like on paper, worked out here a second time."""
    for each in found["obligations"]:
        if each["value"] is not None:
            yield percent(each["value"], ROUND_FLOOR)
        if each.get("low") is not None:
            yield percent(each["low"], ROUND_FLOOR)
            yield percent(each["high"], ROUND_CEILING)
            yield percent(each["coverage"], ROUND_FLOOR)
        yield f"{Decimal(each['deduction']):,}"
        for item in each["items"]:
            if each["kind"] == "repair":
                yield from (
                    local(item[key])
                    for key in ("detected", "began_after", "last_fail", "restored", "start", "deadline", "done")
                    if item[key]
                )
                yield f"{Decimal(item['deduction']):,}"
            if each["kind"] == "inspection":
                yield from (local(instant) for instant in item["period"])
    for incident in found["incidents"]:
        yield from (
            local(incident[key]) for key in ("detected", "began_after", "last_fail", "restored") if incident[key]
        )
    yield from (f"{Decimal(amount):,}" for amount in found["payment"].values())
    yield from (
        f"{Decimal(each[key]):,}" for each in found["adjustments"] for key in ("settled", "now", "difference")
    )
    if found["score"]:
        yield found["score"]["points"]
    yield from texts_of_what_was_said(found)


def texts_of_what_was_said(found):
    for each in found["claims"]:
        yield from (local(each[key]) for key in ("from", "to", "at"))
        yield local(each["ruling"]["at"]) if each["ruling"] else "尚未裁定"
    for each in found["maintenance"]:
        yield from (local(each[key]) for key in ("from", "to", "announced_at"))


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
@pytest.mark.parametrize("name", MONTHS)
def test_the_numbers_of_the_json_stand_in_every_form(name, form):
    found = all_text(name, form)
    wanted = list(texts_from_json(months.as_json(made(name)[0])))
    assert [text for text in wanted if squeezed(text) not in found] == []


def test_the_rich_month_is_rich():
    found = months.as_json(made("rich")[0])
    assert {each["kind"] for each in found["obligations"]} == {"availability", "repair", "inspection"}
    assert len(found["incidents"]) > 4
    assert found["adjustments"][0]["items"]
    assert {item["verdict"] for each in found["obligations"] for item in each["items"]} >= {
        "met",
        "breached",
        "missed",
        "late",
    }


def test_a_month_that_nobody_saw_is_called_not_assessable_and_never_met():
    document = made("blind")[1]
    assert document.tone == "not_assessable"
    assert "无法判定" in squeezed("".join(texts_of(document)))
    (clauses,) = [
        block for block in document.blocks if isinstance(block, Grid) and {"条款", "结论"} <= {*block.columns}
    ]
    assert clauses.rows
    assert "合格" not in texts(clauses, "结论")


def test_grades_belong_to_the_score_alone():
    """优良中差 stand with the score; no row of a clause says them."""
    for block in made("rich")[1].blocks:
        if isinstance(block, Grid) and block.tones:
            assert not {cell for row in block.rows for cell in row if cell in ("优", "良", "中", "差")}


def formulas(name):
    with_formulas, with_values = (xlsx_book(shown(name, "xlsx"), values=values) for values in (False, True))
    for sheet in with_formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, cell.value, with_values[sheet.title]


def test_formulas_already_hold_the_value_that_they_come_to():
    found = list(formulas("rich"))
    told = months.as_json(made("rich")[0])["payment"]
    by_name = {}
    for _, place, formula, sheet in found:
        value = sheet[place].value
        if formula.startswith("=SUM("):
            first, last = formula[5:-1].split(":")
            cells = [row[0].value for row in sheet[f"{first}:{last}"]]
            in_days = [each.total_seconds() / 86_400 if isinstance(each, dt.timedelta) else each for each in cells]
            whole = value.total_seconds() / 86_400 if isinstance(value, dt.timedelta) else value
            assert math.isclose(sum(in_days), whole, abs_tol=1e-7)
        by_name[formula.rstrip("0123456789")[:5]] = value
    values = {
        round(float(sheet[place].value), 2) for _, place, formula, sheet in found if not formula.startswith("=SUM")
    }
    assert {float(told[name]) for name in ("earned", "deductions", "payable", "due")} <= values


def test_text_that_begins_like_a_formula_stays_text():
    own = {"=SUM(", "=ROUN", "=MIN(", "=MAX("}
    for _, _, formula, _ in formulas("hostile"):
        assert formula[:5] in own or formula[1].isalpha()
        assert "HYPERLINK" not in formula
    book = xlsx_book(shown("hostile", "xlsx"), values=False)
    texts = {
        cell.value: cell.data_type
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    assert texts['+1+1 =HYPERLINK("http://x","y")'] == "s"
    assert texts["@SUM(A1) -2+3"] == "s"


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf", "text"])
@pytest.mark.parametrize("name", ["rich", "hostile"])
def test_two_runs_give_the_same_bytes(name, form):
    again = laid_out(form, monthly_document(MONTHS[name](), "zh"))
    assert again == shown(name, form)


def test_every_style_of_the_word_processor_names_a_chinese_font():
    import docx
    from docx.oxml.ns import qn

    word = docx.Document(io.BytesIO(shown("rich", "docx")))
    for style in word.styles:
        if hasattr(style, "font"):
            fonts = style.element.rPr.rFonts
            assert fonts.get(qn("w:eastAsia"))
            assert fonts.get(qn("w:eastAsiaTheme")) is None
    tables = word.tables
    assert len(tables) > 15
    for table in tables:
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    heads = [table for table in tables if table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None]
    assert len(heads) >= len([block for block in made("rich")[1].blocks if isinstance(block, Grid) and block.rows])


def test_tables_of_the_word_processor_are_tables_and_pictures_are_pictures():
    import docx

    word = docx.Document(io.BytesIO(shown("rich", "docx")))
    pictures = [block for block in made("rich")[1].blocks if type(block).__name__ == "Picture"]
    assert len(word.inline_shapes) == len(pictures) > 3
    assert word.tables[2].cell(0, 1).text == "金额（CNY）"
