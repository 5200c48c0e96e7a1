"""The very machine that we run on: whether an address means it, and what one of its commands prints.

A command gets no input, speaks English, prints at most 1 MiB, and is killed with all that it started when the look
is over. One that cannot be killed, as it waits in the kernel for a broken disk, is left behind and not waited for.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from probes.faults import OwnFaultError
from probes.reasons import NOT_HERE, NOT_MEASURABLE

if TYPE_CHECKING:
    from asyncio import SubprocessTransport
    from collections.abc import AsyncIterator

MOST_BYTES = 1 << 20
_HERE = ("localhost", "127.0.0.1", "::1")
_STDOUT, _STDERR = 1, 2
_BURIAL_S = 0.2
"""How long a killed command may take to be gone; the runner allows a look a second above its time-out."""


@asynccontextmanager
async def on_this_machine(address: str, timeout_s: float) -> AsyncIterator[None]:
    """The frame of a look at this machine. OwnFaultError: the address means another one, or time ran out."""
    if address not in (*_HERE, socket.gethostname()):
        raise OwnFaultError(NOT_HERE, address)
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError:
        raise OwnFaultError(NOT_MEASURABLE, "not finished in time") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a command said, and with which status it ended; below zero: killed by that signal."""

    status: int
    answer: bytes
    complaint: str


async def printed(program: str, *arguments: str) -> Printed:
    """Run it to its end. OwnFaultError: it is not there, may not be run, or says too much. Ends when cancelled."""
    heard = _Heard()
    try:
        transport, _ = await asyncio.get_running_loop().subprocess_exec(
            lambda: heard,
            program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
            start_new_session=True,
        )
    except FileNotFoundError:
        raise OwnFaultError(NOT_MEASURABLE, "no program", program) from None
    except PermissionError:
        raise OwnFaultError(NOT_MEASURABLE, "may not be run", program) from None
    try:
        await asyncio.wait((heard.gone, heard.too_much), return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _buried(transport, heard)
    if heard.too_much.done():
        raise OwnFaultError(NOT_MEASURABLE, f"says more than {MOST_BYTES} bytes", program)
    complaint = heard.said[_STDERR].decode("utf-8", "replace")
    return Printed(status=transport.get_returncode() or 0, answer=bytes(heard.said[_STDOUT]), complaint=complaint)


class _Heard(asyncio.SubprocessProtocol):
    """Keeps what a command says. `gone`: it has ended and closed its outputs."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.said = {_STDOUT: bytearray(), _STDERR: bytearray()}
        self.gone: asyncio.Future[None] = loop.create_future()
        self.too_much: asyncio.Future[None] = loop.create_future()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self.said[fd] += data[: MOST_BYTES + 1]
        if len(self.said[fd]) > MOST_BYTES:
            del self.said[fd][MOST_BYTES:]
            if not self.too_much.done():
                self.too_much.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if not self.gone.done():
            self.gone.set_result(None)


async def _buried(transport: SubprocessTransport, heard: _Heard) -> None:
    """End the command and its children, if they have not ended. Never waits for one that cannot be killed."""
    if not heard.gone.done():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        await asyncio.wait((heard.gone,), timeout=_BURIAL_S)
    transport.close()


def is_stuck(program: str, last_argument: str, longer_than_s: float) -> bool:
    """Whether a command that an earlier look started on the same thing is still there.

    The case: a disk that no longer answers. Each look would leave one more process behind.
    """
    for each in psutil.Process().children():
        with suppress(psutil.Error, OSError):
            is_it = each.name() == program and each.cmdline()[-1:] == [last_argument]
            if is_it and _age_s(each.pid) > longer_than_s:
                return True
    return False


def _age_s(pid: int) -> float:
    """Since a process began (proc(5), field 22 of stat), on the clock that runs from boot."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
    began_s = int(after_name.split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began_s
