"""A run of the tests leaves nothing in the temporary directory, and a test that leaves something makes it fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFTEST = "from tests.support.run_folder import pytest_configure, pytest_sessionfinish, pytest_unconfigure\n"
TIDY = """
import os, pathlib, subprocess, sys, tempfile

def test_one(tmp_path):
    (tmp_path / "kept").write_bytes(bytes(1 << 20))
    with tempfile.NamedTemporaryFile() as file:
        assert pathlib.Path(os.environ["TMPDIR"]) in pathlib.Path(file.name).parents
    command = "import tempfile; print(tempfile.gettempdir())"
    said = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout
    assert said.strip() == os.environ["TMPDIR"]
"""
UNTIDY = 'import tempfile\ndef test_one():\n    tempfile.mkstemp(prefix="forgotten-")\n'
UNTIDY_CHILD = (
    "import subprocess, sys\ndef test_one():\n    command = 'import tempfile; tempfile.mkdtemp(prefix=\"forgotten-\")'\n"
    "    subprocess.run([sys.executable, '-c', command], check=True)\n"
)
RED = 'def test_one(tmp_path):\n    (tmp_path / "kept").write_bytes(bytes(1 << 20))\n    assert False\n'


def run(place: Path, test: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run of its own of this one test, in which `place`/t is the temporary directory of the machine."""
    (place / "t").mkdir()
    (place / "conftest.py").write_text(CONFTEST)
    (place / "test_it.py").write_text(test)
    (place / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(place)]
    given = {**os.environ, "TMPDIR": str(place / "t"), "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=place, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "by workers"])
def test_a_tidy_run_leaves_nothing_and_its_children_use_its_folder(tmp_path, options):
    done = run(tmp_path, TIDY, *options)
    assert done.returncode == 0, done.stdout
    assert list((tmp_path / "t").iterdir()) == []


@pytest.mark.parametrize(
    ("test", "options"), [(UNTIDY, ()), (UNTIDY_CHILD, ("-n", "2"))], ids=["a test", "a worker's child"]
)
def test_what_leaves_something_makes_the_run_fail_by_name(tmp_path, test, options):
    done = run(tmp_path, test, *options)
    assert done.returncode == 1
    assert "1 passed" in done.stdout
    assert "left in the temporary directory: forgotten-" in done.stdout
    assert list((tmp_path / "t").iterdir()) == []


def test_a_red_run_is_red_and_its_folder_is_kept_where_that_is_asked_for(tmp_path):
    assert run(tmp_path, RED, KEEP_RUN_FOLDER="1").returncode == 1
    assert [each.name for each in (tmp_path / "t").glob("sla-*/p/test_one0/*")] == ["kept"]
