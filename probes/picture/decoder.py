"""Has pictures of strangers decoded and measured in a child process, at arm's length."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from probes.faults import AssetFaultError, OwnFaultError
from probes.reasons import NOT_MEASURABLE, NOT_UNDERSTOOD, TOO_MUCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from probes.net.connection import Deadline

PROGRAM = ("-P", "-m", "probes.picture.decode_child")
"""What Python is started with; the number of a socket follows it."""
MOST_BYTES = 16 << 20
MOST_ANSWER_BYTES = 64 << 10
_MOST_NUMBER = 1e9
MOST_FILES = 8
"""JPEG files that are decoded of one look: each costs as much as the first (bound B8)."""
_FAULTS = {
    "busy": (OwnFaultError, NOT_MEASURABLE, "too many pictures that take long to decode"),
    "too much": (AssetFaultError, TOO_MUCH, "when decoded"),
    "died": (AssetFaultError, NOT_UNDERSTOOD, "the decoder died over the picture"),
}
"""What is said in place of measures → whose fault it is; anything else is a broken picture."""
_WANTS_MORE = b'{"error": "more"}'
_SMALL, _LARGE = b"j", b"J"
"""How much memory a job may take (decode_child.py, which nobody imports: it loads what it decodes with)."""
FORMATS = {"JPEG": "jpeg", "H264": "h264", "H265": "hevc"}


class Decoder:
    """Starts its process at the first picture. It has a life: close it."""

    def __init__(self, program: Sequence[str] = PROGRAM) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._large = asyncio.Lock()

    async def measured(
        self, encoding: str, parts: Sequence[bytes], deadline: Deadline, clock: Sequence[float] | None = None
    ) -> dict[str, Any]:
        """The measures of the first picture (probes/picture/measures.py), and whether the others are the same.

        AssetFaultError: no picture, a broken one, one beyond the bounds. OwnFaultError: no time or room left for it.
        """
        if sum(map(len, parts)) > MOST_BYTES:
            raise AssetFaultError(TOO_MUCH, "a picture")
        if encoding == "JPEG":
            parts = few(parts)
        asked = {"format": FORMATS[encoding], "lengths": [len(part) for part in parts], "clock": clock}
        wire = (json.dumps(asked).encode() + b"\n", *parts)
        try:
            async with asyncio.timeout(deadline.left_s()):
                return _checked(await self._answer(wire))
        except TimeoutError:
            raise OwnFaultError(NOT_MEASURABLE, "no time left to decode the picture") from None

    async def _answer(self, wire: Sequence[bytes]) -> bytes:
        """Of a small child; where the picture wants more memory, of a large one, of which there is one at a time."""
        with self._job() as job:
            answer = await _exchanged(job, wire)
        if _last_line(answer) != _WANTS_MORE:
            return answer
        async with self._large:
            with self._job(_LARGE) as job:
                return await _exchanged(job, wire)

    def _job(self, size: bytes = _SMALL) -> socket.socket:
        control = self._started()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(control, [size], [theirs.fileno()])
            except BaseException:
                ours.close()
                self.close()  # the next look starts another
                raise
        ours.setblocking(False)  # noqa: FBT003 - its only spelling
        return ours

    def _started(self) -> socket.socket:
        if self._control is None or (self._process is not None and self._process.poll() is not None):
            self.close()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, *self._program, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                )
            ours.setblocking(False)  # noqa: FBT003 - a process that stands still must not hold us up: then it is replaced
            self._control = ours
        return self._control

    def close(self) -> None:
        """End the process; it ends by itself if we die."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()  # also where it stands still; its children end with it
            self._process.wait()
            self._process = None


def few(files: Sequence[bytes]) -> list[bytes]:
    """Of many JPEG files, the first and those that may show something else, spread over them; files are never none.

    Those that are the same to the last bit need no decoding to be told the same. One alone stays alone.
    """
    others = list(dict.fromkeys(each for each in files[1:] if each != files[0])) or list(files[1:2])
    if len(others) < MOST_FILES:
        return [files[0], *others]
    step = (len(others) - 1) / (MOST_FILES - 2)
    return [files[0], *(others[round(step * place)] for place in range(MOST_FILES - 1))]


async def _exchanged(job: socket.socket, wire: Sequence[bytes]) -> bytes:
    """What was said; of one that ended before it had heard all, what is said for it."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        for each in wire:
            await loop.sock_sendall(job, each)
    answer = bytearray()
    with suppress(ConnectionError):
        while len(answer) <= MOST_ANSWER_BYTES and (part := await loop.sock_recv(job, MOST_ANSWER_BYTES)):
            answer += part
    return bytes(answer)


def _last_line(answer: bytes) -> bytes:
    """What the child said, or what was said for it after its end."""
    return answer.rpartition(b"\n")[2]


def _checked(answer: bytes) -> dict[str, Any]:
    """What a child said, which may have been taken over by what it decoded.

    Nothing at all: it was ended, or the process that starts it, and not by the picture.
    """
    if not answer:
        raise OwnFaultError(NOT_MEASURABLE, "the decoder was ended before it answered")
    try:
        said = json.loads(_last_line(answer))
        error = said.get("error")
        found = None if error else said["pictures"][0]
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        raise AssetFaultError(NOT_UNDERSTOOD, "the decoder died over the picture") from None
    if error or not isinstance(found, dict):
        kind, phrase, detail = _FAULTS.get(str(error), (AssetFaultError, NOT_UNDERSTOOD, "the picture"))
        raise kind(phrase, detail)
    return _numbers(found)


def _numbers(found: dict[str, Any]) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = {
            key: [_number(each) for each in found[key][:256]] for key in ("colour", "grid", "detail")
        }
        names = ("brightness_ratio", "contrast_ratio", "lights_ratio", "sharpness", "noise_ratio")
        return kept | {key: _number(found[key]) for key in names} | {"same_bytes": found["same_bytes"] is True}
    except (TypeError, ValueError, LookupError, OverflowError):
        raise AssetFaultError(NOT_UNDERSTOOD, "the decoder died over the picture") from None


def _number(said: Any) -> float:
    """None of them is below nothing, or without end. ValueError."""
    number = float(said)
    if not 0 <= number < _MOST_NUMBER:
        raise ValueError(said)
    return number
