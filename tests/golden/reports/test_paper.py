"""The pages themselves: fonts, archive format, heads and numbers of pages, nothing broken out of its place."""

from __future__ import annotations

import re
import subprocess
from functools import cache

import pytest

from sla.reports.layout import fonts, typeset
from sla.reports.layout.forms import laid_out
from sla.reports.monthly.document import monthly_document
from tests.support.reports import months
from tests.support.reports.texts import pdf_text, squeezed


@cache
def shown(name, form, language="zh"):
    return laid_out(form, monthly_document(getattr(months, name)(), language))


@pytest.fixture
def fresh_fonts(monkeypatch):
    """Fonts are looked for anew, in this test and after it."""
    typeset._faces.cache_clear()
    yield monkeypatch
    typeset._faces.cache_clear()


def embedded(pdf):
    """(name, is embedded) of every font."""
    found = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True, text=False)
    lines = found.stdout.decode().splitlines()[2:]
    return [(line.split()[0], line.split()[-5] == "yes") for line in lines]


@pytest.mark.needs("pdffonts")
@pytest.mark.parametrize("name", ["rich", "empty", "hostile"])
def test_every_font_is_embedded(name):
    found = embedded(shown(name, "pdf"))
    assert found
    assert all(is_embedded for _, is_embedded in found)


@pytest.mark.parametrize("name", ["rich", "empty", "hostile"])
def test_the_pdf_says_that_it_is_for_the_archive(name):
    pdf = shown(name, "pdf")
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>", pdf)
    assert re.search(rb"<pdfaid:conformance>B</pdfaid:conformance>", pdf)
    assert b"/JavaScript" not in pdf
    assert b"/Encrypt" not in pdf


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize(("language", "words"), [("zh", "第{n}页共{m}页"), ("en", "Page{n}of{m}")])
def test_every_page_names_contract_month_mark_and_its_number(language, words):
    pages = pdf_text(shown("rich", "pdf", language)).rstrip("\f").split("\f")
    assert len(pages) > 8
    for number, page in enumerate(pages, 1):
        text = squeezed(page)
        assert words.format(n=number, m=len(pages)) in text
        for told in ("ZH-2026-OM", "2026-10", months.MARK[:23]):
            assert told in text


@pytest.mark.needs("pdftotext")
def test_heads_of_tables_repeat_on_the_next_page():
    big = laid_out("pdf", monthly_document(months.basis(months.big_month(cameras=90, outages=3)), "zh"))
    pages = [squeezed(page) for page in pdf_text(big).split("\f")]
    with_rows = [page for page in pages if re.search(r"cam-00\d\d9", page) and "天" in page and "无观测" not in page]
    assert len(with_rows) > 1
    assert all("原始值" in page for page in with_rows)


@pytest.mark.needs("pdftotext")
def test_boxes_to_sign_stand_empty():
    last = squeezed(pdf_text(shown("rich", "pdf")).rstrip("\f").split("\f")[-1])
    for who in ("甲方", "乙方", "监理", "验收组"):
        assert f"{who}盖章：代表签字：日期：" in last


@pytest.mark.needs("pdftotext")
def test_a_character_that_no_font_has_stands_as_its_code():
    rare, emoji = "\U0002a6d6", "\U0001f4f7"
    found = squeezed(pdf_text(shown("hostile", "pdf")))
    for each in (rare, emoji):
        assert each in found or f"\\U{ord(each):08x}" in found
    assert fonts.lacking("验收\U000e0001", fonts.files()) == {"\U000e0001"}


def test_without_any_chinese_font_the_one_command_to_mend_it_is_told(fresh_fonts):
    fresh_fonts.setattr(fonts, "DEBIAN", ())
    fresh_fonts.setattr(fonts, "find_spec", lambda _: None)
    with pytest.raises(typeset.TypesetError, match="apt-get install fonts-noto-cjk"):
        typeset.coverage()


def test_a_directory_of_ones_own_comes_first(fresh_fonts, tmp_path):
    there = fonts.files()[0]
    own = tmp_path / "own" / f"own{there.suffix}"
    own.parent.mkdir()
    own.write_bytes(there.read_bytes())
    (tmp_path / "own" / "broken.ttf").write_bytes(b"no font at all")
    fresh_fonts.setenv(fonts.DIRECTORY, str(tmp_path / "own"))
    assert fonts.files() == (tmp_path / "own" / "broken.ttf", own)


@pytest.mark.needs("pdffonts")
def test_the_wheel_alone_is_enough(fresh_fonts):
    fresh_fonts.setattr(fonts, "DEBIAN", ())
    pdf = laid_out("pdf", monthly_document(months.empty(), "zh"))
    names = [name for name, is_embedded in embedded(pdf) if is_embedded]
    assert names
    assert all("NotoSansSC" in name for name in names)


SEEN = """() => ({
  broad: document.documentElement.scrollWidth,
  text: document.body.innerText,
  beyond: [...document.querySelectorAll('h1,h2,h3,p,dd,li,.boxes div')]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length,
})"""


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("name", ["rich", "hostile"])
@pytest.mark.parametrize("breadth", [390, 1280])
async def test_the_page_keeps_to_a_phone_and_to_a_desk(name, breadth, tmp_path):
    from playwright.async_api import async_playwright

    path = tmp_path / "report.html"
    path.write_text(shown(name, "html"), encoding="utf-8")
    asked, told = [], []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": breadth, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: told.append(dialog.message))
        await page.goto(path.as_uri())
        seen = await page.evaluate(SEEN)
        await browser.close()
    assert seen["broad"] <= breadth
    assert seen["beyond"] == 0
    assert asked == [path.as_uri()]
    assert told == []
    wanted = [
        f"{amount:,}"
        for amount in (getattr(getattr(months, name)().judgement.payment, key) for key in ("fee", "due"))
    ]
    assert all(text in seen["text"] for text in wanted)
