"""Ports of loopback that stay ours although nobody listens on them yet, or not at the moment."""

from __future__ import annotations

import atexit
import random
import socket

FIRST, LAST = 12_000, 32_000
"""Below what the system hands out by itself, to listeners on port 0 and to connections (32,768 and above)."""
_TRIES = 1_000
_kept: dict[int, socket.socket] = {}
_chance = random.SystemRandom()  # not the test's: two runs of one seed would ask for the same ports


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that nobody has, and that no test, also of another run, is given as long as this process lives."""
    for _ in range(_TRIES):
        port = _chance.randrange(FIRST, LAST)
        if port not in _kept and _is_kept(port) and _is_free(port, kind):
            return port
    msg = f"none of {_TRIES} ports from {FIRST} to {LAST} is free"
    raise AssertionError(msg)


def _is_kept(port: int) -> bool:
    """Whether the port is ours from now on: the kernel's abstract names last no longer than their process."""
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        mark.bind(f"\0sla-agent-tests-port-{port}")
    except OSError:
        mark.close()
        return False
    _kept[port] = mark
    return True


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(type=kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, kind == socket.SOCK_STREAM)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@atexit.register
def _let_go() -> None:
    for mark in _kept.values():
        mark.close()
