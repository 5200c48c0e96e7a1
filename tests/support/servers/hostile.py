"""Servers that behave badly on purpose, for every kind of probe, and what must hold whatever they do.

`ASKED` says how each kind is pointed at such a server, and what an answer to it looks like from the outside; the
behaviours below are made of that. A kind that opens a connection and is not in the table makes a test red.
"""

from __future__ import annotations

import asyncio
import gc
import random
import socket
import struct
import threading
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from probes.registry import PROBES
from tests.support.patience import PATIENCE_S, until
from tests.support.servers import honest
from tests.support.servers.daemons import udp_stranger
from tests.support.servers.honest import WORDS
from tests.support.servers.stranger import silent, stranger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from probes.outcome import Outcome
    from tests.support.servers.stranger import Handler

TIMEOUT_S = 1.0
"""Of a look at a server that says nothing, or never enough: what it comes to is the same however late it is."""
DRIP_S = 0.08
"""Between two bytes of a tarpit. Some of what they make up is a whole answer after seconds."""
SLACK_S = PATIENCE_S
"""Beyond the time-out: a probe that waits for the server waits for ever."""
LEAVING_S = PATIENCE_S
"""In which what is on its way out must be gone."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How a kind is asked, and the shape of its answers.

    `kind`: its name in PROBES; `wire`: "tcp" or "udp"; `address`, `options`: as in a site file, `{port}` is the server's.
    `opening`: how a right answer begins, without its end: after it the kind still waits for more.
    `more`: what a server may say after that for ever, so that the answer never ends.
    `header`: lines that the kind reads over on its way to the answer, as they come again and again; only for a kind
    that reads many lines. A million of them must be `answer too large`; empty: `more` comes in their place.
    `is_ok_once_accepted`: all that the kind sees is the handshake.
    """

    kind: str
    wire: str = "tcp"
    address: str = "127.0.0.1:{port}"
    options: dict[str, Any] = field(default_factory=dict)
    opening: bytes = b""
    more: bytes = b"x" * 65_536
    header: bytes = b""
    is_ok_once_accepted: bool = False

    @property
    def behaviours(self) -> Iterable[str]:
        """Names of what a server may do to it."""
        return BY_UDP if self.wire == "udp" else BY_TCP

    async def run(self, port: int, timeout_s: float = TIMEOUT_S) -> Outcome:
        """One look at whatever listens on that port."""
        kind = PROBES[self.kind]
        return await kind.probe(self.address.format(port=port), kind.options(**self.options), timeout_s=timeout_s)


_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
_RTSP = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n"
ASKED = {
    "tcp": Asked(kind="tcp", is_ok_once_accepted=True),
    "http": Asked(kind="http", options={"text": WORDS}, opening=_HTTP + b"\r\n", header=_HTTP + b"X: y\r\n" * 4_000),
    "https": Asked(kind="http", options={"scheme": "https", "verify": False}, opening=b"\x16\x03\x03\x40\x00"),
    "tls": Asked(kind="tls", options={"verify": False}, opening=b"\x16\x03\x03\x40\x00\x02"),
    "dns": Asked(kind="dns", wire="udp"),
    "dns by tcp": Asked(kind="dns", options={"tcp": True}, opening=b"\xff\xff", more=b"\0" * 65_536),
    "ntp": Asked(kind="ntp", wire="udp"),
    "postgres": Asked(kind="postgres", opening=b"N", more=b"N\0\0\0\x08\x4dab\0" * 8_000),
    "mysql": Asked(kind="mysql", opening=b"\x4a\0\0\0\x0a8.0.0\0", more=b"\xff" * 65_536),
    "smtp": Asked(kind="smtp", opening=b"220-a\r\n", more=b"220-a\r\n" * 8_000, header=b"220-a\r\n" * 8_000),
    "ssh": Asked(kind="ssh", opening=b"welcome\r\n", header=b"welcome\r\n" * 8_000),
    "sip": Asked(kind="sip", wire="udp"),
    "sip by tcp": Asked(
        kind="sip",
        options={"transport": "tcp"},
        opening=b"SIP/2.0 100 Trying\r\n\r\n",
        header=b"SIP/2.0 200 OK\r\n" + b"A: b\r\n" * 8_000,
    ),
    "rtsp": Asked(
        kind="rtsp",
        address="rtsp://127.0.0.1:{port}/x",
        opening=_RTSP + b"Content-Length: 60000\r\n\r\n",
        more=b"$\0\xff\xff" + b"x" * 65_535,
        header=_RTSP + b"A: b\r\n" * 8_000,
    ),
    "onvif": Asked(kind="onvif", opening=_HTTP + b"\r\n", more=b"<a>\n" * 16_000, header=_HTTP + b"X: y\r\n" * 8_000),
    "recording": Asked(
        kind="recording",
        opening=_HTTP + b"\r\n",
        more=b"<a>\n" * 16_000,
        header=_HTTP + b"X: y\r\n" * 8_000,
    ),
    "frame": Asked(
        kind="frame",
        address="rtsp://127.0.0.1:{port}/x",
        opening=_RTSP + b"\r\n",
        more=b"$\0\xff\xff" + b"x" * 65_535,
        header=_RTSP + b"A: b\r\n" * 8_000,
    ),
    "snapshot": Asked(
        kind="snapshot",
        address="http://127.0.0.1:{port}/x.jpg",
        opening=_HTTP + b"\r\n\xff\xd8\xff",
        more=b"\xff\xd8\xff\xe0" * 16_000,
        header=_HTTP + b"X: y\r\n" * 8_000,
    ),
    "snmp_device": Asked(kind="snmp_device", wire="udp"),
    "snmp_link": Asked(kind="snmp_link", wire="udp", options={"index": 1}),
    "optical": Asked(kind="optical", wire="udp", options={"vendor": "huawei", "index": 1}),
}
"""Name → how it is asked; a kind may have several."""
ELSEWHERE = {"icmp": "tests/lab/test_icmp_engine.py", "host": "opens no connection", "smart": "opens no connection"}
"""Kinds with hostile neighbours of their own, or none."""


