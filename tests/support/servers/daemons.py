"""Real servers as subprocesses on loopback, each with its own folder and port, ended behind the test."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from pathlib import Path

GRACE_S = 10
"""After which a program that was asked to end is killed; no test asks how it ended."""


@contextmanager
def daemon(
    command: Sequence[str], log: Path, ready: Callable[[], bool], **more: object
) -> Iterator[subprocess.Popen]:
    """A program in the foreground for the length of a `with`, from when `ready` says so."""
    with log.open("wb") as out:
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **more)
        try:
            _wait(started, ready, log)
            yield started
        finally:
            started.terminate()
            with contextlib.suppress(ProcessLookupError):
                os.kill(started.pid, 18)  # SIGCONT, where a test has frozen it
            try:
                started.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def _wait(started: subprocess.Popen, ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        if started.poll() is not None or time.monotonic() > deadline:
            msg = f"{started.args[0]} did not start:\n{log.read_text(errors='replace')[-3000:]}"
            raise AssertionError(msg)
        time.sleep(0.05)


def accepts(port: int) -> Callable[[], bool]:
    """Whether that TCP port of loopback accepts."""

    def ready() -> bool:
        with socket.socket() as tried:
            tried.settimeout(1)
            return tried.connect_ex(("127.0.0.1", port)) == 0

    return ready


def answers(port: int, request: bytes) -> Callable[[], bool]:
    """Whether that UDP port of loopback says anything to this."""

    def ready() -> bool:
        with socket.socket(type=socket.SOCK_DGRAM) as tried:
            tried.settimeout(0.5)
            tried.connect(("127.0.0.1", port))
            with contextlib.suppress(OSError):
                tried.send(request)
                return bool(tried.recv(65_535))
        return False

    return ready


class _Replies(asyncio.DatagramProtocol):
    def __init__(self, reply: Callable[[bytes], Sequence[bytes]]) -> None:
        self._reply = reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, source: object) -> None:
        for each in self._reply(data):
            self._transport.sendto(each, source)


@asynccontextmanager
async def udp_stranger(reply: Callable[[bytes], Sequence[bytes]], host: str = "127.0.0.1") -> AsyncIterator[int]:
    """A UDP server that says to each datagram what `reply` makes of it; yields its port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Replies(reply), local_addr=(host, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        await asyncio.sleep(0)
