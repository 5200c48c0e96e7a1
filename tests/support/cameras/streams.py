"""Real streams for tests: gst-rtsp-server in a process of its own, which a test may freeze and kill."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support.ports import free_port
from tests.support.servers.daemons import accepts, daemon

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

SCRIPT = Path(__file__).with_name("gst_cameras.py")


class Cameras(NamedTuple):
    """`open`: the port without login; `locked`: with one (admin, geheim)."""

    open: int
    locked: int
    process: subprocess.Popen


@contextmanager
def cameras(folder: Path) -> Iterator[Cameras]:
    """All streams of `gst_cameras.py`, for the length of a `with`."""
    ports = free_port(), free_port()
    ready = [accepts(port) for port in ports]
    command = ["/usr/bin/python3", str(SCRIPT), *map(str, ports)]
    with daemon(command, folder / "gst.log", lambda: all(each() for each in ready)) as process:
        yield Cameras(*ports, process)
