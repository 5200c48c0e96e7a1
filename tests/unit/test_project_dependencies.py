"""What is imported is declared, and what is declared is imported: the lock then holds what the code needs, by right."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("agent", "config", "probes", "sla")
NOT_IMPORTED = {
    "tzdata": "zoneinfo reads it where a machine has no zone files",
}
OF_ANOTHER = {
    "pydantic-core": "pydantic: which pins it to one release, and tells to import its errors from it",
}
TOOLS = {
    "editables", "hatchling", "import-linter", "mypy", "pytest-asyncio", "pytest-cov", "pytest-randomly", "pytest-xdist",
    "pysmi", "ruff", "snmpsim", "types-openpyxl",
}  # fmt: skip
OF_DEBIAN = {
    "gi": "gir1.2-gst-rtsp-server-1.0, in tests/debian-packages.txt",
    "pyarrow": "a contestant of one benchmark, if it is there",
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def imported(*folders: str) -> dict[str, str]:
    """Top-level module → a file that imports it, of others than the standard library and ourselves."""
    found = {}
    for folder in folders:
        here = {path.stem for path in (ROOT / folder).iterdir()} if folder == "bench" else set()
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                for name in names:
                    top = name.partition(".")[0]
                    if top not in {*sys.stdlib_module_names, *OURS, "tests", "bench", *here}:
                        found.setdefault(top, str(path.relative_to(ROOT)))
    return found


def declared(group: str) -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = settings["project"]["dependencies"] if group == "project" else settings["dependency-groups"][group]
    return {normal(re.match(r"[\w.-]+", each)[0]) for each in listed}


def distributions(modules: dict[str, str]) -> dict[str, str]:
    """Distribution → a file that imports something of it."""
    homes = packages_distributions()
    return {normal(home): place for module, place in modules.items() for home in homes.get(module, [module])[:1]}


def test_what_the_packages_import_is_declared():
    found = distributions(imported(*OURS))
    assert {name: place for name, place in found.items() if name not in declared("project") | set(OF_ANOTHER)} == {}


def test_what_is_declared_is_imported():
    assert declared("project") - set(distributions(imported(*OURS))) - set(NOT_IMPORTED) == set()


def test_what_tests_and_benchmarks_import_is_declared():
    known = declared("project") | declared("dev") | set(OF_DEBIAN) | set(OF_ANOTHER)
    found = distributions(imported("tests", "bench"))
    assert {name: place for name, place in found.items() if name not in known} == {}
    assert declared("dev") - set(found) - TOOLS == set()


@pytest.mark.parametrize("group", ["project", "dev"])
def test_the_lock_holds_each_of_them_with_hashes_and_no_address(group):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE))
    assert declared(group) - pinned == set()
    for block in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in block, block.partition("\n")[0]
    assert not re.search(r"https?://|--(?:extra-)?index|--find-links", lock)


def test_a_new_dependency_stands_in_the_decision_about_packages():
    text = normal((ROOT / "docs/adr/0002-packages.md").read_text(encoding="utf-8"))
    assert [name for name in sorted(declared("project")) if name.removeprefix("python-") not in text] == []
