"""Looks by SNMP in batches: what is wanted of one device at one moment goes over one session."""

from __future__ import annotations

import asyncio

import pytest

from config.text.reasons import Reason
from probes.batch import ProbeRequest
from probes.faults import AssetFaultError
from probes.limiter import Limiter
from probes.outcome import Outcome, fail, none, ok
from probes.snmp import batch as batch_module
from probes.snmp.batch import SnmpBatch
from probes.snmp.options import SnmpOptions


class Health(SnmpOptions):
    """Of one made-up kind."""

    limit: int = 0


class Ports(SnmpOptions):
    """Of another."""


class Kinds:
    """Two kinds whose looks are kept, with the device that each was given."""

    def __init__(self) -> None:
        self.looks: list[tuple[str, object, object]] = []
        self.faults: dict[object, BaseException] = {}
        self.together = 0
        self.most_together = 0

    async def health(self, device: object, options: Health, _deadline: object) -> Outcome:
        return await self._one("health", device, options)

    async def ports(self, device: object, options: Ports, _deadline: object) -> Outcome:
        return await self._one("ports", device, options)

    async def _one(self, name: str, device: object, options: object) -> Outcome:
        self.looks.append((name, device, options))
        self.together += 1
        self.most_together = max(self.most_together, self.together)
        await asyncio.sleep(0)
        self.together -= 1
        if options in self.faults:
            raise self.faults[options]
        return ok()


@pytest.fixture
def kinds() -> Kinds:
    return Kinds()


@pytest.fixture
def looks(kinds: Kinds) -> SnmpBatch:
    return SnmpBatch({Health: kinds.health, Ports: kinds.ports}, Limiter())


async def run(looks: SnmpBatch, *requests: tuple[str, SnmpOptions]) -> list[Outcome]:
    seen: dict[int, Outcome] = {}

    def deliver(index: int, outcome: Outcome) -> None:
        assert index not in seen
        seen[index] = outcome

    await looks.run([ProbeRequest(address, options, 5.0) for address, options in requests], deliver)
    return [seen[index] for index in range(len(requests))]


async def test_each_look_goes_to_its_own_kind_with_its_own_options(looks, kinds):
    assert await run(looks, ("192.0.2.1", Health(limit=3)), ("192.0.2.1", Ports())) == [ok(), ok()]
    assert [(name, options) for name, _, options in kinds.looks] == [("health", Health(limit=3)), ("ports", Ports())]


async def test_looks_of_one_device_asked_alike_share_a_session_and_go_together(looks, kinds):
    await run(looks, ("192.0.2.1", Health(limit=1)), ("192.0.2.1", Health(limit=2)), ("192.0.2.1", Ports()))
    assert len({id(device) for _, device, _ in kinds.looks}) == 1
    assert kinds.most_together == 3


@pytest.mark.parametrize(
    "other",
    [
        ("192.0.2.2", Health()),
        ("192.0.2.1:1161", Health()),
        ("192.0.2.1", Health(port=1161)),
        ("192.0.2.1", Health(community_env="OTHER")),
        ("192.0.2.1", Health(version="3", user="agent")),
    ],
)
async def test_another_device_or_another_way_to_ask_has_a_session_of_its_own(looks, kinds, other):
    await run(looks, ("192.0.2.1", Health()), other)
    assert len({id(device) for _, device, _ in kinds.looks}) == 2


async def test_a_session_is_kept_from_one_batch_to_the_next(looks, kinds):
    await run(looks, ("192.0.2.1", Health()))
    await run(looks, ("192.0.2.1", Ports()))
    (_, first, _), (_, second, _) = kinds.looks
    assert first is second
    looks.close()
    await run(looks, ("192.0.2.1", Health()))
    assert kinds.looks[-1][1] is not first


async def test_what_goes_wrong_with_one_look_is_that_look_s_alone(looks, kinds):
    kinds.faults = {
        Health(limit=1): AssetFaultError("no answer"),
        Health(limit=2): ZeroDivisionError(),
        Health(limit=3): PermissionError(1, "Operation not permitted"),
    }
    seen = await run(looks, *((f"192.0.2.{n}", Health(limit=n)) for n in range(5)))
    assert seen == [
        ok(),
        fail("no answer"),
        none(Reason("bug", "ZeroDivisionError")),
        none(Reason("PermissionError", "Operation not permitted")),
        ok(),
    ]


async def test_a_batch_of_nothing_delivers_nothing(looks):
    await looks.run([], lambda *_: pytest.fail("nothing was asked for"))


async def test_of_the_sessions_that_are_open_the_oldest_rest(monkeypatch, kinds):
    """Of 4 devices that hold sockets and a bound of 2, the last two may keep theirs."""
    monkeypatch.setattr(batch_module, "_SESSIONS", 2)
    made: dict[str, Device] = {}

    class Device:
        def __init__(self, address: str, _how: SnmpOptions) -> None:
            self.is_open = True
            made[address] = self

        def rest(self) -> None:
            self.is_open = False

    monkeypatch.setattr(batch_module, "SnmpDevice", Device)
    looks = SnmpBatch({Health: kinds.health}, Limiter())
    for n in range(4):
        await run(looks, (f"192.0.2.{n}", Health()))
    assert [device.is_open for device in made.values()] == [False, False, True, True]
    made["192.0.2.0"].is_open = True
    await run(looks, ("192.0.2.0", Health()))
    assert [device.is_open for device in made.values()] == [True, False, False, True]