# What servers do, by TCP


def tarpit(asked: Asked) -> Handler:
    """One byte in a while, each in good time, none the last."""

    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in _for_ever(asked.opening + asked.more):
            writer.write(byte)
            await writer.drain()
            await asyncio.sleep(DRIP_S)

    return handle


def _for_ever(data: bytes) -> Iterator[bytes]:
    while True:
        for each in data:
            yield bytes([each])


def silence(_asked: Asked) -> Handler:
    return silent


def reset(_asked: Asked) -> Handler:
    """Accepts, and breaks off at once with RST."""

    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return handle


def hung_up(_asked: Asked) -> Handler:
    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()

    return handle


def _saying(first: bytes, again: Callable[[], bytes]) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        swallowed = asyncio.ensure_future(_swallow(reader))  # else the end of it would be a reset, and break us off
        try:
            writer.write(first)
            while True:
                writer.write(again())
                await writer.drain()
        finally:
            swallowed.cancel()

    return handle


async def _swallow(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        pass


def endless_body(asked: Asked) -> Handler:
    return _saying(asked.opening, lambda: asked.more)


def endless_line(_asked: Asked) -> Handler:
    return _saying(b"", lambda: b"x" * 65_536)


def endless_headers(asked: Asked) -> Handler:
    """A million lines and more, where the kind has lines at all."""
    return _saying(b"", lambda: asked.header or asked.more)


def garbage(asked: Asked) -> Handler:
    made = random.Random(asked.kind)
    return _saying(b"", lambda: made.randbytes(65_536))


BY_TCP = {
    each.__name__: each
    for each in (tarpit, silence, reset, hung_up, endless_body, endless_line, endless_headers, garbage)
}


# What servers do, by UDP


def nothing(_data: bytes) -> list[bytes]:
    return []


def noise(_data: bytes) -> list[bytes]:
    return [random.Random(7).randbytes(1_200)]


def largest(data: bytes) -> list[bytes]:
    """As large as a datagram can be, and it begins like an answer."""
    return [data[:2] + b"\x81\x80" + b"\xff" * 65_000]


def echo(data: bytes) -> list[bytes]:
    return [data]


def flood(data: bytes) -> list[bytes]:
    """Two thousand that are no answer."""
    return [bytes([each ^ 0x55 for each in data])] * 2_000


BY_UDP = {each.__name__: each for each in (nothing, noise, largest, echo, flood)}


@asynccontextmanager
async def from_elsewhere(reply: Callable[[bytes], list[bytes]]) -> AsyncIterator[int]:
    """A UDP server whose answers, right as they are, come from another port."""
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        loop = asyncio.get_running_loop()

        class Liar(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, source: Any) -> None:
                for each in reply(data):
                    other.sendto(each, source)

        transport, _ = await loop.create_datagram_endpoint(Liar, local_addr=("127.0.0.1", 0))
        try:
            yield transport.get_extra_info("sockname")[1]
        finally:
            transport.close()
            await asyncio.sleep(0)


@asynccontextmanager
async def honest_server(name: str) -> AsyncIterator[int]:
    """The control of that name of the table; yields its port."""
    found = honest.BY_UDP.get(name)
    async with udp_stranger(found) if found is not None else stranger(honest.BY_TCP[name]) as port:
        yield port


def timeout_s_at(behaviour: str) -> float:
    """The time-out of a look at a server that behaves so: short only where it is what ends the look."""
    return TIMEOUT_S if behaviour in (*BY_UDP, "tarpit", "silence") else PATIENCE_S


@asynccontextmanager
async def server(asked: Asked, behaviour: str) -> AsyncIterator[int]:
    """A server that behaves so; yields its port."""
    if asked.wire == "udp":
        async with udp_stranger(BY_UDP[behaviour]) as port:
            yield port
    else:
        async with stranger(BY_TCP[behaviour](asked)) as port:
            yield port


# What must hold


@asynccontextmanager
async def nothing_left_behind() -> AsyncIterator[None]:
    """No socket, task, thread or process is there behind it that was not before."""
    gc.collect()
    before = _held()
    yield
    what = f"something is left behind: more than {before} files, tasks, threads, children"
    await until(lambda: all(now <= then for now, then in zip(_held(), before, strict=True)), what, LEAVING_S)


def _held() -> tuple[int, int, int, int]:
    here = psutil.Process()
    return (
        len(list(Path("/proc/self/fd").iterdir())),
        len(asyncio.all_tasks()),
        threading.active_count(),
        len(here.children()),
    )


async def held_to_its_bounds(look: Any, timeout_s: float = TIMEOUT_S) -> Outcome:
    """The outcome of a look that ended by itself (bound B1)."""
    try:
        async with asyncio.timeout(timeout_s + SLACK_S):
            return await look
    except TimeoutError:
        raise AssertionError("it did not end by itself") from None
