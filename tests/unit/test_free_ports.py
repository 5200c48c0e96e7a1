"""The ports that tests choose: a chosen one is nobody else's, also while nobody listens on it."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ports

LOW = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def test_a_port_is_given_once_and_never_one_that_the_system_hands_out():
    given = [ports.free_port() for _ in range(50)]
    assert len(set(given)) == 50
    assert max(given) < LOW


def test_another_run_is_not_given_what_this_one_has(monkeypatch):
    """Another process that has the same few ports to choose from; the control: it is given one that nobody keeps."""
    taken = ports.free_port()
    program = (
        "import sys; from tests.support import ports\n"
        "ports.FIRST, ports.LAST = int(sys.argv[1]), int(sys.argv[1]) + 1\n"
        "ports.free_port()"
    )

    def other_run(port: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", program, str(port)], capture_output=True, text=True, check=False)

    assert "is free" in other_run(taken).stderr
    ports._kept.pop(taken).close()
    assert other_run(taken).returncode == 0


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_that_somebody_listens_on_is_not_given(kind, monkeypatch):
    port = ports.free_port(kind)
    with socket.socket(type=kind) as held:
        held.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            held.listen()
        assert not ports._is_free(port, kind)
    assert ports._is_free(port, kind)
