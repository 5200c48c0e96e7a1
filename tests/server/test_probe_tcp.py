"""The `tcp` kind against real listeners."""

from __future__ import annotations

import asyncio
import os
import resource
import socket

import pytest

from probes.kinds.tcp import Options, probe
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import closed_port, silent, stranger


async def test_an_accepting_port_is_ok_and_timed():
    async with stranger(silent) as port:
        seen = await probe("127.0.0.1", Options(port=port), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["tcp"].metrics)


async def test_the_port_may_stand_in_the_address():
    async with stranger(silent) as port:
        seen = await probe(f"127.0.0.1:{port}", Options(), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"


async def test_a_closed_port_is_refused():
    with closed_port() as port:
        seen = await probe("127.0.0.1", Options(port=port), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", "connection refused")


async def test_a_listener_whose_queue_is_full_is_a_time_out():
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        seen = await probe("127.0.0.1", Options(port=deaf.getsockname()[1]), timeout_s=1)
    assert (seen.outcome, seen.reason) == ("fail", "connection not accepted in time")


async def test_a_name_that_does_not_exist_says_nothing_about_the_asset():
    seen = await probe("no-such-host.invalid", Options(port=80), timeout_s=PATIENCE_S)
    assert seen.outcome == "none"


async def test_want_of_file_descriptors_is_let_through():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with stranger(silent) as port:
        highest = os.dup(0)
        os.close(highest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
        try:
            with pytest.raises(OSError, match="Too many open files"):
                await probe("127.0.0.1", Options(port=port), timeout_s=PATIENCE_S)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert (await probe("127.0.0.1", Options(port=port), timeout_s=PATIENCE_S)).outcome == "ok"


async def test_no_port_at_all_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no port for '127.0.0.1'"):
        await probe("127.0.0.1", Options(), timeout_s=PATIENCE_S)


async def test_a_hundred_silent_servers_do_not_hold_up_an_honest_one():
    async with stranger(silent) as deaf, stranger(silent) as honest:
        many = [probe("127.0.0.1", Options(port=deaf), timeout_s=PATIENCE_S) for _ in range(100)]
        seen = await asyncio.gather(*many, probe("127.0.0.1", Options(port=honest), timeout_s=PATIENCE_S))
    assert {each.outcome for each in seen} == {"ok"}
