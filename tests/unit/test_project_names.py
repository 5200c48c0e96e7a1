"""Files, folders and modules that docs, docstrings and comments name are there: a move that forgets one makes this red."""

from __future__ import annotations

import importlib
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOMES = "agent|bench|config|docs|probes|sla|systemd|tests"
READ = (".py", ".md", ".toml", ".service", ".conf", ".sh")
ELSEWHERE = ("CHANGELOG.md",)
"""What was there when it was written."""
MEANT = {
    "bench/NAME.py": "any benchmark",
    "agent/systemd": "where the wheel puts the units",
    "config/text/phrases.py": "what may not come back",
}
"""What is named although the repository has none of that name."""
_PATH = re.compile(rf"(?<![\w/.@$-])(?:{HOMES})/[\w./*-]*[\w*/]")
_PLACE = re.compile(r"<\w+>")
"""Stands for any name, as in sla/obligations/<kind>.py."""
_DOTTED = re.compile(r"`((?:agent|config|probes|sla)(?:\.(?!po`)\w+)+)(?:\(\))?`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@cache
def listed() -> tuple[str, ...]:
    found = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return tuple(name for name in found if (ROOT / name).is_file())


def texts():
    for name in listed():
        if (
            name.endswith(READ)
            and name not in ELSEWHERE
            and not name.startswith(("tests/golden/", "tests/unit/test_project_"))
        ):
            yield name, (ROOT / name).read_text(encoding="utf-8")


def is_there(path: str) -> bool:
    return any(True for _ in ROOT.glob(path)) if "*" in path else (ROOT / path.rstrip("/")).exists()


def test_every_path_that_is_named_is_there():
    named = {(name, path) for name, text in texts() for path in _PATH.findall(_PLACE.sub("*", text))}
    assert [(name, path) for name, path in sorted(named) if path not in MEANT and not is_named(path)] == []


def is_named(path: str) -> bool:
    """Whether it is there, or would be with the ending that prose leaves out."""
    return any(is_there(path + ending) for ending in ("", ".py", ".md"))


def test_every_module_that_is_named_is_there():
    named = {(name, dotted) for name, text in texts() for dotted in _DOTTED.findall(text)}
    assert [(name, dotted) for name, dotted in sorted(named) if not found(dotted)] == []


@cache
def found(dotted: str) -> bool:
    """A module, or something in one, or a field of a class in one."""
    parts = dotted.split(".")
    for size in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        for part in parts[size:]:
            if not hasattr(value, part):
                return part in getattr(value, "__annotations__", {})
            value = getattr(value, part)
        return True
    return False


@pytest.mark.parametrize("name", [name for name in listed() if name.endswith(".md")])
def test_every_link_of_a_document_leads_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    home = (ROOT / name).parent
    assert [link for link in _LINK.findall(text) if not (home / link).exists()] == []
