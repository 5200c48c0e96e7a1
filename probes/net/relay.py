"""Lends a bounded connection to a library that wants a blocking socket of its own.

The library runs in a thread and holds one end of a pair of sockets; we hold the other, and the real connection: so
who is to blame when there is none, the one deadline, and the bound on what is taken in (B1, B2) are the same for
every kind, whatever the library does. A thread for each look, as a pool could be filled by silent servers.

What fails has a traceback, which holds our frames and those of the library, and with them its socket. So our frames
let go of the future that holds the exception: else all of it would stay until the garbage is next collected.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from probes.faults import AssetFaultError, OwnFaultError
from probes.reasons import BROKEN_OFF, NOT_MEASURABLE, TOO_MUCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from probes.net.connection import Stream

MOST_BYTES = 256 << 10
"""Below the 1 MiB of bound B2, as a library may take a microsecond for each byte of nonsense."""
_PART_BYTES = 64 << 10

T = TypeVar("T")


async def lent(opened: Stream, work: Callable[[socket.socket], T]) -> T:
    """What `work` returns, run in a thread with a blocking socket that leads to that connection.

    AssetFaultError: too late, too much, broken off; then whatever the library made of that is of no interest. The
    server hanging up is the end of the stream to the library, and its own matter.
    """
    ours, theirs = socket.socketpair()
    ours.setblocking(False)  # noqa: FBT003 - its only spelling
    done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    try:
        threading.Thread(target=_run, args=(work, theirs, done), daemon=True).start()
    except RuntimeError:
        ours.close()
        theirs.close()
        raise OwnFaultError(NOT_MEASURABLE, "no thread to be had") from None
    pumps = [asyncio.ensure_future(_down(opened, ours)), asyncio.ensure_future(_up(opened, ours))]
    try:
        return await _first(done, pumps)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        ours.close()  # the library reads an end, and the thread ends
        await asyncio.gather(done, return_exceptions=True)
        del done


async def _first(done: asyncio.Future[T], pumps: Sequence[asyncio.Future[None]]) -> T:
    waiting: set[asyncio.Future[T] | asyncio.Future[None]] = {done, *pumps}
    try:
        while not done.done():
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                if pump in waiting and pump.done():
                    pump.result()
                    waiting.discard(pump)
        return done.result()
    finally:
        del done, waiting


def _run(work: Callable[[socket.socket], T], theirs: socket.socket, done: asyncio.Future[T]) -> None:
    try:
        with _given_back(theirs):
            result = work(theirs)
    except Exception as error:  # noqa: BLE001 - handed on to who waits
        done.get_loop().call_soon_threadsafe(_end, done, None, error)
    else:
        done.get_loop().call_soon_threadsafe(_end, done, result, None)
    finally:
        del done


@contextmanager
def _given_back(theirs: socket.socket) -> Iterator[None]:
    """Close it in earnest: a library that has made a file of it keeps it open as long as that file."""
    try:
        yield
    finally:
        held = theirs.detach()
        if held >= 0:  # else the library has closed it, or made TLS of it
            os.close(held)


def _end(done: asyncio.Future[T], result: T | None, error: Exception | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)  # type: ignore[arg-type]


async def _down(opened: Stream, ours: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    taken = 0
    while part := await _part(opened):
        taken += len(part)
        if taken > MOST_BYTES:
            raise AssetFaultError(TOO_MUCH)
        try:
            await loop.sock_sendall(ours, part)
        except ConnectionError:
            return  # the library has closed its end
    ours.shutdown(socket.SHUT_WR)


async def _part(opened: Stream) -> bytes:
    """What comes next; a connection that was broken off ends like any other, for the library to say how."""
    try:
        return await opened.some(_PART_BYTES)
    except AssetFaultError as fault:
        if fault.why.phrase != BROKEN_OFF:
            raise
        return b""


async def _up(opened: Stream, ours: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    try:
        while part := await loop.sock_recv(ours, _PART_BYTES):
            await opened.write(part)
    except ConnectionError:
        return
    except AssetFaultError as fault:
        if fault.why.phrase != BROKEN_OFF:  # a server may hang up on a good-bye; what it said before still counts
            raise
