"""TCP and TLS connections to strangers: who is to blame when there is none, and bounds on what is read.

The kernel tells blame by when it says no (docs/bounds.md). At once, while `connect` is called:
no route, no network, no permission, no free port or file descriptor: ours, let through as OSError. Later, while the
handshake is under way: refused, reset, silence, or word from the way that the host is not reached: the asset's.
A network that died behind our own card is not seen here; the agent's look at its uplink tells that.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
import time
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from probes.faults import AssetFaultError, OwnFaultError
from probes.net.error_reasons import OF_A_HANDSHAKE
from probes.net.resolve import HostAddress, places
from probes.reasons import (
    BROKEN_OFF,
    CERTIFICATE_REFUSED,
    CONNECT_TIMEOUT,
    NOT_MEASURABLE,
    READ_TIMEOUT,
    REFUSED,
    TLS_FAILED,
    TOO_MUCH,
    UNREACHABLE,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from probes.address import Endpoint

CONNECT_REASONS = (REFUSED, CONNECT_TIMEOUT, UNREACHABLE)
READ_REASONS = (BROKEN_OFF, READ_TIMEOUT, TOO_MUCH)
TLS_REASONS = (TLS_FAILED, CERTIFICATE_REFUSED)
_LINE_BYTES = 8_192
_DEAD_PEER = (ConnectionError, EOFError)


class Deadline:
    """One wall for all parts of a look (bound B1), names and handshakes included."""

    def __init__(self, timeout_s: float) -> None:
        self._began = time.monotonic()
        self._timeout_s = timeout_s

    def elapsed_ms(self) -> float:
        """Milliseconds since the look began."""
        return round((time.monotonic() - self._began) * 1000, 3)

    def left_s(self) -> float:
        """Seconds that remain, never negative."""
        return max(0.0, self._began + self._timeout_s - time.monotonic())


async def connected(endpoint: Endpoint, deadline: Deadline) -> socket.socket:
    """A connected non-blocking socket; of several addresses the first that accepts, each given its share of time.

    AssetFaultError: refused, silent, unreachable. OwnFaultError: the name. OSError: ours.
    """
    found = await places(endpoint.host, endpoint.port, timeout_s=deadline.left_s())
    fault: AssetFaultError | None = None
    for index, place in enumerate(found[:4]):
        share_s = deadline.left_s() / (min(4, len(found)) - index)
        try:
            return await _connect(place, share_s)
        except AssetFaultError as error:
            fault = fault or error
        except OSError:
            if fault is None and index == min(4, len(found)) - 1:
                raise
    raise fault or AssetFaultError(CONNECT_TIMEOUT)


async def _connect(place: HostAddress, timeout_s: float) -> socket.socket:
    opened = socket.socket(place.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        at_once = opened.connect_ex(place.address)
        if at_once == errno.EINPROGRESS:
            await _handshake(opened, timeout_s)
        else:
            _judge_at_once(at_once)
    except BaseException:
        opened.close()
        raise
    return opened


def _judge_at_once(error: int) -> None:
    """What `connect` itself says comes from this machine, but for a refusal over loopback."""
    if error == errno.ECONNREFUSED:
        raise AssetFaultError(REFUSED)
    if error:
        raise OSError(error, os.strerror(error))


async def _handshake(opened: socket.socket, timeout_s: float) -> None:
    loop = asyncio.get_running_loop()
    writable: asyncio.Future[None] = loop.create_future()
    loop.add_writer(opened.fileno(), _settle, writable)
    try:
        async with asyncio.timeout(timeout_s):
            await writable
    except TimeoutError:
        raise AssetFaultError(CONNECT_TIMEOUT) from None
    finally:
        loop.remove_writer(opened.fileno())
    later = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if later in OF_A_HANDSHAKE:
        raise AssetFaultError(OF_A_HANDSHAKE[later])
    if later:
        raise OSError(later, os.strerror(later))


def _settle(writable: asyncio.Future[None]) -> None:
    if not writable.done():
        writable.set_result(None)


class Stream:
    """Bounded reads and writes on a connection, all under one deadline; faults are told as AssetFaultError."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, deadline: Deadline) -> None:
        self._reader = reader
        self._writer = writer
        self._deadline = deadline

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The TLS side of it, to ask for certificate and version."""
        found: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        return found

    async def write(self, data: bytes) -> None:
        """Send all of it."""
        self._writer.write(data)
        try:
            async with asyncio.timeout(self._deadline.left_s()):
                await self._writer.drain()
        except TimeoutError:
            raise AssetFaultError(READ_TIMEOUT, "it takes no more bytes") from None
        except _DEAD_PEER:
            raise AssetFaultError(BROKEN_OFF) from None

    async def line(self) -> bytes:
        """A line without its end; at most 8 KiB (bound B5)."""
        try:
            async with asyncio.timeout(self._deadline.left_s()):
                raw = await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise AssetFaultError(TOO_MUCH, f"a line of more than {_LINE_BYTES} bytes") from None
        except TimeoutError:
            raise AssetFaultError(READ_TIMEOUT) from None
        except (*_DEAD_PEER, ssl.SSLError):
            raise AssetFaultError(BROKEN_OFF) from None
        return raw.rstrip(b"\r\n")

    async def some(self, most: int) -> bytes:
        """What is there, 1 to `most` bytes; empty at the end of the stream."""
        try:
            async with asyncio.timeout(self._deadline.left_s()):
                return await self._reader.read(most)
        except TimeoutError:
            raise AssetFaultError(READ_TIMEOUT) from None
        except (*_DEAD_PEER, ssl.SSLError):
            raise AssetFaultError(BROKEN_OFF) from None

    async def exactly(self, length: int) -> bytes:
        """So many bytes; the caller has bounded the number."""
        try:
            async with asyncio.timeout(self._deadline.left_s()):
                return await self._reader.readexactly(length)
        except TimeoutError:
            raise AssetFaultError(READ_TIMEOUT) from None
        except (*_DEAD_PEER, ssl.SSLError):
            raise AssetFaultError(BROKEN_OFF) from None

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Go on in TLS, with that server name."""
        await _in_tls(
            self._writer.start_tls(context, server_hostname=name, ssl_handshake_timeout=None), self._deadline
        )

    def drop(self) -> None:
        """Close at once; a polite good-bye could be made to last for ever."""
        self._writer.transport.abort()


