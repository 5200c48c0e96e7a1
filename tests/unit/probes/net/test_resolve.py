"""Names: asked for in threads of their own, so many at once, and never anybody's fault but ours."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from probes.faults import OwnFaultError
from probes.net import resolve
from probes.net.relay import lent
from probes.net.resolve import places
from tests.support.patience import PATIENCE_S
from tests.support.servers.hostile import nothing_left_behind


async def test_a_name_of_this_machine_is_found_and_leaves_no_thread():
    async with nothing_left_behind():
        found = await places("localhost", 80, timeout_s=PATIENCE_S)
    assert ("127.0.0.1", 80) in [place.address[:2] for place in found]


async def test_a_name_that_does_not_exist_is_ours():
    with pytest.raises(OwnFaultError, match="name does not exist: no-such-host.invalid"):
        await places("no-such-host.invalid", timeout_s=PATIENCE_S)


async def test_many_names_wait_for_their_turn_and_none_is_lost(monkeypatch):
    def looked_up(*_host, **_how):
        time.sleep(0.02)
        return [(2, 1, 6, "", ("192.0.2.1", 0))]

    monkeypatch.setattr(resolve.socket, "getaddrinfo", looked_up)
    names = [f"cam-{n}.example" for n in range(300)]
    found = await asyncio.gather(*(places(each, timeout_s=PATIENCE_S) for each in names))
    assert len(found) == 300


async def test_where_too_many_names_are_waited_for_no_more_are_asked():
    over = threading.Event()
    waiting = [threading.Thread(target=over.wait, name="name") for _ in range(resolve.MOST_LOOKUPS)]
    for each in waiting:
        each.start()
    try:
        with pytest.raises(OwnFaultError, match="name could not be resolved: localhost, no answer in time"):
            await places("localhost", timeout_s=1)
    finally:
        over.set()
        for each in waiting:
            each.join()
    assert await places("localhost", timeout_s=PATIENCE_S)


async def test_want_of_threads_is_ours(monkeypatch):
    def start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)  # a machine without threads cannot run tests
    with pytest.raises(OwnFaultError, match="no thread"):
        await places("localhost", timeout_s=PATIENCE_S)
    with pytest.raises(OwnFaultError, match="no thread"):
        await lent(None, lambda _socket: None)
