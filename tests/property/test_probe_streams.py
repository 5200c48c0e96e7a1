"""Whole conversations with servers that are nearly right, without a network: bytes go in, an outcome comes out.

By TCP: what the server says is there at once, and then the stream ends. Databases: the library speaks to one end of a
pair of sockets, whose other end has said all that it will say.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from probes.address import Endpoint
from probes.faults import AssetFaultError, OwnFaultError
from probes.http.exchange import _body, _head
from probes.kinds import mysql, postgres, sip, smtp, ssh
from probes.net.connection import Deadline, Stream
from probes.net.database import GARBLED, DatabaseAnswer, DatabaseLogin
from probes.registry import PROBES
from probes.rtsp.session import Session, StreamOptions
from tests.support.patience import PATIENCE_S
from tests.support.replies.mangled import LONG, SHORT, holds
from tests.support.servers.honest import SDP, picture
from tests.support.servers.hostile import ASKED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from types import ModuleType


class _Deaf:
    """The writing half of a connection to somebody who does not listen."""

    def write(self, _data: bytes) -> None:
        pass

    async def drain(self) -> None:
        pass


def stream(data: bytes) -> Stream:
    reader = asyncio.StreamReader(limit=8_192)
    reader.feed_data(data)
    reader.feed_eof()
    return Stream(reader, _Deaf(), Deadline(PATIENCE_S))  # type: ignore[arg-type]


async def http(said: Stream) -> object:
    response = await _head(said, Deadline(PATIENCE_S))
    response.body = await _body(said, response.headers, 1 << 20)
    return response


async def rtsp(said: Stream) -> object:
    """Describe, set up, play, and take a packet."""
    session = Session(said, "rtsp://127.0.0.1/x", StreamOptions(), None)
    tracks = await session.described()
    await session.play(tracks[0])
    return await session.packet()


async def call(said: Stream) -> object:
    status = sip.final_status(await sip._message(said), "a")
    if status is None:
        raise AssetFaultError("no answer")
    return status


async def mail(said: Stream) -> object:
    await smtp._reply(said, 220)
    return await smtp._reply(said, 250)


class Talk(NamedTuple):
    read: Callable[[Stream], Awaitable[Any]]
    good: bytes
    refusal: bytes = b""


_PLAYED = b"RTSP/1.0 200 OK\r\nCSeq: %d\r\nSession: 1;timeout=60\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n"
CAMERA = b"".join(
    (
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: %d\r\n\r\n%s" % (len(SDP), SDP),
        *(_PLAYED % number for number in (2, 3)),
        b"$\1\0\2ab$\0\0\x10" + b"\x80\x60" + bytes(14),
    )
)
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKS = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
TALKS = {
    "http": Talk(http, PAGE),
    "http in chunks": Talk(http, CHUNKS),
    "http with a picture": Talk(http, b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + picture()[:900]),
    "rtsp": Talk(rtsp, CAMERA, b"RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n"),
    "sip": Talk(call, b"SIP/2.0 200 OK\r\nCall-ID: a\r\nContent-Length: 2\r\n\r\nab", b"HTTP/1.1 200 OK\r\n\r\n"),
    "smtp": Talk(mail, b"220-a\r\n220 b\r\n250-c\r\n250 STARTTLS\r\n", b"554 no\r\n554 no\r\n"),
    "ssh": Talk(ssh._identification, b"welcome\r\nSSH-2.0-OpenSSH_9.2\r\n", b"RFB 003.008\r\n"),
}
EVERY = pytest.mark.parametrize("name", TALKS)


def is_understood_or_is_the_assets_fault(name: str, examples: int) -> None:
    talk = TALKS[name]
    with asyncio.Runner() as runner:

        async def one(data: bytes) -> None:
            with suppress(AssetFaultError, OwnFaultError, IndexError if talk.read is rtsp else AssetFaultError):
                await talk.read(stream(data))

        holds(lambda data: runner.run(one(data)), [talk.good], examples)


@EVERY
def test_a_good_talk_is_understood(name):
    async def one() -> object:
        return await TALKS[name].read(stream(TALKS[name].good))

    assert asyncio.run(one())


@EVERY
def test_a_talk_that_is_nearly_right_is_understood_or_is_the_assets_fault(name):
    is_understood_or_is_the_assets_fault(name, SHORT)


@pytest.mark.faults
@EVERY
def test_a_talk_that_is_nearly_right_is_understood_or_is_the_assets_fault_many_times(name):
    is_understood_or_is_the_assets_fault(name, LONG)


@pytest.mark.parametrize("name", [name for name, talk in TALKS.items() if talk.refusal])
def test_a_refusal_that_is_mangled_is_no_success(name):
    async def one(data: bytes) -> None:
        with pytest.raises((AssetFaultError, OwnFaultError)):
            await TALKS[name].read(stream(data))

    with asyncio.Runner() as runner:
        holds(lambda data: runner.run(one(data)), [TALKS[name].refusal], SHORT)


# Databases


def mysql_packets(*bodies: bytes) -> bytes:
    """Packets of a server, numbered as a client expects them."""
    numbers = (0, 2, 1, 1, 1, 1, 2, 3, 4, 5)
    return b"".join(
        len(body).to_bytes(3, "little") + bytes([number]) + body
        for number, body in zip(numbers, bodies, strict=False)
    )


_GREETING = (
    (b"\x0a8.0.0\0\1\0\0\0" + b"x" * 8 + b"\0" + struct.pack("<HBHHB", 0xF7FF & ~0x0800, 33, 2, 0x0008, 21))
    + bytes(10)
    + b"y" * 12
    + b"\0mysql_native_password\0"
)
_OK, _EOF = b"\0\0\0\2\0\0\0", b"\xfe\0\0\2\0"
_COLUMN = b"\3def\0\0\0\0011\0\x0c\x3f\0\1\0\0\0\x08\x81\0\0\0\0"
MYSQL = mysql_packets(_GREETING, _OK, _OK, _OK, _OK, b"\1", _COLUMN, _EOF, b"\0011", _EOF)
MYSQL_REFUSES = mysql_packets(_GREETING, b"\xff\x15\x04#28000Access denied for user")


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


_READY = message(b"Z", b"I")
_ROW = struct.pack("!H", 1) + b"?column?\0" + struct.pack("!IHIHIH", 0, 0, 23, 4, 0xFFFFFFFF, 0)
POSTGRES = b"N" + b"".join(
    (
        message(b"R", bytes(4)),
        message(b"S", b"client_encoding\0UTF8\0"),
        message(b"K", bytes(8)),
        _READY,
        message(b"T", _ROW),
        message(b"D", b"\0\1\0\0\0\0011"),
        message(b"C", b"SELECT 1\0"),
        _READY,
    )
)
POSTGRES_REFUSES = b"N" + message(b"E", b"SFATAL\0C53300\0Msorry, too many clients already\0\0")
DATABASES = {
    "mysql": (mysql, mysql.Options(), MYSQL, MYSQL_REFUSES),
    "postgres": (postgres, postgres.Options(), POSTGRES, POSTGRES_REFUSES),
}
BOTH = pytest.mark.parametrize("name", DATABASES)


def session(module: ModuleType, options: Any, data: bytes) -> DatabaseAnswer | None:
    """What the library makes of these bytes; None: a fault that `probes.net.database` has a word for."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(PATIENCE_S)  # it has all that there will be: it can wait for nothing
        ours.sendall(data)
        ours.shutdown(socket.SHUT_WR)
        login = DatabaseLogin(Endpoint("127.0.0.1", 1), options, "x", None, lambda: 1.0)
        try:
            found: DatabaseAnswer = module._session(theirs, login)
        except TimeoutError:
            raise
        except (AssetFaultError, OwnFaultError, ConnectionError, EOFError, ssl.SSLError, *GARBLED):
            return None
        return found