async def _in_tls(handshake: object, deadline: Deadline) -> None:
    try:
        async with asyncio.timeout(deadline.left_s()):
            await handshake  # type: ignore[misc]
    except ssl.SSLCertVerificationError as error:
        raise AssetFaultError(CERTIFICATE_REFUSED, error.verify_message) from None
    except ssl.SSLError as error:
        raise AssetFaultError(TLS_FAILED, (error.reason or "protocol error").replace("_", " ").lower()) from None
    except TimeoutError:
        raise AssetFaultError(TLS_FAILED, "not finished in time") from None
    except _DEAD_PEER:
        raise AssetFaultError(TLS_FAILED, "connection broken off") from None


@asynccontextmanager
async def stream(
    endpoint: Endpoint, deadline: Deadline, *, tls: ssl.SSLContext | None = None, name: str = ""
) -> AsyncIterator[Stream]:
    """A connection for the length of a `with`; with `tls`, a handshake for the server `name` comes first."""
    opened = await connected(endpoint, deadline)
    reader, writer = await asyncio.open_connection(sock=opened, limit=_LINE_BYTES)
    found = Stream(reader, writer, deadline)
    try:
        if tls is not None:
            await found.start_tls(tls, name or endpoint.host)
        yield found
    finally:
        found.drop()


def tls_context(*, verify: bool, ca_file: str = "") -> ssl.SSLContext:
    """TLS 1.2 or newer. Without `verify` anybody is believed: for cameras that sign their own certificate.

    OwnFaultError: there are no authorities to verify with. OSError: `ca_file` cannot be read.
    """
    return _context(verify, ca_file, _changed_ns(ca_file or ssl.get_default_verify_paths().cafile) if verify else 0)


def _changed_ns(path: str | None) -> int:
    """When a file was last written: authorities are renewed while we run for years."""
    return Path(path).stat().st_mtime_ns if path else 0


@lru_cache(maxsize=64)  # reading the machine's authorities costs 20 ms of CPU each time
def _context(verify: bool, ca_file: str, _changed: int) -> ssl.SSLContext:  # noqa: FBT001 - a cache's key
    if not verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if not ca_file and not _has_authorities():
        raise OwnFaultError(NOT_MEASURABLE, "no certificate authorities are installed")
    return ssl.create_default_context(cafile=ca_file or None)


def _has_authorities() -> bool:
    paths = ssl.get_default_verify_paths()
    return paths.cafile is not None or (paths.capath is not None and any(Path(paths.capath).iterdir()))
