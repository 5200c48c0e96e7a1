"""Names and docstrings keep the habits of the house: the field's words, no two classes of one name, nothing leaning."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for package in ("agent", "config", "probes", "sla") for path in (ROOT / package).rglob("*.py"))
MOST_FILES = 26
HOUSE_WORDS = frozenset(
    [
        "look",
        "looks",
        "looked",
        "told",
        "tell",
        "tells",
        "teller",
        "said",
        "belief",
        "believed",
        "attention",
        "courier",
        "duties",
        "further",
        "misc",
        "helper",
        "helpers",
        "util",
        "utils",
        "manager",
    ]
)
"""Words that only their author understands, or that say nothing: in no name of a file, class or function."""
EMPTY_WORDS = HOUSE_WORDS | {"common", "other", "others", "base", "room", "door", "flight"}
"""In no name of a file or class; a function may ask for the other one."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LEANING = re.compile(r"(?:Likewise|The same|As above|See above|Ditto|Same)\b")


def words_of(name):
    return set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower()))


def defined(*kinds):
    """(file, definition) of all of these kinds, however deep."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kinds):
                yield str(path.relative_to(ROOT)), node


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("HttpRequest", {"http", "request"}),
        ("_look_at", {"look", "at"}),
        ("SNMP", {"s", "n", "m", "p"}),
        ("x2", {"x"}),
    ],
)
def test_a_name_is_read_word_by_word(name, words):
    assert words_of(name) == words


def test_names_of_files_and_classes_are_words_of_the_field():
    files = [str(path.relative_to(ROOT)) for path in FILES if words_of(path.stem) & EMPTY_WORDS]
    classes = [(place, node.name) for place, node in defined(ast.ClassDef) if words_of(node.name) & EMPTY_WORDS]
    assert (files, classes) == ([], [])


def test_names_of_functions_are_words_of_the_field():
    assert [(place, node.name) for place, node in defined(*FUNCTIONS) if words_of(node.name) & HOUSE_WORDS] == []


def test_no_two_classes_have_one_name():
    homes = defaultdict(list)
    for place, node in defined(ast.ClassDef):
        homes[node.name].append(place)
    assert {name: found for name, found in homes.items() if len(found) > 1 and name != "Options"} == {}


def test_no_folder_is_too_full_to_be_seen_at_once():
    counted = Counter(str(path.parent.relative_to(ROOT)) for path in FILES)
    assert {folder: count for folder, count in counted.items() if count > MOST_FILES} == {}


def test_each_docstring_is_complete_without_the_one_above():
    every = defined(ast.Module, ast.ClassDef, *FUNCTIONS)
    assert [
        (place, getattr(node, "name", "")) for place, node in every if LEANING.match(ast.get_docstring(node) or "")
    ] == []
