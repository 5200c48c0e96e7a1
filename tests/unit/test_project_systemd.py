"""The unit is valid, and hardened to what the house promises."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from probes.picture.decode_child import LARGE, MEMORY_BYTES, MOST_LONG, MOST_QUICK, SMALL

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


OWN_BYTES = 640 << 20
"""The agent with many hundreds of checks, and the process that starts the decoder's children."""


def setting(name: str) -> str:
    return next(
        line for line in UNIT.read_text(encoding="utf-8").splitlines() if line.startswith(f"{name}=")
    ).partition("=")[2]


def test_all_pictures_that_may_be_decoded_at_once_fit_into_the_memory_of_the_unit_beside_the_agent():
    at_once = MOST_QUICK + MOST_LONG
    pictures = (at_once - 1) * MEMORY_BYTES[SMALL] + MEMORY_BYTES[LARGE]
    most = setting("MemoryMax")
    assert most.endswith("G")
    assert pictures + OWN_BYTES <= int(most[:-1]) << 30


def test_a_picture_that_is_ended_for_want_of_memory_does_not_end_the_agent():
    assert setting("OOMPolicy") == "continue"


def test_b8_no_picture_may_take_more_than_512_mib():
    assert max(MEMORY_BYTES.values()) == 512 << 20
