"""No code reads a sentence to decide, and none is recognised by a pattern: the old means are not in the packages."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

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
PARTS = {"got", "wanted", "hint", "sentence", "template", "reason"}
"""What mistakes, refusals, sentences and readings carry for people."""
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


def scopes(tree: ast.AST) -> list[list[ast.AST]]:
    """The nodes of each function, and of the module without its functions."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = [list(ast.walk(each)) for each in functions]
    apart = {id(node) for each in inside for node in each}
    return [*inside, [node for node in ast.walk(tree) if id(node) not in apart]]


def bound(scope: list[ast.AST], is_such: Callable[[ast.expr], bool]) -> set[str]:
    """The names that this scope gives to such a value."""
    given = [node for node in scope if isinstance(node, ast.Assign) and is_such(node.value)]
    return {target.id for node in given for target in node.targets if isinstance(target, ast.Name)}


def fed_with_text(tree: ast.AST) -> list[int]:
    """Lines where a translator is given a text that was put together, and not a message."""
    found: set[int] = set()
    for scope in scopes(tree):
        names = bound(scope, made_of_text)
        for node in scope:
            if isinstance(node, ast.Call) and name_of(node) in TRANSLATORS and node.args:
                first = node.args[0]
                if made_of_text(first) or (isinstance(first, ast.Name) and first.id in names):
                    found.add(node.lineno)
    return sorted(found)


def comparisons(tree: ast.AST) -> list[int]:
    """Lines where a part of a mistake, or the text of an error, is compared with a text or searched in."""
    found: set[int] = set()
    for scope in scopes(tree):
        names = bound(scope, is_sentence)
        for node in scope:
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                if any(is_text(each) for each in sides) and any(is_sentence(each, names) for each in sides):
                    found.add(node.lineno)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and name_of(node) in SPLITTERS:
                found |= {node.lineno} if is_sentence(node.func.value, names) else set()
    return sorted(found)


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)


def is_sentence(node: ast.expr, names: Collection[str] = ()) -> bool:
    """Whether it is words for people: a part of a mistake, what an error says, or a name for one of these."""
    if isinstance(node, ast.Call) and name_of(node) == "str" and node.args:
        return is_sentence(node.args[0], names) or (isinstance(node.args[0], ast.Name) and node.args[0].id == "error")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "text":
        languages = [each.value for each in node.args if isinstance(each, ast.Constant)]
        return is_sentence(node.func.value, names) or bool({"en", "zh"} & set(languages)) or in_words(node.func.value)
    if isinstance(node, ast.Name):
        return node.id in names
    return isinstance(node, ast.Attribute) and node.attr in PARTS


def in_words(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"error", "sentence", "refusal", "mistake"}


WORD_FOR_WORD = "config/text/reasons.py"
"""Evidence keeps text alone: whole words of a detail are looked up, never a pattern of them (ADR 0014)."""


@ours([path for path in FILES if not path.match(WORD_FOR_WORD)])
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
        "x = f'{y}'; say(x)",
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
        "'no circle' in error.text('en')",
        "why = error.text('en'); why == 'no circle'",
        "message = str(error); message.startswith('no')",
        "sentence.template == 'no circle'",
        "seen.reason == 'no answer'",
        "seen.reason.startswith('no answer')",
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
