"""Names: asked for in threads of their own, so many at once, and never anybody's fault but ours."""

from __future__ import annotations

import threading

import pytest

from probes import resolve
from probes.faults import OwnFaultError
from probes.relay import lent
from probes.resolve import places
from tests.support.hostile import nothing_left_behind


async def test_a_name_of_this_machine_is_found_and_leaves_no_thread():
    async with nothing_left_behind():
        found = await places("localhost", 80, timeout_s=5)
    assert ("127.0.0.1", 80) in [place.address[:2] for place in found]


async def test_a_name_that_does_not_exist_is_ours():
    with pytest.raises(OwnFaultError, match="name does not exist: no-such-host.invalid"):
        await places("no-such-host.invalid", timeout_s=5)


async def test_where_too_many_names_are_waited_for_no_more_are_asked():
    over = threading.Event()
    waiting = [threading.Thread(target=over.wait, name="name") for _ in range(resolve.MOST_LOOKUPS)]
    for each in waiting:
        each.start()
    try:
        with pytest.raises(OwnFaultError, match="name could not be resolved: localhost, as 64 others are waited for"):
            await places("localhost", timeout_s=5)
    finally:
        over.set()
        for each in waiting:
            each.join()
    assert await places("localhost", timeout_s=5)


async def test_want_of_threads_is_ours(monkeypatch):
    def start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)  # a machine without threads cannot run tests
    with pytest.raises(OwnFaultError, match="no thread"):
        await places("localhost", timeout_s=5)
    with pytest.raises(OwnFaultError, match="no thread"):
        await lent(None, lambda _socket: None)
