"""No test has a margin in real time: what is waited for has all the time that only a hang takes (tests/support/patience.py).

A number that is short is the time-out which the test is about: what comes of it is the same however late. Between the two
there is nothing: a number of some seconds is what a busy machine takes.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHORT_S = 4
SUBJECT = "simulated_time"
"""A file whose time is not real may write what it likes."""
FILES = [path for path in sorted((ROOT / "tests").rglob("*.py")) if SUBJECT not in path.read_text(encoding="utf-8")]
WAITS = {"wait_for": 1, "timeout": 0, "wait": 0, "join": 0, "Deadline": 0, "settimeout": 0}
"""What is called → the place of its seconds."""


def number(node: ast.expr | None) -> float:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int | float) else 0


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def margins(source: str) -> list[int]:
    """Lines on which somebody waits for a number of seconds that load can reach."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        given = {each.arg: number(each.value) for each in node.keywords}
        place = WAITS.get(called(node))
        seconds = number(node.args[place]) if place is not None and len(node.args) > place else 0
        if max(seconds, given.get("timeout", 0), given.get("timeout_s", 0)) > SHORT_S:
            found.append(node.lineno)
        if called(node) == "timeout" and seconds > 0:  # a wall around a piece of a test
            found.append(node.lineno)
    return sorted(set(found))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_waited_for_with_a_margin_that_load_can_reach(path):
    assert margins(path.read_text(encoding="utf-8")) == []


def test_processor_time_is_what_a_price_is_measured_in():
    """Wall time is read to wait, or for a lower bound; a price that is held below something is processor time."""
    below = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare):
                first, sign = node.test.left, node.test.ops[0]
                text = ast.unparse(first)
                if isinstance(sign, ast.Lt | ast.LtE) and ("monotonic()" in text or "perf_counter()" in text):
                    below.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert below == []


@pytest.mark.parametrize(
    ("line", "is_margin"),
    [
        ("await asyncio.wait_for(task, 10)", True),
        ("await asyncio.wait_for(task, PATIENCE_S)", False),
        ("async with asyncio.timeout(1): pass", True),
        ("await probe(address, options, timeout_s=5)", True),
        ("await probe(address, options, timeout_s=1)", False),
        ("subprocess.run(command, timeout=60)", True),
        ("event.wait(20)", True),
        ("event.wait()", False),
        ("stream(endpoint, Deadline(30))", True),
        ("'.'.join(names)", False),
    ],
)
def test_a_margin_is_known(line, is_margin):
    source = f"async def test():\n    {line}\n"
    assert margins(source) == ([2] if is_margin else [])
