from decimal import Decimal

import pytest

from sla.reports.layout.document import (
    Boxes,
    Bullets,
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    spans,
    text_of,
)
from sla.reports.layout.forms import FORMS, laid_out

EVIL = "<b>=SUM(A1)[bold]"
WHOLE = Document(
    title=f"纸 {EVIL}",
    subtitle="副题",
    language="zh",
    marks=("演练数据",),
    blocks=(
        Heading(1, "一、总则", anchor="one"),
        Heading(2, "(一) 细则"),
        Paragraph(f"正文 {EVIL}"),
        Paragraph("小字", "note"),
        Facts((("甲方", EVIL), ("应付", Figure(text="1,200.00", value=Decimal("1200.00"), form="money")))),
        Bullets(("先", "后"), numbered=True),
        Bullets(("点",)),
        Grid(
            title="表",
            columns=("一级", "二级", "值"),
            rows=(("产出", "数量", "1"), ("产出", "质量", "2"), ("效益", "质量", "3"), ("合计", "", "6")),
            tones=("met", "breached", "", ""),
            right=frozenset({2}),
            merged=frozenset({0, 1}),
            total=True,
            widths=(1, 1, 2),
            note="注",
        ),
        Grid(title="空表", columns=("甲",), rows=()),
        Grid(columns=("乙",), rows=()),
        Picture(title="图", svg='<svg xmlns="http://www.w3.org/2000/svg"></svg>', words="一条线"),
        Picture(title="图二", svg="<svg></svg>", words=""),
        PageBreak(),
        Boxes(("甲方（盖章）", "乙方（盖章）")),
    ),
    foot=("合同 T-1",),
)


def test_like_cells_of_a_merged_column_are_one_tall_cell_but_not_across_a_change_before_them():
    grid = next(block for block in WHOLE.blocks if isinstance(block, Grid))
    assert spans(grid, 0) == (2, 0, 1, 1)
    assert spans(grid, 1) == (1, 1, 1, 1)  # 质量 under 产出 is not 质量 under 效益
    assert spans(grid, 2) == (1, 1, 1, 1)


def test_a_cell_is_read_as_its_text():
    assert text_of("a") == "a"
    assert text_of(Figure(text="1.5", value=Decimal("1.5"))) == "1.5"


@pytest.mark.parametrize("form", sorted(set(FORMS) & {"text", "html"}))
def test_every_word_of_a_paper_is_in_the_forms_that_are_text(form):
    text = laid_out(form, WHOLE)
    assert isinstance(text, str)
    for word in ("一、总则", "小字", "1,200.00", "空表", "产出", "注", "图", "甲方（盖章）", "合同 T-1", "演练数据"):
        assert word in text, word


def test_markup_in_a_name_is_shown_and_not_obeyed():
    page, text = laid_out("html", WHOLE), laid_out("text", WHOLE)
    assert "<b>" not in page
    assert page.count("&lt;b&gt;=SUM(A1)[bold]") == 4  # title twice, paragraph, fact
    assert EVIL in text


def test_a_tall_cell_is_written_once():
    page = laid_out("html", WHOLE)
    assert page.count(">产出</td>") == 1
    assert 'rowspan="2">产出' in page


def test_a_form_is_the_same_bytes_twice():
    for form in FORMS:
        assert laid_out(form, WHOLE) == laid_out(form, WHOLE)


def test_a_document_without_anything_is_a_title():
    empty = Document(title="t", language="en")
    assert laid_out("text", empty) == "t\n"
    assert "<footer>" not in laid_out("html", empty)
