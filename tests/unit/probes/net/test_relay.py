"""A connection lent to a library that blocks: one deadline, a bound on what comes in, and nothing left behind."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from probes.address import Endpoint
from probes.faults import AssetFaultError, OwnFaultError
from probes.net import relay
from probes.net.connection import Deadline, stream
from probes.net.relay import MOST_BYTES, lent
from tests.support.patience import PATIENCE_S, until
from tests.support.servers.stranger import silent, stranger

if TYPE_CHECKING:
    import socket


async def echo(reader, writer):
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


async def with_library(handle, work, timeout_s: float = PATIENCE_S):
    async with stranger(handle) as port, stream(Endpoint("127.0.0.1", port), Deadline(timeout_s)) as opened:
        return await lent(opened, work)


@pytest.fixture(autouse=True)
def _no_thread_stays():
    before = threading.active_count()
    yield
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(PATIENCE_S)
    assert threading.active_count() <= before


async def test_what_the_library_says_arrives_and_what_comes_back_does_too():
    def work(theirs: socket.socket) -> bytes:
        theirs.sendall(b"hello")
        return theirs.recv(5)

    assert await with_library(echo, work) == b"hello"


async def test_the_library_blocks_in_a_thread_of_its_own_and_holds_up_nobody():
    threads: list[str] = []

    def work(theirs: socket.socket) -> None:
        threads.append(threading.current_thread().name)
        theirs.sendall(b"x")
        theirs.recv(1)

    looks = [with_library(echo, work) for _ in range(10)]
    await asyncio.gather(*looks)
    assert threading.main_thread().name not in threads
    assert len(set(threads)) == 10


async def test_what_the_library_raises_comes_out_as_it_is():
    def work(_theirs: socket.socket) -> None:
        raise KeyError("of the library")

    with pytest.raises(KeyError, match="of the library"):
        await with_library(echo, work)


async def test_a_server_that_hangs_up_is_an_end_to_the_library():
    async def bye(_reader, writer):
        writer.write(b"bye")
        await writer.drain()
        writer.write_eof()

    def work(theirs: socket.socket) -> list[bytes]:
        return [theirs.recv(10), theirs.recv(10)]

    assert await with_library(bye, work) == [b"bye", b""]


async def test_a_server_that_says_nothing_is_late_whatever_the_library_makes_of_the_end():
    def work(theirs: socket.socket) -> bytes:
        return theirs.recv(1)

    with pytest.raises(AssetFaultError, match="^answer not complete in time$"):
        await with_library(silent, work, timeout_s=1)


async def test_more_than_the_bound_is_too_much_although_the_library_would_read_on():
    async def endless(_reader, writer):
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            await writer.drain()

    taken: list[int] = []

    def work(theirs: socket.socket) -> None:
        while part := theirs.recv(65_536):
            taken.append(len(part))

    with pytest.raises(AssetFaultError, match="^answer too large$"):
        await with_library(endless, work)
    assert sum(taken) <= MOST_BYTES


async def test_a_library_that_closes_its_end_or_keeps_it_in_a_file_leaves_nothing_open():
    def closing(theirs: socket.socket) -> str:
        theirs.close()
        return "closed"

    kept = []

    def keeping(theirs: socket.socket) -> str:
        kept.append(theirs.makefile("rb"))
        return "kept"

    assert await with_library(echo, closing) == "closed"
    assert await with_library(echo, keeping) == "kept"
    kept[0].close()


async def test_a_machine_that_gives_no_thread_is_ours(monkeypatch):
    def no_thread(*_arguments: object, **_more: object):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(relay.threading, "Thread", no_thread)
    with pytest.raises(OwnFaultError, match="not measurable on this machine: no thread to be had"):
        await with_library(echo, lambda _theirs: None)


async def test_a_look_that_is_broken_off_lets_the_library_read_an_end():
    begun, ended = threading.Event(), threading.Event()

    def work(theirs: socket.socket) -> None:
        begun.set()
        theirs.recv(1)
        ended.set()

    look = asyncio.ensure_future(with_library(silent, work))
    await until(begun.is_set)
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    assert ended.wait(PATIENCE_S)
