"""The `host` kind on the very machine that runs the tests; systemd is a stand-in command that answers like it."""

from __future__ import annotations

import os
import sys

import psutil
import pytest
from pydantic import ValidationError

from probes.kinds.host import Options, busy_ratio, probe
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S

OWN_PROGRAM = os.path.basename(psutil.Process().cmdline()[0])  # noqa: PTH119


async def test_without_limits_it_measures():
    seen = await probe("localhost", Options(sample="1ms"), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["host"].metrics) - {"processes"}
    assert all(0 <= seen.metrics[name] <= 1 for name in ("cpu_ratio", "memory_ratio", "disk_ratio"))


async def test_another_machine_cannot_be_seen():
    seen = await probe("192.0.2.7", Options(sample="1ms"), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("none", "not this machine: 192.0.2.7")


@pytest.mark.parametrize(
    ("limit", "reason"),
    [({"max_disk": "0%"}, "disk above its limit"), ({"max_memory": "0%"}, "memory above its limit")],
)
async def test_a_value_above_its_limit_fails(limit, reason):
    seen = await probe("localhost", Options(sample="1ms", **limit), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", reason)


async def test_values_within_their_limits_are_ok():
    seen = await probe(
        "localhost", Options(sample="1ms", max_disk="100%", max_memory="100%", max_load=10_000), timeout_s=PATIENCE_S
    )
    assert seen.outcome == "ok"


async def test_a_process_that_runs_is_counted():
    seen = await probe("localhost", Options(sample="1ms", process=OWN_PROGRAM), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    assert seen.metrics["processes"] >= 1


async def test_a_process_that_does_not_run_fails():
    seen = await probe("localhost", Options(sample="1ms", process="no-such-program"), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", "process not running: no-such-program")


async def test_a_process_is_told_by_its_command_line_where_the_name_is_not_enough():
    options = Options(sample="1ms", process=OWN_PROGRAM, process_argument="no-such-argument")
    assert (await probe("localhost", options, timeout_s=PATIENCE_S)).outcome == "fail"


async def test_a_disk_that_is_not_there_is_let_through():
    with pytest.raises(FileNotFoundError):
        await probe("localhost", Options(sample="1ms", disk="/no/such/place"), timeout_s=PATIENCE_S)


def systemctl(tmp_path, monkeypatch, body: str) -> None:
    command = tmp_path / "systemctl"
    command.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def state(load: str, active: str, sub: str) -> str:
    return f"print('LoadState={load}\\nActiveState={active}\\nSubState={sub}\\nResult=success')"


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (state("loaded", "active", "running"), "ok", ""),
        (state("loaded", "failed", "failed"), "fail", "unit not active: nginx.service: failed (failed)"),
        (
            state("loaded", "activating", "auto-restart"),
            "fail",
            "unit not active: nginx.service: activating (auto-restart)",
        ),
        (state("not-found", "inactive", "dead"), "fail", "unit not installed: nginx.service"),
        (
            "sys.exit('System has not been booted')",
            "none",
            "not measurable on this machine: System has not been booted",
        ),
    ],
)
async def test_the_state_of_a_unit_decides(tmp_path, monkeypatch, answer, outcome, reason):
    systemctl(tmp_path, monkeypatch, answer)
    seen = await probe("localhost", Options(sample="1ms", unit="nginx.service"), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == (outcome, reason)


async def test_a_machine_without_systemd_cannot_tell(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    seen = await probe("localhost", Options(sample="1ms", unit="nginx.service"), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("none", "not measurable on this machine: no program: systemctl")


async def test_a_systemctl_that_hangs_says_nothing_about_the_machine(tmp_path, monkeypatch):
    systemctl(tmp_path, monkeypatch, "import time; time.sleep(600)")
    seen = await probe("localhost", Options(sample="1ms", unit="nginx.service"), timeout_s=1)
    assert (seen.outcome, seen.reason) == ("none", "not measurable on this machine: not finished in time")


@pytest.mark.parametrize("unit", ["-H evil", "a b", "a;b", "a\n", ""])
def test_a_unit_cannot_be_an_option_or_a_command(unit):
    with pytest.raises(ValidationError):
        Options(unit=unit)


def test_busy_time_leaves_out_idle_and_waiting_and_counts_guests_once():
    before = psutil.cpu_times()._replace(
        user=0, nice=0, system=0, idle=0, iowait=0, irq=0, softirq=0, steal=0, guest=0
    )
    after = before._replace(user=3, idle=5, iowait=2, guest=3)
    assert busy_ratio(before, after) == 0.3
