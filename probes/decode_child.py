"""The program that opens pictures of strangers: run by probes/decoder.py, and by nobody else.

It imports what it needs once, then forks a child for each job. A child has limits on memory, processor time and
files, no network where the kernel allows that, and nothing but its job; so a picture that breaks the decoder breaks a
process that was about to end, and no other look (bounds B7, B8).
A job is a JSON line (`format`: jpeg, h264 or hevc; `lengths`: of the parts that follow) and the parts. The answer is
one JSON object: `pictures`, a list of measures, or `error`.
"""

from __future__ import annotations

import ctypes
import gc
import io
import json
import os
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Any

import av
import numpy as np
from PIL import Image

from probes.picture_measures import WIDTH, measures, unchanged

MOST_PIXELS = 40_000_000
MEMORY_BYTES = 512 << 20
CPU_S = 5
WALL_S = 15
_FILES = 16
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


class _TooMuchError(Exception):
    """More than the bounds allow."""


def main() -> None:
    """Serve jobs, each a socket that comes with a byte, until the other end is closed."""
    control = socket.socket(fileno=int(sys.argv[1]))
    ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # not every machine lets us; then without
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us ends us
    _warm_up()
    while True:
        data, fds, _flags, _address = socket.recv_fds(control, 1, 1)
        if not data:
            return
        _bury()
        for fd in fds:
            if os.fork() == 0:
                control.close()
                _serve(fd)
            os.close(fd)


def _warm_up() -> None:
    """Do once, with a picture of our own, what each child would otherwise begin with: half of its price."""
    made = io.BytesIO()
    Image.new("RGB", (WIDTH, WIDTH), "grey").save(made, "JPEG")
    measures(_jpeg(made.getvalue()))
    gc.freeze()  # a collection in a child would copy our pages


def _bury() -> None:
    """Take note of the children that ended: their processor time becomes ours, and they vanish."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _serve(fd: int) -> None:
    try:
        _confine()
        with socket.socket(fileno=fd) as job, job.makefile("rb") as taken:
            answer = _answer(taken)
            job.sendall(json.dumps(answer).encode())
    finally:
        os._exit(0)


def _confine() -> None:
    used = int(open("/proc/self/statm", encoding="ascii").read().split()[0]) * resource.getpagesize()  # noqa: PTH123, SIM115 - about to end
    for what, most in (
        (resource.RLIMIT_AS, used + MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(WALL_S)


def _answer(taken: io.BufferedReader) -> dict[str, Any]:
    asked = json.loads(taken.readline(1 << 20))
    parts = [taken.read(length) for length in asked["lengths"]]
    try:
        frames = _frames(asked["format"], parts)
        first = measures(frames[0]) | {"same_bytes": unchanged(frames, asked.get("clock"))}
    except (_TooMuchError, MemoryError, Image.DecompressionBombError):
        return {"error": "too much"}
    except (av.error.FFmpegError, OSError, ValueError, SyntaxError, struct.error) as error:
        return {"error": f"broken: {type(error).__name__}"}
    return {"pictures": [first]}


def _frames(name: str, parts: list[bytes]) -> list[np.ndarray[Any, Any]]:
    """The pictures in these parts, never none. ValueError: there are none."""
    frames = [_jpeg(part) for part in parts] if name == "jpeg" else _video(name, parts)
    if not frames:
        raise ValueError("no picture")
    return frames


def _jpeg(data: bytes) -> np.ndarray[Any, Any]:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice that
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _TooMuchError
        opened.draft("RGB", (WIDTH, WIDTH * opened.height // opened.width or 1))
        size = (WIDTH, max(1, WIDTH * opened.height // opened.width))
        picture = opened if opened.mode == "RGB" else opened.convert("RGB")
        return np.asarray(picture if picture.size == size else picture.resize(size))  # each copy costs new pages


def _video(name: str, parts: list[bytes]) -> list[np.ndarray[Any, Any]]:
    decoder: Any = av.CodecContext.create(name, "r")
    decoder.thread_count = 1
    frames = []
    for part in (*parts, None):
        for frame in decoder.decode(av.Packet(part) if part is not None else None):
            if frame.width * frame.height > MOST_PIXELS:
                raise _TooMuchError
            height = max(1, WIDTH * frame.height // frame.width)
            frames.append(frame.to_ndarray(format="rgb24", width=WIDTH, height=height))
    return frames


if __name__ == "__main__":
    main()
