"""The `smart` kind on the very machine that runs the tests: the real smartctl, stand-ins for it, and reports."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from probes.kinds.smart import Options, probe
from probes.machine import programs
from tests.support.patience import PATIENCE_S
from tests.support.replies.smart import REPLIES, recorded, text_of

MOST = programs.MOST_BYTES


async def seen(*, timeout_s=PATIENCE_S, address="localhost", **options):
    options.setdefault("disk", "/dev/sda")
    outcome = await probe(address, Options(**options), timeout_s=timeout_s)
    return outcome.outcome, outcome.reason


@pytest.fixture
def smartctl(tmp_path, monkeypatch):
    """Puts a program in smartctl's place."""

    def stand_in(body: str) -> None:
        command = tmp_path / "smartctl"
        command.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\n")
        command.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return stand_in


@pytest.fixture
def report(tmp_path):
    """Writes a report and says where."""

    def written(text: bytes, *, age_s: float = 0) -> str:
        path = tmp_path / "sda.json"
        path.write_bytes(text)
        os.utime(path, (time.time() - age_s,) * 2)  # noqa: TID251 - a file's age
        return str(path)

    return written


def left_over(tmp_path, dies_within_s: float = PATIENCE_S) -> list[psutil.Process]:
    """What still runs of the stand-in, whoever its parent is by now; what is dying may die."""
    program = str(tmp_path / "smartctl")
    found = [each for each in psutil.process_iter(["cmdline"]) if program in (each.info["cmdline"] or [])]
    return psutil.wait_procs(found, timeout=dies_within_s)[1]


async def test_another_machine_cannot_be_asked():
    assert await seen(address="192.0.2.7") == ("none", "not this machine: 192.0.2.7")


@pytest.mark.needs("smartctl")
async def test_the_real_smartctl_says_that_a_disk_is_not_there():
    wanted = "disk could not be asked: Smartctl open device: /dev/sdzzz failed: No such device"
    assert await seen(disk="/dev/sdzzz") == ("none", wanted)


@pytest.mark.needs("smartctl")
async def test_the_real_smartctl_says_that_it_does_not_know_such_a_disk():
    wanted = "disk could not be asked: /dev/null: Unable to detect device type"
    assert await seen(disk="/dev/null") == ("none", wanted)


@pytest.mark.needs("smartctl", "root")
async def test_the_real_smartctl_without_a_right_to_the_disk_says_so(smartctl):
    real, closed = shutil.which("smartctl"), closed_device()
    smartctl(f"os.setgroups([]); os.setgid(65534); os.setuid(65534); os.execv({real!r}, ['smartctl', *sys.argv[1:]])")
    wanted = f"disk could not be asked: Smartctl open device: {closed} [SAT] failed: Permission denied"
    assert await seen(disk=closed, type="sat") == ("none", wanted)


def closed_device() -> str:
    """Some device that only root may open."""
    devices = ((each, each.lstat()) for each in sorted(Path("/dev").iterdir()))
    closed = (each for each, state in devices if stat.S_ISCHR(state.st_mode) and not state.st_mode & 0o077)
    return str(next(closed))


async def test_a_machine_without_smartctl_cannot_tell(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await seen() == ("none", "not measurable on this machine: no program: smartctl")


async def test_a_smartctl_that_may_not_be_run_cannot_tell(tmp_path, monkeypatch):
    (tmp_path / "smartctl").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await seen() == ("none", "not measurable on this machine: may not be run: smartctl")


async def test_the_disk_and_its_type_are_handed_on_as_they_stand(smartctl):
    smartctl("sys.stderr.write(' '.join(sys.argv[-3:]))")
    wanted = "disk could not be asked: --device=megaraid,3 -- /dev/bus/0"
    assert await seen(disk="/dev/bus/0", type="megaraid,3") == ("none", wanted)


@pytest.mark.parametrize(("name", "outcome"), [("ata", "ok"), ("nvme_warning", "fail")])
async def test_what_smartctl_prints_is_judged(smartctl, name, outcome):
    smartctl(f"sys.stdout.write(open({str(REPLIES / f'{name}.json')!r}).read()); sys.exit(8)")
    disk = recorded(name)["device"]["name"]
    assert (await seen(disk=disk))[0] == outcome


async def test_a_smartctl_that_hangs_says_nothing_about_the_disk_and_is_gone_afterwards(smartctl, tmp_path):
    smartctl("print('{', flush=True); time.sleep(600)")
    assert await seen(timeout_s=1) == ("none", "not measurable on this machine: not finished in time")
    assert left_over(tmp_path) == []


async def test_what_a_hanging_smartctl_started_is_gone_afterwards_too(smartctl, tmp_path):
    smartctl("os.fork(); time.sleep(600)")
    assert (await seen(timeout_s=1))[0] == "none"
    assert left_over(tmp_path) == []


async def test_a_child_that_keeps_smartctl_s_output_open_does_not_hold_the_look(smartctl, tmp_path):
    smartctl("os.fork() or time.sleep(600)")
    assert (await seen(timeout_s=1))[0] == "none"
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_a_smartctl_that_never_stops_talking_is_cut_off(smartctl, tmp_path, stream):
    smartctl(f"while True: sys.{stream}.write('[' * 65536)")
    wanted = f"not measurable on this machine: says more than {MOST} bytes: smartctl"
    assert await seen() == ("none", wanted)
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "smartctl ended with 0"),
        ("sys.exit(3)", "smartctl ended with 3"),
        ("os.kill(os.getpid(), 9)", "smartctl ended with -9"),
        ("sys.exit('cannot load libstdc++')", "cannot load libstdc++"),
        ("print('smartctl 6.6: UNRECOGNIZED OPTION: json')", "no JSON of smartctl: "),
        ("print('{' * 100_000)", "the JSON is nested too deep"),
        ("sys.stdout.buffer.write(bytes(range(256)) * 100)", "no JSON of smartctl: "),
    ],
)
async def test_an_answer_that_is_none_is_not_the_disk_s_fault(smartctl, body, words):
    smartctl(body)
    outcome, reason = await seen()
    assert outcome == "none"
    assert reason.startswith(f"disk could not be asked: {words}")


