"""Servers on loopback that behave as a test wants, honest or hostile, and the certificates that they show."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def stranger(handle: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A TCP server for the length of a `with`; yields its port. The handler's connection is closed behind it."""
    tasks: set[asyncio.Task[None]] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with suppress(OSError, EOFError, asyncio.LimitOverrunError):
                await handle(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for _ in range(5):  # a connection that was accepted just now becomes a task
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def answering(*parts: bytes) -> Handler:
    """Waits for a request's first bytes, then says these parts and hangs up."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.writelines(parts)
        await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
            await reader.read()

    return handle


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Accepts, and never says a word."""
    await reader.read()
    await asyncio.Event().wait()


def endless(first: bytes, again: bytes) -> Handler:
    """Says `again` for ever, after `first`."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(first)
        while not writer.is_closing():  # which within TLS `drain` does not tell
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(0)

    return handle


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of 127.0.0.1 that nobody listens on, and that nobody else is given meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def certificate(folder: Path, *, days: int = 90, names: str = "DNS:localhost,IP:127.0.0.1", at: str = "") -> Path:
    """A self-signed certificate with its key in one file; `at`: made at that instant of the past."""
    made = folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", str(days), "-subj", "/CN=test", "-addext", f"subjectAltName={names}"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(made)]
    subprocess.run(["faketime", at, *command] if at else command, check=True, capture_output=True)
    made.write_text(made.read_text() + (folder / "key.pem").read_text())
    return made


def tls_of(made: Path) -> ssl.SSLContext:
    """A server's context that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    return context
