"""The README stays true: every command of it is run, in its order, in a place of its own."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.agents.process import until
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
EDITOR = """#!/bin/sh
# What a reader would do: write his own addresses. Ours are on loopback.
sed -i -E 's/10\\.1\\.[0-9]+\\.[0-9]+/127.0.0.1/g' "$1" "$2"
echo "json://127.0.0.1:9/" > "$4"
"""


def commands(name: str) -> list[str]:
    """Every line of every shell block."""
    blocks = BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    return [line for block in blocks for line in block.splitlines() if line]


@pytest.fixture
def place(tmp_path):
    """A directory that looks like a clone that was set up, where a reader may write."""
    for name in (".venv", "config", "docs", "Makefile"):
        (tmp_path / name).symlink_to(ROOT / name)
    editor = tmp_path / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    return tmp_path


def test_both_readmes_give_the_same_commands():
    assert commands("README.md") == commands("README.zh-CN.md")


def test_every_target_that_the_readme_names_is_one_of_make(place):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z-]+)`?$", "\n".join(commands("README.md")), re.MULTILINE))
    assert named | set(re.findall(r"`make ([a-z-]+)`", text)) <= targets
    assert {"run", "help"} <= named


def test_every_page_that_the_readme_links_to_is_there():
    for name in ("README.md", "README.zh-CN.md", "docs/README.md", "CONTRIBUTING.md"):
        page = ROOT / name
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], name


def test_every_command_of_the_readme_works(place):
    environment = {**os.environ, "EDITOR": str(place / "editor")}
    accepted = {"sla-check": {0, 1, 3}, "sla-agent status": {0, 1}}

    def run(line: str) -> None:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_S,
            check=False,
        )
        codes = next((codes for program, codes in accepted.items() if f"/{program} " in line), {0})
        assert done.returncode in codes, f"{line}\n{done.stdout}{done.stderr}"

    watching = None
    try:
        for line in commands("README.md"):
            if line.startswith("make "):
                continue  # tests/e2e/test_practice.py runs it
            if " run --site" in line:
                watching = subprocess.Popen(line.split(), cwd=place, env=environment, stderr=subprocess.DEVNULL)
                wait_for_agent(place)
            else:
                run(line)
    finally:
        if watching is not None:
            watching.terminate()
            assert watching.wait(timeout=PATIENCE_S) == 0
    assert '<html lang="zh' in (place / "reports/2026-12.html").read_text(encoding="utf-8")


def wait_for_agent(place: Path) -> None:
    asked = [".venv/bin/sla-agent", "status", "--state", "my-state"]
    until(lambda: subprocess.run(asked, cwd=place, capture_output=True, check=False).returncode < 2, "an answer")
