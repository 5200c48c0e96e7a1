"""The unit is valid, and hardened to what the house promises."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "systemd" / "sla-agent.service"


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def unit(tmp_path):
    """The unit with a program that is there, since `verify` looks for it."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/sla-agent/.venv/bin/sla-agent", "/bin/true")
    (tmp_path / UNIT.name).write_text(text, encoding="utf-8")
    return tmp_path / UNIT.name


@pytest.mark.needs("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(unit):
    done = analyze("verify", "--man=no", str(unit))
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []


@pytest.mark.needs("systemd-analyze")
def test_the_unit_s_exposure_is_at_most_2(unit):
    done = analyze("security", "--offline=true", "--threshold=20", str(unit))
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.needs("systemd-analyze")
def test_the_measure_of_exposure_sees_a_unit_that_is_not_hardened(unit):
    lines = [
        line
        for line in unit.read_text().splitlines()
        if not line.startswith(("Protect", "Private", "System", "Restrict"))
    ]
    unit.write_text("\n".join(lines) + "\n")
    assert analyze("security", "--offline=true", "--threshold=20", str(unit)).returncode != 0
