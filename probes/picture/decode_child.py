"""The program that opens pictures of strangers: run by probes/picture/decoder.py, and by nobody else.

It imports what it needs once, then forks a child for each job. A child has limits on memory, processor time and
files, no network where the kernel allows that, and nothing but its job; so a picture that breaks the decoder breaks a
process that was about to end, and no other look (bounds B7, B8). Only so many may be under way; one that takes long
stands back behind the others; of too many such, and when nobody waits for it any more, one is ended.
A job is a JSON line (`format`: jpeg, h264 or hevc; `lengths`: of the parts that follow) and the parts. The answer is
one JSON object: `pictures`, a list of measures, or `error`. For a child that its picture ended, the last word is said
in a line of its own; for one that anything else ended (short memory, an administrator) none is.
The byte that a job comes with says how much memory it may take: `SMALL`, which does for cameras up to 4K, or `LARGE`.
What fails in little memory is answered with `more`; who sends the jobs sends one large one at a time.
"""

from __future__ import annotations

import ctypes
import gc
import io
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from PIL import Image

from probes.picture.measures import WIDTH, measures, unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PIXELS = 40_000_000
SMALL, LARGE = b"j", b"J"
MEMORY_BYTES = {SMALL: 128 << 20, LARGE: 512 << 20}
"""What a child may take beyond what it has; systemd/sla-agent.service reckons with it."""
CPU_S = 5
WALL_S = 15
QUICK_CPU_S = 0.5
"""A child that has had more processor time than this is a long one, and stands back."""
MOST_QUICK, MOST_LONG = 4, 4
_LOOK_AROUND_MS = 50
_NO_MEMORY = 3
"""The exit code of a child that met its limit of memory where it could not say so."""
_CRASHES = (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGFPE, -signal.SIGILL)
_TOO_MUCH, _MORE, _DIED, _BUSY = (b'\n{"error": "%s"}' % word for word in (b"too much", b"more", b"died", b"busy"))
_FILES = 16
_LAST_IN_LINE = 19
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


class _TooMuchError(Exception):
    """More than the bounds allow."""


def main() -> None:
    """Serve jobs, each a socket that comes with a byte, until the other end is closed."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # not every machine lets us; then without
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us ends us
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")  # when memory is short, we go first
    _warm_up()
    children = _Children(control)
    while children.turn():
        pass


def _warm_up() -> None:
    """Do once, with a picture of our own, what each child would otherwise begin with: half of its price."""
    made = io.BytesIO()
    Image.new("RGB", (4 * WIDTH, 2 * WIDTH), "grey").save(made, "JPEG")
    measures(_jpeg(made.getvalue()))
    _used_bytes()
    gc.freeze()  # a collection in a child would copy our pages


class _Child:
    """One picture under way. `job`: our own hold of its socket, to see when nobody waits for it any more."""

    __slots__ = ("ended", "is_given_up", "is_large", "is_long", "job", "pid")

    def __init__(self, pid: int, job: socket.socket, *, is_large: bool) -> None:
        self.pid = pid
        self.is_large = is_large
        self.job = job
        self.ended = os.pidfd_open(pid)
        self.is_long = False
        self.is_given_up = False

    def give_up(self, answer: bytes = b"") -> None:
        """End it, with an answer to whoever waits."""
        self.is_given_up = True
        os.kill(self.pid, signal.SIGKILL)
        self._say(answer)

    def _say(self, word: bytes) -> None:
        with suppress(OSError):  # nobody waits for it, or a child that was taken over said too much already
            self.job.send(word, socket.MSG_DONTWAIT)

    def stand_back(self) -> None:
        """If it is a long one: take only what processor time the others leave."""
        clock = ~self.pid << 3 | 2  # clock_getcpuclockid(3), which Python lacks
        if not self.is_long and time.clock_gettime(clock) > QUICK_CPU_S:
            self.is_long = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _LAST_IN_LINE)

    def bury(self) -> None:
        """Take note how it ended: its processor time becomes ours, and it vanishes."""
        _pid, status = os.waitpid(self.pid, 0)
        if not self.is_given_up:
            self._say(_last_word(os.waitstatus_to_exitcode(status), is_large=self.is_large))
        os.close(self.ended)
        self.job.close()


def _last_word(code: int, *, is_large: bool) -> bytes:
    """What is said for a child that ended so: nothing where it was not the picture that ended it.

    The wall is none of what a picture does: who had so little processor time in so long has met a busy machine.
    """
    if code == -signal.SIGXCPU:
        return _TOO_MUCH
    if code == _NO_MEMORY or code in _CRASHES:
        return _MORE if not is_large else _TOO_MUCH if code == _NO_MEMORY else _DIED
    return b""


class _Children:
    """All that are under way, the oldest first."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._under_way: list[_Child] = []

    def turn(self) -> bool:
        """Wait for what comes next and deal with it. False: the other end is closed."""
        ready = self._ready()
        for child in [each for each in self._under_way if each.ended in ready]:
            child.bury()
            self._under_way.remove(child)
        for child in self._under_way:
            child.stand_back()
            if child.job.fileno() in ready:
                child.give_up()
        long = [each for each in self._under_way if each.is_long and not each.is_given_up]
        for child in long[: max(0, len(long) - MOST_LONG)]:
            child.give_up(_BUSY)
        return self._is_full() or self._control.fileno() not in ready or self._take()

    def _is_full(self) -> bool:
        """Whether no other may begin: also while a large one ends, of which the next one takes the memory."""
        quick = sum(not each.is_long for each in self._under_way)
        is_leaving = any(each.is_large and each.is_given_up for each in self._under_way)
        return is_leaving or quick >= MOST_QUICK or len(self._under_way) >= MOST_QUICK + MOST_LONG

    def _ready(self) -> set[int]:
        poll = select.poll()
        quick = sum(not each.is_long for each in self._under_way)
        poll.register(self._control, 0 if self._is_full() else select.POLLIN)
        for child in self._under_way:
            poll.register(child.ended, select.POLLIN)
            if not child.is_given_up:
                poll.register(child.job, 0)  # only whether the other end is closed
        return {fd for fd, _event in poll.poll(_LOOK_AROUND_MS if quick else None)}

    def _take(self) -> bool:
        size, fds, _flags, _address = socket.recv_fds(self._control, 1, 1)
        for fd in fds:
            pid = os.fork()
            if pid == 0:
                self._leave()
                _serve(fd, size)
            self._under_way.append(_Child(pid, socket.socket(fileno=fd), is_large=size == LARGE))
        return bool(size)

    def _leave(self) -> None:
        """In a child: let go of everything that is another's."""
        self._control.close()
        for each in self._under_way:
            os.close(each.ended)
            each.job.close()


