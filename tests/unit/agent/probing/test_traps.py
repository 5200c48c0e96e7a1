"""A trap hurries the checks of its device, and a flood of them hurries no more than the pause allows."""

from __future__ import annotations

import asyncio
import logging
import socket
from types import SimpleNamespace

import pytest

from agent.probing import traps as module
from agent.probing.traps import Traps, checks_by_address
from config.input.secrets import Secret
from config.site.traps import TrapListener
from tests.support.patience import until
from tests.support.ports import free_port

CHECKS = {"192.0.2.1": ["switch/ping", "switch/port"]}


def door(port: int, **more: object) -> TrapListener:
    none = Secret(file=None, variable=None)
    given = {
        "community": none,
        "user": None,
        "engines": (),
        "auth": "sha",
        "auth_key": none,
        "privacy": "aes",
        "privacy_key": none,
    }
    return TrapListener(address="127.0.0.1", port=port, **{**given, **more})


def test_checks_are_known_by_the_address_that_they_look_at():
    addresses = ("192.0.2.1", "192.0.2.1:8080", "rtsp://192.0.2.2:554/x", "cam.example", "[2001:DB8::1]:161", "")
    checks = [SimpleNamespace(id=str(n), address=each) for n, each in enumerate(addresses)]
    assert checks_by_address(checks) == {"192.0.2.1": ["0", "1"], "192.0.2.2": ["2"], "2001:db8::1": ["4"]}


@pytest.mark.simulated_time
async def test_a_trap_is_followed_by_a_look_and_a_flood_by_one_in_each_pause():
    looks: list[list[str]] = []
    traps = Traps(CHECKS, looks.append)
    for _ in range(1_000):
        traps.report("192.0.2.1", "linkDown")
    assert looks == [CHECKS["192.0.2.1"]]
    await asyncio.sleep(module.PAUSE_S - 1)
    assert len(looks) == 1
    await asyncio.sleep(10 * module.PAUSE_S)
    assert len(looks) == 2, "what came in the pause is looked at after it, once"
    assert not traps._resting
    traps.close()


async def test_without_a_door_nothing_listens():
    traps = Traps.opened(SimpleNamespace(checks=[], traps=None), lambda _names: None)
    assert traps.receiver is None
    traps.close()


@pytest.mark.needs("snmptrap")
async def test_a_real_trap_hurries_the_checks_of_its_device():
    looks: list[list[str]] = []
    port = free_port(socket.SOCK_DGRAM)
    checks = [SimpleNamespace(id="switch/ping", address="127.0.0.1"), SimpleNamespace(id="b", address="192.0.2.9")]
    traps = Traps.opened(SimpleNamespace(checks=checks, traps=door(port)), looks.append)
    try:
        words = ("-v2c", "-c", "public", f"127.0.0.1:{port}", "", "1.3.6.1.6.3.1.1.5.3")
        started = await asyncio.create_subprocess_exec("snmptrap", *words)
        await started.wait()
        await until(lambda: looks)
        assert looks == [["switch/ping"]]
    finally:
        traps.close()


@pytest.mark.parametrize("broken", ["a port that is taken", "a secret that is not there"])
async def test_that_we_cannot_listen_is_told_and_stops_nothing(broken, caplog, tmp_path):
    with socket.socket(type=socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1] if broken.startswith("a port") else free_port(socket.SOCK_DGRAM)
        missing = Secret(file=tmp_path / "none", variable=None)
        more = {} if broken.startswith("a port") else {"community": missing}
        with caplog.at_level(logging.ERROR):
            traps = Traps.opened(SimpleNamespace(checks=[], traps=door(port, **more)), lambda _names: None)
    assert traps.receiver is None
    assert "no traps are taken" in caplog.text
    traps.close()