def _gone(processes) -> None:
    while any(psutil.pid_exists(each.pid) for each in processes):
        time.sleep(0.01)


async def test_one_that_cannot_be_killed_is_left_behind_and_is_the_last_that_is_started(
    smartctl, tmp_path, monkeypatch
):
    """A process that waits in the kernel for a broken disk takes no signal; here none is sent to it."""
    smartctl("print('started', file=sys.stderr, flush=True); time.sleep(600)")
    with monkeypatch.context() as patched:
        patched.setattr(programs.os, "killpg", lambda *_: None)
        patched.setattr(subprocess.Popen, "kill", lambda _: None)
        first = await seen(timeout_s=1)
    stuck = left_over(tmp_path, 0)
    again = await seen(timeout_s=1)
    another = await seen(timeout_s=1, disk="/dev/sdb")
    try:
        assert first == another == ("none", "not measurable on this machine: not finished in time")
        assert again == ("none", "disk could not be asked: an earlier smartctl is still waiting for it")
        assert len(stuck) == 1
    finally:
        for each in stuck:
            each.kill()
        await asyncio.to_thread(_gone, stuck)
        await asyncio.sleep(0.05)  # asyncio, which buries them, takes note


async def test_a_young_report_is_read_instead_of_asking(report, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await seen(report_file=report(text_of(recorded("ata")), age_s=3500)) == ("ok", "")


async def test_a_report_of_a_failing_disk_fails(report):
    file = report(text_of(recorded("nvme_warning")))
    assert await seen(disk="/dev/nvme1", report_file=file) == ("fail", "disk warns: reliability degraded")


async def test_an_old_report_tells_nothing(report):
    outcome, reason = await seen(report_file=report(text_of(recorded("ata")), age_s=3700))
    assert (outcome, reason[:23]) == ("none", "disk report too old: 37")
    assert await seen(report_file=report(text_of(recorded("ata")), age_s=3700), max_age="2h") == ("ok", "")


async def test_a_report_from_the_future_tells_nothing(report):
    file = report(text_of(recorded("ata")), age_s=-3600)
    assert await seen(report_file=file) == ("none", "disk report too old: it is from the future")


async def test_a_report_that_is_cut_off_tells_nothing(report):
    outcome, reason = await seen(report_file=report(text_of(recorded("ata"))[:-1]))
    assert (outcome, reason[:42]) == ("none", "disk could not be asked: no JSON of smartc")


async def test_a_report_without_end_is_read_to_its_bound(report):
    outcome, _ = await seen(report_file=report(text_of(recorded("ata")) + b" " * MOST))
    assert outcome == "ok"
    assert (await seen(report_file=report(b" " * MOST + text_of(recorded("ata")))))[0] == "none"


async def test_a_report_that_is_not_there_tells_nothing(tmp_path):
    file = str(tmp_path / "none.json")
    assert await seen(report_file=file) == ("none", f"disk could not be asked: {file}: No such file or directory")


async def test_a_pipe_in_the_report_s_place_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    file = str(tmp_path / "pipe")
    assert await seen(report_file=file) == ("none", f"disk could not be asked: no file: {file}")
