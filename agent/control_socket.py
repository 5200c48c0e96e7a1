"""How other programs on this machine talk to the running agent: one JSON request, one JSON answer.

The socket lies in the state directory and belongs to the agent's user. The kernel says who is at
the other end, and that name stands in the ledger as the actor. A request ends where its sender
stops writing; so a caller that dies half-way has asked for nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from agent.local_user import actor_of
from agent.state_dir import SOCKET_FILE
from config.input.mistakes import RefusalError
from sla.evidence.refusals import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

MOST_BYTES = 256 << 20
PATIENCE_S = 30
_UCRED = struct.Struct("3i")


class NoAgentError(Exception):
    """No agent listens in that state directory."""


class ControlSocket:
    """Listens; `answer(actor, request)` gives the answer's keys, or raises a RefusalError."""

    def __init__(self, path: Path, answer: Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]) -> None:
        self._path = path
        self._answer = answer
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begin to listen. The caller holds the ledger's lock, so a socket that is there is a dead agent's."""
        self._path.unlink(missing_ok=True)
        with _near(self._path) as place:
            self._server = await asyncio.start_unix_server(self._serve, path=place)
        self._path.chmod(0o600)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                request = await _whole(reader)
            answer = await self._answered(_actor(writer), request)
            writer.write(json.dumps(answer, ensure_ascii=False).encode())
            await writer.drain()
        except (OSError, TimeoutError):
            log.warning("a local caller went away in the middle of its request")
        finally:
            writer.close()

    async def _answered(self, actor: str, data: bytes) -> dict[str, Any]:
        try:
            request = json.loads(data)
            if not isinstance(request, dict):
                return {"error": "wanted a JSON object"}
            return await self._answer(actor, request)
        except RefusalError as refusal:
            answer: dict[str, Any] = {"error": str(refusal), "sentence": refusal.sentence.as_json()}
            if isinstance(refusal, EvidenceError):
                answer["problems"] = [[each.line, each.reason.text()] for each in refusal.problems]
            return answer
        except ValueError as error:
            return {"error": f"no request: {error}"}
        except Exception as error:
            log.exception("a local request failed")
            return {"error": f"{type(error).__name__}: {error}"}


@contextmanager
def _near(path: Path) -> Iterator[str]:
    """A name of the socket that fits into the 107 bytes that the kernel takes, however deep its directory lies."""
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


async def _whole(reader: asyncio.StreamReader) -> bytes:
    parts = []
    left = MOST_BYTES
    while part := await reader.read(1 << 16):
        left -= len(part)
        if left < 0:
            msg = f"more than {MOST_BYTES} bytes"
            raise OSError(msg)
        parts.append(part)
    return b"".join(parts)


def _actor(writer: asyncio.StreamWriter) -> str:
    """Who is at the other end, by the kernel's word."""
    peer = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return actor_of(_UCRED.unpack(peer)[1])


def ask(state: Path, request: Mapping[str, Any], *, timeout_s: float = 120) -> dict[str, Any]:
    """Ask the agent of that state directory; NoAgentError if none is there. Blocking.

    RefusalError: it ended before it answered.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(timeout_s)
        try:
            with _near(state / SOCKET_FILE) as place:
                caller.connect(place)
        except OSError as error:
            raise NoAgentError(str(state)) from error
        try:
            found = _exchanged(caller, json.dumps(request, ensure_ascii=False).encode())
        except ConnectionError:
            found = b""  # it ended while it was asked: to the caller the same as no answer
    if not found:
        raise RefusalError(
            "the agent ended before it answered; it may or may not have taken the records: hand them in again"
        )
    answer: dict[str, Any] = json.loads(found)
    return answer


def _exchanged(caller: socket.socket, request: bytes) -> bytes:
    caller.sendall(request)
    caller.shutdown(socket.SHUT_WR)
    parts = []
    while part := caller.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)
