"""The unit, the timer and the script that write the reports of disks for the `smart` kind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT, TIMER, SCRIPT = (SYSTEMD / f"sla-smart.{kind}" for kind in ("service", "timer", "sh"))
HARDENED = ("Protect", "Private", "System", "Restrict", "Device", "Capability")
DISKS = """\
/dev/sda -d sat # /dev/sda [SAT], ATA device
# /dev/sdb -d scsi # /dev/sdb, open failed: no medium
/dev/nvme0 -d nvme # /dev/nvme0, NVMe device
/dev/bus/0 -d megaraid,3 # /dev/bus/0 [megaraid_disk_03], SCSI device
/dev/bus/0 -d sat+megaraid,4 # /dev/bus/0 [megaraid_disk_04] [SAT], ATA device
"""


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def unit(tmp_path):
    """The unit beside its timer, with a script that is there, since `verify` looks for it."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/sla-agent/systemd", str(SYSTEMD))
    (tmp_path / UNIT.name).write_text(text, encoding="utf-8")
    (tmp_path / TIMER.name).write_text(TIMER.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path / UNIT.name


@pytest.mark.needs("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit_and_its_timer(unit):
    done = analyze("verify", "--man=no", str(unit), str(unit.with_suffix(".timer")))
    assert [line for line in done.stderr.splitlines() if "sla-smart" in line] == []


@pytest.mark.needs("systemd-analyze")
def test_systemd_sees_a_timer_that_is_wrong(unit):
    timer = unit.with_suffix(".timer")
    timer.write_text(timer.read_text().replace("15min", "now and then"))
    assert "sla-smart.timer" in analyze("verify", "--man=no", str(timer)).stderr


@pytest.mark.needs("systemd-analyze")
def test_the_unit_s_exposure_is_at_most_2_though_it_is_root(unit):
    done = analyze("security", "--offline=true", "--threshold=20", str(unit))
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.needs("systemd-analyze")
def test_the_measure_of_exposure_sees_a_unit_that_is_not_hardened(unit):
    lines = [line for line in unit.read_text().splitlines() if not line.startswith(HARDENED)]
    unit.write_text("\n".join(lines) + "\n")
    assert analyze("security", "--offline=true", "--threshold=20", str(unit)).returncode != 0


@pytest.fixture
def wrote(tmp_path):
    """Runs the script with a stand-in for smartctl; the reports that stand there afterwards."""
    reports = tmp_path / "reports"
    reports.mkdir()
    (tmp_path / "disks").write_text(DISKS)

    def run(body: str, wanted: int = 0) -> dict[str, str]:
        command = tmp_path / "smartctl"
        command.write_text(f'#!/bin/sh\n[ "$1" != --scan-open ] || exec cat {tmp_path}/disks\n{body}\n')
        command.chmod(0o755)
        environment = {"PATH": f"{tmp_path}:{os.defpath}"}
        done = subprocess.run(
            ["/bin/sh", str(SCRIPT), str(reports)], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == wanted, done.stderr
        return {each.name: each.read_text() for each in reports.glob("*")}

    return run


def test_every_disk_that_can_be_opened_has_its_report(wrote):
    found = wrote('echo "$@" | sed "s/.*--device=//"')
    assert found == {
        "sda.json": "sat -- /dev/sda\n",
        "nvme0.json": "nvme -- /dev/nvme0\n",
        "bus-0-megaraid-3.json": "megaraid,3 -- /dev/bus/0\n",
        "bus-0-sat-megaraid-4.json": "sat+megaraid,4 -- /dev/bus/0\n",
    }


def test_what_smartctl_says_of_a_disk_that_fails_is_a_report_too(wrote):
    assert wrote("echo failing; exit 8")["sda.json"] == "failing\n"


def test_a_disk_that_says_nothing_keeps_its_old_report_and_holds_up_no_other(wrote):
    wrote("echo before")
    found = wrote("case $* in */dev/sda) kill -9 $$;; esac; echo now")
    assert found == {
        "sda.json": "before\n",
        "nvme0.json": "now\n",
        "bus-0-megaraid-3.json": "now\n",
        "bus-0-sat-megaraid-4.json": "now\n",
    }


def test_a_machine_without_smartctl_makes_the_unit_fail(tmp_path):
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT), str(tmp_path)], env={"PATH": "/nowhere"}, capture_output=True, check=False
    )
    assert done.returncode != 0
