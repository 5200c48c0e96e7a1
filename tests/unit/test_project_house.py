"""The habits of the house, held by a test: short functions, short files, nothing unfinished, whole catalogues."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUES = ("sla.po", "handbook.po", "reasons.po")
PACKAGES = ("agent", "config", "probes", "sla")
FILES = sorted(path for package in (*PACKAGES, "tests", "bench") for path in (ROOT / package).rglob("*.py"))
FORBIDDEN = ROOT / "tests" / "forbidden.toml"
LONGEST_FUNCTION = 60
LONGEST_FILE = 400


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_or_function_is_too_long_to_be_read_at_once(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= LONGEST_FUNCTION, node.name


def listed() -> list[Path]:
    """Every file of the project that is text, but the one that names what is forbidden."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    paths = [ROOT / name for name in names]
    return [path for path in paths if path != FORBIDDEN and path.is_file() and path.suffix not in (".png", ".pdf")]


@pytest.mark.parametrize("what", ["unfinished", "places"])
def test_no_file_has_what_is_forbidden(what):
    pattern = re.compile("|".join(tomllib.loads(FORBIDDEN.read_text(encoding="utf-8"))[what]))
    for path in listed():
        found = pattern.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{path.relative_to(ROOT)}: {found}"


def refusals() -> set[str]:
    """The names of all our exceptions that carry a sentence, whose first argument is a message."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    found = {"RefusalError"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


def test_every_word_for_people_has_its_chinese():
    known = set()
    for name in CATALOGUES:
        with (ROOT / "config/text/locale/zh_CN/LC_MESSAGES" / name).open("rb") as file:
            known |= {message.id for message in read_po(file) if message.id and message.string}
    asked = set()
    for package in PACKAGES:
        keywords = dict.fromkeys(("say", "in_language", "Sentence", "wanted", *refusals()))
        for _, _, message, _, _ in extract_from_dir(str(ROOT / package), keywords=keywords):
            asked.add(message)
    assert sorted(asked - known) == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_the_catalogue_says_everything_once(name):
    text = (ROOT / "config/text/locale/zh_CN/LC_MESSAGES" / name).read_text(encoding="utf-8")
    said = [line for line in text.splitlines() if line.startswith("msgid ")]
    assert sorted(line for line in set(said) if said.count(line) > 1) == []
