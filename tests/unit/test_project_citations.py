"""Every rule that code, tests or docs cite by a number is written down in the repository, under that number."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOKS = r"RFC \d{4}|ONVIF core|ITU-T H\.26[45]|XML Schema part 2|GB/T [\d.]+"
"""Standards that anybody can look up."""
CITING = (".py", ".md", ".po", ".toml", ".typ")


@cache
def listed() -> tuple[str, ...]:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return tuple(name for name in names if name.endswith(CITING) and (ROOT / name).is_file())


@cache
def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sections(name: str) -> set[str]:
    """The numbers of a document's headings of the second level."""
    return set(re.findall(r"^## (\d+)\.", text_of(name), re.MULTILINE))


def rows(name: str) -> list[str]:
    """What stands in the first column of a document's tables."""
    return re.findall(r"^\| ?([A-Z]\d+) \|", text_of(name), re.MULTILINE)


def cited(pattern: str, names: tuple[str, ...] | None = None) -> dict[str, str]:
    """Number → a place that cites it. A citation may go on over the end of a line."""
    found = {}
    for name in listed() if names is None else names:
        for match in re.finditer(pattern, re.sub(r"\n[\s#>*]*", " ", text_of(name))):
            found |= dict.fromkeys(re.findall(r"\d+", match["numbers"]), name)
    return found


SPAN = r"(?P<numbers>{letter}\d+(?:(?:,| and| to| or|, and)? {letter}\d+)*)"


@pytest.mark.parametrize(
    ("letter", "word", "named", "book", "last"),
    [
        ("B", r"[Bb]ounds? (?:\(|of )?", r"def test_b(?P<numbers>\d+)_", "docs/bounds.md", 14),
        ("X", r"[Aa]ttacks? (?:\()?", r"def test_x(?P<numbers>\d+)_", "docs/attacks.md", 44),
        ("T", r"(?<!\w)", r"def test_t0*(?P<numbers>\d+)_", "docs/peers.md", 42),
    ],
)
def test_every_bound_attack_and_peer_that_is_cited_is_in_its_table(letter, word, named, book, last):
    assert [each for each in rows(book) if each[0] == letter] == [
        f"{letter}{number}" for number in range(1, last + 1)
    ]
    peers = tuple(name for name in listed() if name.startswith(("tests/golden/test_peers", "docs/peers")))
    found = cited(word + SPAN.format(letter=letter), peers if letter == "T" else None) | cited(named)
    assert found
    assert {number: place for number, place in found.items() if not 1 <= int(number) <= last} == {}


def test_the_rows_about_silence_are_there():
    assert [each for each in rows("docs/bounds.md") if each[0] == "S"] == ["S1", "S2", "S3", "S4", "S5"]
    assert set(cited(r"docs/bounds\.md,? " + SPAN.format(letter="S"))) <= set("12345")


def test_every_section_that_is_cited_is_in_its_document():
    """`SPEC §7`, `docs/obligations.md §2`, `RFC 2435 §4.2`; a number without a book is SPEC's."""
    known = {"SPEC": sections("docs/SPEC.md"), "obligations": sections("docs/obligations.md")}
    assert known == {book: {str(n) for n in range(len(found))} for book, found in known.items()}, (
        "a section is missing"
    )
    assert len(known["SPEC"]) == 11
    wrong = []
    for name in listed():
        text = re.sub(r"\n[\s#>*|]*", " ", text_of(name))
        last, book = -99, ""
        for match in re.finditer(r"§ ?([\w.]*\w)", text):
            before = text[max(0, match.start() - 40) : match.start()]
            if re.search(rf"(?:{BOOKS}) ?$", before):
                book = "elsewhere"
            elif match.start() - last > len(", and "):  # otherwise it goes on in the same book
                book = "obligations" if re.search(r"obligations(?:\.md)?[`)]* ?$", before) else "SPEC"
                bare = not re.search(r"SPEC(?:\.md)?[`)]* ?$", before)
                book = "obligations" if bare and name == "docs/obligations.md" else book
            last = match.end()
            if book != "elsewhere" and match[1] not in known[book]:
                wrong.append(f"{name}: {before}{match[0]}")
    assert "\n".join(wrong) == ""


def test_every_decision_that_is_cited_is_there_and_none_is_missing():
    there = {path.name[:4]: path for path in (ROOT / "docs/adr").glob("0*.md")}
    assert sorted(there) == [f"{number:04d}" for number in range(1, len(there) + 1)]
    assert set(cited(r"(?:ADR |adr/)(?P<numbers>\d{4})")) <= set(there)
    index = text_of("docs/adr/README.md")
    for number, path in there.items():
        heading = re.match(r"# 0*(\d+)\.? (.+)\n", path.read_text(encoding="utf-8"))
        assert heading is not None
        assert heading[1] == str(int(number))
        assert f"| [{number}]({path.name}) | {heading[2]} |" in index


def test_no_rule_is_cited_whose_book_is_not_here():
    """The names of notes that the repository does not hold."""
    gone = re.compile("HO" + r"USE\b|\bdom" + r"ain §|\breli" + r"ability (?:bound|table)|\bper" + r"f §|\bpeers §")
    assert [name for name in listed() if gone.search(text_of(name))] == []


def value_of(dotted: str) -> object:
    from importlib import import_module

    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)


def test_the_numbers_that_the_bounds_name_are_those_of_the_code():
    units = {"": 1, " KiB": 1 << 10, " MiB": 1 << 20, " s": 1}
    found = re.findall(r"`([a-z_.0-9]+\.[A-Z_]+)` \(([\d,]+)( KiB| MiB| s|)\)", text_of("docs/bounds.md"))
    assert len(found) >= 15
    for dotted, number, unit in found:
        assert value_of(dotted) == int(number.replace(",", "")) * units[unit], dotted