def _serve(fd: int, size: bytes) -> None:
    code = 1
    try:
        _confine(size)
        with socket.socket(fileno=fd) as job, job.makefile("rb") as taken:
            answer = _answer(taken, size)
            job.sendall(json.dumps(answer).encode())
        code = 0
    except MemoryError:
        code = _NO_MEMORY
    finally:
        os._exit(code)


def _confine(size: bytes = LARGE) -> None:
    """What this does costs each picture: no file is read for it, and nothing loaded."""
    for what, most in (
        (resource.RLIMIT_AS, _used_bytes() + MEMORY_BYTES[size]),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))  # where both are one, it is SIGKILL, as of anybody
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(WALL_S)


@cache
def _used_bytes() -> int:
    """The address space of the process that forks; asked for once, before it does."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _answer(taken: io.BufferedReader, size: bytes = LARGE) -> dict[str, Any]:
    """What fails in little memory may be whole: decoders do not always tell want of it from a broken picture."""
    asked = json.loads(taken.readline(1 << 20))
    parts = [taken.read(length) for length in asked["lengths"]]
    try:
        return {"pictures": [_measured(_frames(asked["format"], parts), asked.get("clock"))]}
    except (_TooMuchError, Image.DecompressionBombError):
        return {"error": "too much"}
    except MemoryError:
        return {"error": "more" if size == SMALL else "too much"}
    except (av.error.FFmpegError, OSError, ValueError, SyntaxError, struct.error) as error:
        return {"error": "more" if size == SMALL else f"broken: {type(error).__name__}"}


def _measured(frames: Iterator[np.ndarray[Any, Any]], clock: list[float] | None) -> dict[str, Any]:
    """Of the first; the others are held only beside it, and none is decoded after one that differs.

    ValueError: there are none.
    """
    first = next(frames, None)
    if first is None:
        raise ValueError("no picture")
    return measures(first) | {"same_bytes": unchanged(chain((first,), frames), clock)}


def _frames(name: str, parts: list[bytes]) -> Iterator[np.ndarray[Any, Any]]:
    """The pictures in these parts."""
    return (_jpeg(part) for part in parts) if name == "jpeg" else _video(name, parts)


def _jpeg(data: bytes) -> np.ndarray[Any, Any]:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice that
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _TooMuchError
        opened.draft("RGB", (WIDTH, WIDTH * opened.height // opened.width or 1))
        size = (WIDTH, max(1, WIDTH * opened.height // opened.width))
        picture = opened if opened.mode == "RGB" else opened.convert("RGB")
        return np.asarray(picture if picture.size == size else picture.resize(size))  # each copy costs new pages


def _video(name: str, parts: list[bytes]) -> Iterator[np.ndarray[Any, Any]]:
    decoder: Any = av.CodecContext.create(name, "r")
    decoder.thread_count = 1
    for part in (*parts, None):
        for frame in decoder.decode(av.Packet(part) if part is not None else None):
            if frame.width * frame.height > MOST_PIXELS:
                raise _TooMuchError
            height = max(1, WIDTH * frame.height // frame.width)
            yield frame.to_ndarray(format="rgb24", width=WIDTH, height=height)


if __name__ == "__main__":
    main()
