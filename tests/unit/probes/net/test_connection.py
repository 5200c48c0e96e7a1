"""TCP and TLS to strangers, by real sockets on loopback: whose fault it is, and what is read at most."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from contextlib import ExitStack

import pytest

from probes.address import Endpoint
from probes.faults import AssetFaultError, OwnFaultError
from probes.net import connection
from probes.net.connection import Deadline, connected, stream, tls_context
from probes.net.resolve import HostAddress
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import certificate, closed_port, silent, stranger, tls_of

LOOPBACK = "127.0.0.1"


def saying(*parts: bytes, then_hang_up: bool = True):
    async def handle(reader, writer):
        writer.writelines(parts)
        await writer.drain()
        if then_hang_up:
            writer.write_eof()
        await reader.read()

    return handle


async def read_by(work, *parts: bytes, timeout_s: float = PATIENCE_S, then_hang_up: bool = True):
    handle = saying(*parts, then_hang_up=then_hang_up)
    async with stranger(handle) as port, stream(Endpoint(LOOPBACK, port), Deadline(timeout_s)) as opened:
        return await work(opened)


async def fault_of(work) -> str:
    with pytest.raises(AssetFaultError) as fault:
        await work
    return fault.value.reason


# Connecting


async def test_a_listener_is_connected_to():
    with socket.create_server((LOOPBACK, 0)) as listener:
        opened = await connected(Endpoint(LOOPBACK, listener.getsockname()[1]), Deadline(PATIENCE_S))
        assert opened.getpeername() == listener.getsockname()
        assert not opened.getblocking()
        opened.close()


async def test_a_port_without_a_listener_refuses():
    with closed_port() as port:
        assert await fault_of(connected(Endpoint(LOOPBACK, port), Deadline(PATIENCE_S))) == "connection refused"


async def test_a_listener_whose_queue_is_full_does_not_accept_in_time():
    with socket.socket() as listener, ExitStack() as held:
        listener.bind((LOOPBACK, 0))
        listener.listen(0)
        for _ in range(8):
            client = held.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        where = Endpoint(LOOPBACK, listener.getsockname()[1])
        assert await fault_of(connected(where, Deadline(1))) == "connection not accepted in time"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ECONNREFUSED, "connection refused"),
        (errno.ECONNRESET, "connection refused"),
        (errno.ETIMEDOUT, "connection not accepted in time"),
        (errno.EHOSTUNREACH, "unreachable"),
        (errno.ENETUNREACH, "unreachable"),
        (errno.EACCES, "unreachable"),
    ],
)
async def test_what_the_kernel_hears_while_a_handshake_is_under_way_is_the_asset_s(monkeypatch, number, reason):
    later_says(monkeypatch, number)
    assert await fault_of(connected(Endpoint(LOOPBACK, 9), Deadline(PATIENCE_S))) == reason


@pytest.mark.parametrize("number", [errno.ENOBUFS, errno.ENETDOWN, errno.EPERM])
async def test_what_only_this_machine_can_say_later_is_ours(monkeypatch, number):
    later_says(monkeypatch, number)
    with pytest.raises(OSError, match=os.strerror(number)) as error:
        await connected(Endpoint(LOOPBACK, 9), Deadline(PATIENCE_S))
    assert error.value.errno == number


def later_says(monkeypatch, number: int) -> None:
    """Every handshake is under way, is over at once, and has failed with this error."""

    class Socket(socket.socket):
        def connect_ex(self, _address: object) -> int:
            return errno.EINPROGRESS

        def getsockopt(self, *_arguments: object) -> int:  # type: ignore[override]
            return number

    monkeypatch.setattr(connection.socket, "socket", Socket)


@pytest.mark.parametrize(
    "number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EPERM, errno.ECONNRESET]
)
async def test_what_connect_itself_says_is_ours_whatever_it_is_called(monkeypatch, number):
    """No route at our end is ENETUNREACH too; only when it says so tells the two apart."""
    monkeypatch.setattr(connection.socket, "socket", refusing(number))
    with pytest.raises(OSError, match=os.strerror(number)) as error:
        await connected(Endpoint(LOOPBACK, 9), Deadline(PATIENCE_S))
    assert (error.value.errno, error.value.strerror) == (number, os.strerror(number))


async def test_only_a_refusal_over_loopback_comes_at_once_and_is_the_asset_s(monkeypatch):
    monkeypatch.setattr(connection.socket, "socket", refusing(errno.ECONNREFUSED))
    assert await fault_of(connected(Endpoint(LOOPBACK, 9), Deadline(PATIENCE_S))) == "connection refused"


def refusing(number: int) -> type[socket.socket]:
    class Socket(socket.socket):
        def connect_ex(self, _address: object) -> int:
            return number

    return Socket


def several(monkeypatch, *hosts: str) -> None:
    """A name that stands for these addresses, in this order."""

    async def places(_host: str, port: int = 0, *, timeout_s: float) -> list[HostAddress]:
        assert timeout_s > 0
        return [HostAddress(socket.AF_INET, (host, port)) for host in hosts]

    monkeypatch.setattr(connection, "places", places)


async def test_of_several_addresses_the_first_that_accepts_is_taken(monkeypatch):
    with socket.create_server(("127.0.0.3", 0)) as listener:
        several(monkeypatch, "127.0.0.1", "127.0.0.2", "127.0.0.3")
        opened = await connected(Endpoint("camera.example", listener.getsockname()[1]), Deadline(PATIENCE_S))
        assert opened.getpeername()[0] == "127.0.0.3"
        opened.close()


async def test_where_none_accepts_the_fault_of_the_first_is_told(monkeypatch):
    with closed_port() as port:
        several(monkeypatch, "127.0.0.1", "127.0.0.2")
        assert (
            await fault_of(connected(Endpoint("camera.example", port), Deadline(PATIENCE_S))) == "connection refused"
        )


async def test_more_than_four_addresses_are_not_tried(monkeypatch):
    with socket.create_server(("127.0.0.9", 0)) as listener:
        several(monkeypatch, *(f"127.0.0.{n}" for n in (1, 2, 3, 4, 9)))
        assert (
            await fault_of(connected(Endpoint("x", listener.getsockname()[1]), Deadline(PATIENCE_S)))
            == "connection refused"
        )


# Reading and writing


@pytest.mark.parametrize(
    ("said", "lines"),
    [(b"one\r\ntwo\n", [b"one", b"two"]), (b"\r\n\n", [b"", b""]), (b"a\rb\n" * 2, [b"a\rb", b"a\rb"])],
)
async def test_lines_come_without_their_ends(said, lines):
    async def two(opened):
        return [await opened.line(), await opened.line()]

    assert await read_by(two, said) == lines


async def test_a_line_of_8_kib_is_read_and_a_longer_one_is_too_much():
    assert len(await read_by(lambda opened: opened.line(), b"x" * 8_191 + b"\n")) == 8_191
    assert (
        await fault_of(read_by(lambda opened: opened.line(), b"x" * 20_000 + b"\n"))
        == "answer too large: a line of more than 8192 bytes"
    )


READS = pytest.mark.parametrize(
    "read", [lambda opened: opened.line(), lambda opened: opened.exactly(5)], ids=["line", "exactly"]
)


@READS
async def test_an_end_in_the_middle_is_broken_off(read):
    assert await fault_of(read_by(read, b"abc")) == "connection broken off"


@READS
async def test_silence_in_the_middle_is_late(read):
    assert await fault_of(read_by(read, b"abc", timeout_s=1, then_hang_up=False)) == "answer not complete in time"


@pytest.mark.parametrize("read", [*READS.args[1], lambda opened: opened.some(5)])
async def test_a_reset_is_broken_off(read):
    async def reset(_reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        writer.transport.abort()

    async def look():
        async with stranger(reset) as port, stream(Endpoint(LOOPBACK, port), Deadline(PATIENCE_S)) as opened:
            return await read(opened)

    assert await fault_of(look()) == "connection broken off"


async def test_some_bytes_are_what_is_there_and_nothing_at_the_end():
    async def all_of(opened):
        return [await opened.exactly(2), await opened.some(2), await opened.some(9), await opened.some(9)]

    assert await read_by(all_of, b"abcdef") == [b"ab", b"cd", b"ef", b""]


async def test_silence_is_late_for_some_bytes_too():
    assert await fault_of(read_by(lambda opened: opened.some(1), timeout_s=1, then_hang_up=False)) == (
        "answer not complete in time"
    )


async def test_one_deadline_holds_for_all_reads_together():
    """Each byte comes in time, and the look ends all the same."""

    async def drip(_reader, writer):
        for _ in range(100):
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def look():
        async with stranger(drip) as port, stream(Endpoint(LOOPBACK, port), Deadline(1)) as opened:
            while True:
                await opened.exactly(1)

    assert await fault_of(look()) == "answer not complete in time"


async def test_who_takes_no_more_bytes_is_late():
    async def deaf(_reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        writer.transport.pause_reading()
        await asyncio.Event().wait()

    async def look():
        async with stranger(deaf) as port, stream(Endpoint(LOOPBACK, port), Deadline(1)) as opened:
            for _ in range(100):
                await opened.write(b"x" * (1 << 20))

    assert await fault_of(look()) == "answer not complete in time: it takes no more bytes"


async def test_a_connection_is_closed_with_its_with_whatever_happens():
    gone = asyncio.Event()

    async def handle(reader, _writer):
        await reader.read()
        gone.set()

    async with stranger(handle) as port:
        with pytest.raises(ZeroDivisionError):
            async with stream(Endpoint(LOOPBACK, port), Deadline(PATIENCE_S)):
                raise ZeroDivisionError
        await asyncio.wait_for(gone.wait(), PATIENCE_S)


# TLS


@pytest.mark.needs("openssl")
async def test_within_tls_the_certificate_can_be_asked_for(tmp_path):
    made = certificate(tmp_path)
    context = tls_context(verify=True, ca_file=str(made))
    async with (
        stranger(saying(b"hello\n"), tls=tls_of(made)) as port,
        stream(Endpoint("localhost", port), Deadline(PATIENCE_S), tls=context) as opened,
    ):
        assert await opened.line() == b"hello"
        assert opened.tls is not None
        assert opened.tls.getpeercert(binary_form=True) == ssl.PEM_cert_to_DER_cert(pem_of(made))


def pem_of(made) -> str:
    return made.read_text().partition("-----BEGIN PRIVATE KEY")[0]


@pytest.mark.needs("openssl")
@pytest.mark.parametrize(
    ("name", "trusts", "phrase"),
    [("elsewhere.example", True, "certificate not valid"), ("localhost", False, "certificate not valid")],
)
async def test_another_name_and_strange_authorities_are_the_certificate_s_fault(tmp_path, name, trusts, phrase):
    made = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    authority = made if trusts else certificate(tmp_path / "other")
    async with stranger(silent, tls=tls_of(made)) as port:
        with pytest.raises(AssetFaultError) as fault:
            async with stream(
                Endpoint(LOOPBACK, port),
                Deadline(PATIENCE_S),
                tls=tls_context(verify=True, ca_file=str(authority)),
                name=name,
            ):
                pass
    assert fault.value.why.phrase == phrase
    assert fault.value.why.detail


@pytest.mark.parametrize(
    ("handle", "detail"),
    [
        (saying(b"220 hello\r\n"), None),
        (saying(), "connection broken off"),
        (silent, "not finished in time"),
    ],
)
async def test_who_speaks_no_tls_fails_the_handshake(handle, detail):
    async with stranger(handle) as port:
        with pytest.raises(AssetFaultError) as fault:
            async with stream(Endpoint(LOOPBACK, port), Deadline(1), tls=tls_context(verify=False)):
                pass
    assert fault.value.why.phrase == "TLS handshake failed"
    assert fault.value.why.detail
    assert detail in (None, fault.value.why.detail)


def test_without_verification_nobody_is_vouched_for():
    context = tls_context(verify=False)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_NONE, False)
    assert context.minimum_version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.MINIMUM_SUPPORTED)


def test_a_file_of_authorities_that_is_not_there_is_ours(tmp_path):
    with pytest.raises(FileNotFoundError):
        tls_context(verify=True, ca_file=str(tmp_path / "nothing.pem"))


def test_a_machine_without_authorities_cannot_verify(monkeypatch, tmp_path):
    nothing = ssl.DefaultVerifyPaths(None, str(tmp_path), "", "", "", "")
    monkeypatch.setattr(connection.ssl, "get_default_verify_paths", lambda: nothing)
    connection._context.cache_clear()
    with pytest.raises(OwnFaultError, match="no certificate authorities are installed"):
        tls_context(verify=True)
    connection._context.cache_clear()


# The wall


def test_a_deadline_runs_from_when_it_was_made_and_never_below_nothing():
    deadline = Deadline(2)
    assert 0 < deadline.left_s() <= 2
    assert Deadline(-1).left_s() == 0
    assert Deadline(0).elapsed_ms() >= 0