@BOTH
def test_a_good_session_has_its_first_value(name):
    module, options, good, _ = DATABASES[name]
    answer = session(module, options, good)
    assert answer is not None
    assert answer.first == "1"


def databases_hold(name: str, examples: int) -> None:
    module, options, good, refusal = DATABASES[name]
    holds(lambda data: session(module, options, data[: 256 << 10]), [good], examples)

    def refused(data: bytes) -> None:
        assert session(module, options, data) is None

    holds(refused, [refusal], examples)


@BOTH
def test_a_session_that_is_nearly_right_has_a_word_and_a_refusal_is_no_success(name):
    databases_hold(name, SHORT // 3)  # the library takes 20 ms to begin


@pytest.mark.faults
@BOTH
def test_a_session_that_is_nearly_right_has_a_word_and_a_refusal_is_no_success_many_times(name):
    databases_hold(name, LONG // 20)


# No kind is forgotten

ELSEWHERE = {
    "tcp": "tests/server/test_probe_tcp.py",  # reads nothing
    "dns": "tests/property/test_probe_parsers.py",  # a length, then what comes by UDP too
    "tls": "tests/property/test_probe_parsers.py",  # the handshake is OpenSSL's, the certificate ours
    "onvif": "http",
    "recording": "http",
    "snapshot": "http with a picture",
    "frame": "rtsp",
}
"""A kind that talks over a stream → the talk of another that is its own too, or the tests of what it reads."""


def not_mangled(kinds: Iterable[str]) -> set[str]:
    """Those of these kinds of whose talk no test here holds what is nearly right; a talk begins with its kind."""
    return set(kinds) - {talk.partition(" ")[0] for talk in TALKS} - set(DATABASES) - set(ELSEWHERE)


def test_every_kind_that_talks_over_a_stream_has_its_talk_here_or_elsewhere():
    by_stream = {asked.kind for asked in ASKED.values() if asked.wire == "tcp"}
    by_stream |= {name for name, kind in PROBES.items() if kind.service is not None and kind.service[0] == "tcp"}
    assert not_mangled(by_stream) == set(), "add its talk to TALKS, or to ELSEWHERE what holds it"
    assert not_mangled([*by_stream, "semaphore"]) == {"semaphore"}


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_what_holds_a_kind_s_talk_elsewhere_is_there(kind):
    where = ELSEWHERE[kind]
    assert kind in PROBES
    assert kind not in {*TALKS, *DATABASES}
    assert where in TALKS or (Path(__file__).parents[2] / where).is_file()
