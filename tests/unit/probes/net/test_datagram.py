"""One question over UDP, by real sockets on loopback: whose fault it is that there is no answer."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from contextlib import asynccontextmanager

import pytest

from probes.faults import AssetFaultError
from probes.net import datagram
from probes.net.connection import Deadline
from probes.net.datagram import MOST_BYTES, MOST_DATAGRAMS, asked
from probes.net.resolve import HostAddress
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import closed_port


@asynccontextmanager
async def server(*replies: bytes):
    """Answers each datagram with all of these; yields where it is and what it was asked."""
    met: list[bytes] = []

    class Protocol(asyncio.DatagramProtocol):
        def connection_made(self, transport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr) -> None:
            met.append(data)
            for reply in replies:
                self.transport.sendto(reply, addr)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Protocol, local_addr=("127.0.0.1", 0))
    try:
        yield HostAddress(socket.AF_INET, transport.get_extra_info("sockname")), met
    finally:
        transport.close()


def if_right(data: bytes) -> str | None:
    return data.decode() if data.startswith(b"right") else None


async def fault_of(place: HostAddress, taken=if_right, timeout_s: float = 0.3) -> str:
    with pytest.raises(AssetFaultError) as fault:
        await asked(place, b"?", taken, Deadline(timeout_s))
    return fault.value.reason


async def test_the_first_datagram_that_is_the_answer_is_taken():
    async with server(b"wrong", b"right 1", b"right 2") as (place, met):
        assert await asked(place, b"who?", if_right, Deadline(PATIENCE_S)) == "right 1"
    assert met == [b"who?"]


async def test_silence_is_no_answer():
    async with server() as (place, _):
        assert await fault_of(place) == "no answer"


async def test_only_wrong_answers_are_not_understood_once_the_time_is_over():
    async with server(b"wrong") as (place, _):
        assert await fault_of(place) == "answer not understood"


async def test_a_flood_of_wrong_answers_is_too_much_before_the_time_is_over():
    async with server(*[b"wrong"] * (2 * MOST_DATAGRAMS)) as (place, _):
        said = "answer too large: datagrams that are no answer"
        assert await fault_of(place, timeout_s=PATIENCE_S) == said


async def test_the_largest_datagram_is_taken_whole():
    largest = b"right" + b"x" * (65_507 - 5)
    async with server(largest) as (place, _):
        assert len(await asked(place, b"?", if_right, Deadline(PATIENCE_S))) == len(largest) <= MOST_BYTES


async def test_a_closed_port_is_named_only_when_the_time_is_over():
    with closed_port() as port:
        deadline = Deadline(1)
        with pytest.raises(AssetFaultError) as fault:
            await asked(HostAddress(socket.AF_INET, ("127.0.0.1", port)), b"?", if_right, deadline)
    assert fault.value.reason == "connection refused"
    assert deadline.left_s() == 0


async def test_what_the_reader_raises_ends_the_look():
    def wrong(_data: bytes) -> None:
        raise AssetFaultError("answer too large", "records")

    async with server(b"any") as (place, _):
        assert await fault_of(place, wrong, timeout_s=PATIENCE_S) == "answer too large: records"


async def test_a_datagram_from_elsewhere_is_not_seen(monkeypatch):
    """Another port of the same host sends the right answer to where we asked from."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held,
    ):
        held.bind(("127.0.0.1", 0))

        class Asking(socket.socket):
            def send(self, data: bytes) -> int:  # type: ignore[override]
                assert other.sendto(b"right but not from you", self.getsockname())
                return super().send(data)

        monkeypatch.setattr(datagram.socket, "socket", Asking)
        assert await fault_of(HostAddress(socket.AF_INET, held.getsockname())) == "no answer"


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EPERM, errno.ENOBUFS])
async def test_what_cannot_be_sent_is_ours(monkeypatch, number):
    class Socket(socket.socket):
        def send(self, _data: bytes) -> int:  # type: ignore[override]
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(datagram.socket, "socket", Socket)
    with pytest.raises(OSError, match=os.strerror(number)):
        await asked(HostAddress(socket.AF_INET, ("127.0.0.1", 9)), b"?", if_right, Deadline(1))


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EHOSTUNREACH, "unreachable"), (errno.EACCES, "unreachable"), (errno.ECONNREFUSED, "connection refused")],
)
async def test_a_router_s_complaint_only_names_the_reason(number, reason):
    """An answer that comes behind it still counts."""
    taken: list[bytes] = []

    class Complaining:
        def __init__(self, loop) -> None:
            self._loop = loop

        async def sock_recv(self, _opened, _most):
            if not taken:
                taken.append(b"")
                raise OSError(number, os.strerror(number))
            return await self._loop(_opened, _most)

    real = asyncio.get_running_loop().sock_recv
    for replies, said in (((), reason), ((b"right",), "right")):
        taken.clear()
        async with server(*replies) as (place, _):
            asyncio.get_running_loop().sock_recv = Complaining(real).sock_recv  # type: ignore[method-assign]
            try:
                if replies:
                    assert await asked(place, b"?", if_right, Deadline(PATIENCE_S)) == said
                else:
                    assert await fault_of(place) == said
            finally:
                asyncio.get_running_loop().sock_recv = real  # type: ignore[method-assign]


async def test_an_error_of_our_own_while_waiting_is_ours():
    async def short_of_memory(_opened, _most):
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    loop = asyncio.get_running_loop()
    real = loop.sock_recv
    async with server() as (place, _):
        loop.sock_recv = short_of_memory  # type: ignore[method-assign]
        try:
            with pytest.raises(OSError, match="memory"):
                await asked(place, b"?", if_right, Deadline(1))
        finally:
            loop.sock_recv = real  # type: ignore[method-assign]
