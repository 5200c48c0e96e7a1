"""No code reads a sentence to decide, and none is recognised by a pattern: the old means are not in the packages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "config", "probes", "sla")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
RECOGNISERS = {"phrase_in", "told_in", "PHRASES"}
TRANSLATORS = {
    "in_language",
    "gettext",
    "say",
    "Sentence",
    "wanted",
    "UsageError",
    "RefusalError",
    "WantedError",
    "MalformedError",
}
PARTS = {"got", "wanted", "hint", "sentence"}
"""What mistakes and refusals carry for people."""
SPLITTERS = {"startswith", "endswith", "removeprefix", "removesuffix", "partition"}
MATCHERS = {"compile", "match", "fullmatch", "search", "sub"}


def nodes(path: Path, kind):
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kind)]


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def ours(paths=FILES):
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


def test_nothing_is_left_that_recognises_our_own_english():
    assert not (ROOT / "config/text/phrases.py").exists()
    for path in FILES:
        used = {node.id for node in nodes(path, ast.Name)} | {node.name for node in nodes(path, ast.FunctionDef)}
        assert not used & RECOGNISERS, path


def made_of_text(node: ast.expr) -> bool:
    """Whether it is put together at run time, or is what an error says: nothing that a catalogue could hold."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return not all(isinstance(each, ast.Constant) for each in (node.left, node.right))
    if isinstance(node, ast.Call):
        return name_of(node) in {"format", "join", "text"} or (
            name_of(node) in {"str", "repr"} and isinstance(node.args[0], ast.Name)
        )
    return False


def fed_with_text(tree: ast.AST) -> list[int]:
    """Lines where a translator is given a text that was put together, and not a message."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node) in TRANSLATORS and node.args and made_of_text(node.args[0])
    ]


def comparisons(tree: ast.AST) -> list[int]:
    """Lines where a part of a mistake, or the text of an error, is compared with a text or searched in."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            texts = [
                each
                for each in sides
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value
            ]
            if texts and any(is_sentence(each) for each in sides):
                found.append(node.lineno)
        if isinstance(node, ast.Call) and name_of(node) in SPLITTERS and isinstance(node.func, ast.Attribute):
            found += [node.lineno] * is_sentence(node.func.value)
    return found


def is_sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and name_of(node) == "str" and node.args:
        return is_sentence(node.args[0]) or (isinstance(node.args[0], ast.Name) and node.args[0].id == "error")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "text":
        return is_sentence(node.func.value)
    return isinstance(node, ast.Attribute) and node.attr in PARTS


@ours()
def test_no_translator_is_fed_with_a_text_that_was_put_together(path):
    assert fed_with_text(ast.parse(path.read_text(encoding="utf-8"))) == []


@ours()
def test_no_part_of_a_mistake_and_no_error_s_text_is_compared(path):
    assert comparisons(ast.parse(path.read_text(encoding="utf-8"))) == []


TRANSLATING = [
    path for path in FILES if re.search(r"config\.text\.(i18n|sentence)", path.read_text(encoding="utf-8"))
]


@ours(TRANSLATING)
def test_who_translates_has_no_pattern_that_was_made_of_a_message(path):
    for call in nodes(path, ast.Call):
        if name_of(call) in MATCHERS and getattr(getattr(call.func, "value", None), "id", "") == "re":
            made = [each for each in ast.walk(call.args[0]) if isinstance(each, ast.JoinedStr | ast.Call)]
            assert made == [], f"line {call.lineno}"


@pytest.mark.parametrize(
    "wrong",
    [
        "in_language(str(error), language)",
        "in_language(f'{key}: missing', language)",
        "say('one of ' + ', '.join(names))",
        "raise UsageError(str(error))",
        "raise UsageError(f'--month: {error}')",
        "wanted('{}'.format(x))",
        "Sentence(' '.join(words))",
    ],
)
def test_the_test_knows_a_translator_that_is_fed_with_text(wrong):
    assert fed_with_text(ast.parse(wrong)) == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        "mistake.got == 'nothing'",
        "'at_most' in mistake.wanted",
        "'at_most' in str(mistake.wanted)",
        "str(error) == 'no circle'",
        "mistake.wanted.removeprefix('one of ')",
        "error.sentence.text() == 'a list'",
    ],
)
def test_the_test_knows_a_sentence_that_is_compared(wrong):
    assert comparisons(ast.parse(wrong)) == [1]


@pytest.mark.parametrize(
    "right",
    [
        "mistake.code == 'missing'",
        "mistake.got == ''",
        "raise UsageError('a list')",
        "say('{x}', x=f'{y}')",
        "text == 'x'",
    ],
)
def test_the_test_lets_pass_what_is_right(right):
    assert comparisons(ast.parse(right)) == fed_with_text(ast.parse(right)) == []
