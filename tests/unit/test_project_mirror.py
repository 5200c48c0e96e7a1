"""Every file of some length has a test file of its name, or tests/mirror.toml says what tests it instead."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "config", "probes", "sla")
LONG = 100
"""Lines from which on a file wants a test of its own."""
LISTED: dict[str, list[str]] = tomllib.loads((ROOT / "tests/mirror.toml").read_text(encoding="utf-8"))
TESTS = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}


def long_files() -> list[Path]:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in paths if path.read_text(encoding="utf-8").count("\n") >= LONG)


def own_tests(source: Path, tests: set[str]) -> set[str]:
    """Those of the file's name in its folder's mirror; of a kind of probe, on servers too.

    Also in a mirror above, where no other file below that has the same name.
    """
    above = [folder for folder in source.parents[1:] if folder.parts and is_alone(source.name, folder)]
    folders = {f"tests/unit/{folder.as_posix()}" for folder in (source.parent, *above)}
    stems = {f"test_{source.stem}"}
    if source.parts[:2] == ("probes", "kinds"):
        folders.add("tests/server")
        stems.add(f"test_probe_{source.stem}")
    return {
        test
        for test in tests
        if Path(test).parent.as_posix() in folders
        and any(Path(test).stem == stem or Path(test).stem.startswith(f"{stem}_") for stem in stems)
    }


def is_alone(name: str, folder: Path) -> bool:
    return len(list((ROOT / folder).rglob(name))) == 1


def listed_for(source: Path) -> list[str]:
    """The patterns that are meant for it: `*` goes over no folder."""
    name = source.as_posix()
    return [each for each in LISTED if fnmatchcase(name, each) and each.count("/") == name.count("/")]


WITHOUT = [path for path in long_files() if not own_tests(path, TESTS)]


@pytest.mark.parametrize("source", WITHOUT, ids=str)
def test_a_file_without_a_test_of_its_name_is_listed_once(source):
    assert len(listed_for(source)) == 1, f"{source}: write a test of its name, or list what tests it"


@pytest.mark.parametrize("pattern", LISTED)
def test_what_is_listed_is_there_and_needs_to_be(pattern):
    assert [each for each in LISTED[pattern] if each not in TESTS] == []
    assert [each for each in WITHOUT if pattern in listed_for(each)], "nothing of it is without a test of its name"


@pytest.mark.parametrize(
    ("source", "test", "is_own"),
    [
        ("sla/judge/daily.py", "tests/unit/sla/judge/test_daily.py", True),
        ("sla/judge/daily.py", "tests/unit/sla/judge/test_daily_sums.py", True),
        ("sla/reports/layout/charts.py", "tests/unit/sla/reports/test_charts.py", True),
        ("probes/kinds/tcp.py", "tests/server/test_probe_tcp.py", True),
        ("sla/reports/period/document.py", "tests/unit/sla/reports/test_document.py", False),
        ("sla/judge/daily.py", "tests/unit/sla/measure/test_daily.py", False),
        ("sla/judge/daily.py", "tests/unit/test_daily.py", False),
        ("sla/judge/day.py", "tests/unit/sla/judge/test_daily.py", False),
    ],
)
def test_a_test_is_a_file_s_own_by_its_name_and_folder(source, test, is_own):
    assert own_tests(Path(source), {test}) == ({test} if is_own else set())
