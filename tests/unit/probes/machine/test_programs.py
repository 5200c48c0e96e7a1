"""What a command on this machine prints: bounded, in English, and gone with all that it started."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from probes.faults import OwnFaultError
from probes.machine import programs
from probes.machine.programs import MOST_BYTES, is_stuck, on_this_machine, printed
from tests.support.patience import until


def script(folder: Path, text: str, name: str = "command") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def content(path: Path) -> str:
    return path.read_text() if path.exists() else ""


async def written(path: Path) -> None:
    await until(lambda: content(path), "the command begins")


async def gone(pid: int) -> bool:
    await until(lambda: not is_alive(pid), "it is gone")
    return True


async def test_what_is_printed_comes_with_the_status_and_the_complaint(tmp_path):
    found = await printed(script(tmp_path, 'echo "out $1"; echo "err $2" >&2; exit 3'), "a b", "c")
    assert (found.status, found.answer, found.complaint) == (3, b"out a b\n", "err c\n")


async def test_a_command_speaks_english_and_is_given_no_input(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    found = await printed(script(tmp_path, 'echo "$LC_ALL"; cat; echo end'))
    assert found.answer == b"C\nend\n"


async def test_a_complaint_that_is_no_utf_8_can_be_shown(tmp_path):
    found = await printed(script(tmp_path, r"printf '\377\376' >&2"))
    assert found.complaint == "\ufffd\ufffd"


async def test_a_command_that_was_killed_has_the_signal_for_its_status(tmp_path):
    assert (await printed(script(tmp_path, "kill -9 $$"))).status == -9


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: str(folder / "nothing"), "no program: {name}"),
        (str, "may not be run: {name}"),
    ],
)
async def test_a_program_that_cannot_be_run_is_ours(tmp_path, make, reason):
    name = make(tmp_path)
    with pytest.raises(OwnFaultError) as fault:
        await printed(name)
    assert fault.value.reason == "not measurable on this machine: " + reason.format(name=name)


@pytest.mark.parametrize("stream", ["", ">&2"])
async def test_a_command_without_end_is_cut_off_and_gone(tmp_path, stream):
    name = script(tmp_path, f'echo $$ > "{tmp_path}/pid"; exec yes {stream}')
    with pytest.raises(OwnFaultError) as fault:
        await printed(name)
    assert fault.value.why.detail.startswith(f"says more than {MOST_BYTES} bytes: ")
    assert await gone(int((tmp_path / "pid").read_text()))


async def test_a_look_that_is_broken_off_ends_the_command_and_its_children(tmp_path):
    name = script(tmp_path, f'sleep 1000 & echo $! > "{tmp_path}/child"; echo $$ > "{tmp_path}/pid"; wait')
    look = asyncio.ensure_future(printed(name))
    await written(tmp_path / "pid")
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    assert await gone(int((tmp_path / "pid").read_text()))
    assert await gone(int((tmp_path / "child").read_text()))


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1", socket.gethostname()])
async def test_this_machine_goes_by_these_names(address):
    async with on_this_machine(address, 5):
        pass


@pytest.mark.parametrize("address", ["192.0.2.1", "localhost.example", "", "127.0.0.2"])
async def test_another_address_is_not_this_machine(address):
    with pytest.raises(OwnFaultError, match="^not this machine"):
        async with on_this_machine(address, 5):
            pytest.fail("the look goes on")


async def test_a_look_that_takes_too_long_is_ours():
    with pytest.raises(OwnFaultError, match="^not measurable on this machine: not finished in time$"):
        async with on_this_machine("localhost", 0.01):
            await asyncio.sleep(5)


async def test_a_command_that_an_earlier_look_left_is_found_by_its_name_and_its_last_argument():
    process = await asyncio.create_subprocess_exec("sleep", "1001")
    try:
        assert is_stuck("sleep", "1001", -1)
        assert not is_stuck("sleep", "1002", -1)
        assert not is_stuck("smartctl", "1001", -1)
        assert not is_stuck("sleep", "1001", 3_600), "a young one is no stuck one"
    finally:
        process.kill()
        await process.wait()
    assert not is_stuck("sleep", "1001", -1)


def test_the_age_of_a_process_is_on_the_clock_that_runs_from_boot():
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert 0 <= programs._age_s(os.getpid()) <= before
    assert programs._age_s(1) >= programs._age_s(os.getpid())
