"""Draws the sample pictures of docs/reports.md from the rich month of the tests.

    .venv/bin/python docs/samples/make.py

Needs pdftoppm (poppler-utils), chromium, and soffice (libreoffice) for the pages of DOCX and XLSX.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from sla.reports.layout.forms import laid_out  # noqa: E402
from sla.reports.monthly.document import monthly_document  # noqa: E402
from tests.support.reports.months import rich  # noqa: E402

COLOURS = 24


def main() -> None:
    """Every picture, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        document = monthly_document(rich(), "zh")
        for form in ("pdf", "docx", "xlsx", "html"):
            content = laid_out(form, document)
            (place / f"sample.{form}").write_bytes(content.encode() if isinstance(content, str) else content)
        for number in (1, 2, 3, 4):
            picture(place / "sample.pdf", number, f"pdf-{number}")
        for form, number in (("docx", 2), ("xlsx", 2)):
            out = place / form
            subprocess.run(
                ["soffice", "--headless", "--convert-to", "pdf", "--outdir", out, place / f"sample.{form}"],
                check=True,
                capture_output=True,
            )
            picture(out / "sample.pdf", number, form)
        for breadth in (390, 1280):
            page(place / "sample.html", breadth)


def picture(pdf: Path, number: int, name: str) -> None:
    """One page of a PDF."""
    out = pdf.with_name(name)
    subprocess.run(
        ["pdftoppm", "-r", "80", "-f", str(number), "-l", str(number), "-singlefile", "-png", pdf, out], check=True
    )
    small(Image.open(out.with_suffix(".png")), name)


def page(html: Path, breadth: int) -> None:
    """The top of the page in a browser of that breadth."""
    out = html.with_suffix(".png")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": breadth, "height": 860})
        shown.goto(html.as_uri())
        shown.screenshot(path=str(out))
        browser.close()
    small(Image.open(out), f"html-{breadth}")


def small(image: Image.Image, name: str) -> None:
    """Kept with few colours, which text needs no more of."""
    image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
