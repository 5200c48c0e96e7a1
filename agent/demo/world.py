"""What the practice site looks at, as a process of its own: listeners on loopback that can be taken down.

    python -m agent.demo.world

prints the ports it listens on as one JSON line, then obeys lines on its standard input: `down NAME`,
`up NAME`; it ends with its input. Alerts posted to `sink` are printed, one JSON line each.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable

HOST = "127.0.0.1"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_LONGEST = 1 << 20


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A TCP service that listens and waits."""
    await reader.read(1)
    writer.close()


async def _page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The city platform's page."""
    await _request(reader)
    body = "<html><title>数字城管 演练</title></html>".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    await _answer(writer, head.encode() + b"Connection: close\r\n\r\n" + body)


async def _camera(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A camera that answers RTSP OPTIONS and nothing else."""
    await _request(reader)
    await _answer(writer, b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n")


async def _sink(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The vendor's alert robot: prints what it is told, and says yes."""
    head = await _request(reader)
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
    )
    body = await reader.readexactly(min(length, _LONGEST))
    sys.stdout.write(json.dumps({"alert": json.loads(body)}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    await _answer(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


async def _request(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def _answer(writer: asyncio.StreamWriter, answer: bytes) -> None:
    writer.write(answer)
    await writer.drain()
    writer.close()


THINGS: dict[str, Handler] = {
    "link": _silent,
    "platform": _page,
    "database": _silent,
    "camera-1": _camera,
    "camera-2": _camera,
    "camera-3": _camera,
    "sink": _sink,
}


class World:
    """Listeners by name; one that is down keeps its port for its return."""

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self._servers: dict[str, asyncio.Server] = {}

    async def up(self, name: str) -> None:
        """Let the thing listen (again)."""
        if name in self._servers:
            return

        async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await THINGS[name](reader, writer)
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                writer.close()

        server = await asyncio.start_server(quietly, HOST, self.ports.get(name, 0))
        self.ports[name] = server.sockets[0].getsockname()[1]
        self._servers[name] = server

    def down(self, name: str) -> None:
        """Let it vanish: connections are refused."""
        server = self._servers.pop(name, None)
        if server is not None:
            server.close()

    async def obey(self, lines: asyncio.StreamReader) -> None:
        """`down NAME` and `up NAME`, until the input ends."""
        while line := (await lines.readline()).decode().split():
            word, name = line
            if word == "down":
                self.down(name)
            else:
                await self.up(name)


async def _live() -> None:
    world = World()
    for name in THINGS:
        await world.up(name)
    sys.stdout.write(json.dumps(world.ports) + "\n")
    sys.stdout.flush()
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    await world.obey(lines)


if __name__ == "__main__":
    asyncio.run(_live())
