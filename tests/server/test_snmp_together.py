"""All that is asked of one device at one moment is one request, whatever kinds ask; and agents that cannot take it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from gufo.snmp import Sha256Key

from agent.probing.runner import Runner
from probes.batch import ProbeRequest
from probes.faults import AssetFaultError, OwnFaultError
from probes.kinds import snmp_device, snmp_link
from probes.limiter import Limiter
from probes.net.connection import Deadline
from probes.registry import PROBES
from probes.snmp import transport
from probes.snmp.batch import SnmpBatch
from probes.snmp.options import SnmpOptions
from probes.snmp.session import UPTIME, SnmpDevice
from tests.server.test_probe_snmp import NEEDS, table
from tests.support.agents.checks import check_plan
from tests.support.patience import PATIENCE_S, until
from tests.support.servers.daemons import udp_stranger
from tests.support.snmp.ber import ber
from tests.support.snmp.snmpd import AUTH, LOGINS, PRIVACY, snmpd

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.site.model import CheckPlan

_PACKETS = "1.3.6.1.2.1.11.1.0"  # snmpInPkts: what the agent itself has counted


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    with snmpd(tmp_path_factory.mktemp("snmpd"), table(), "sysObjectID .1.3.6.1.4.1.2011.2.23") as port:
        yield port


def plan(port: int, kind: str, number: int, **options: object) -> CheckPlan:
    return check_plan(
        id=f"switch/{kind}-{number}",
        asset="switch",
        probe=kind,
        timeout_ms=5_000,
        options=PROBES[kind].options(port=port, **options),
    )


class Turns:
    """Runs turns of plans to their end, as the agent does."""

    def __init__(self, kinds=PROBES) -> None:
        self.runner = Runner(kinds, lambda: 0, self._take)
        self._seen = {}

    def _take(self, seen) -> None:
        self._seen[seen.plan.id] = seen.outcome

    async def turn(self, plans: list[CheckPlan]) -> dict:
        self._seen = {}
        self.runner.start(plans)
        while self.runner.in_flight:
            await asyncio.gather(*self.runner._tasks)
        return self._seen


async def packets(port: int) -> int:
    device = SnmpDevice(f"127.0.0.1:{port}", SnmpOptions())
    return (await device.values([_PACKETS], Deadline(PATIENCE_S)))[_PACKETS]


@NEEDS
async def test_three_kinds_and_nine_checks_of_a_device_are_one_packet_once_its_tables_are_known(agent, snmp_login):
    plans = [
        plan(agent, "snmp_device", 1, max_cpu="80%", max_temperature=70, **snmp_login),
        *(plan(agent, "snmp_link", n, port_name="lo", max_errors=n, **snmp_login) for n in range(4)),
        *(plan(agent, "optical", n, vendor="huawei", index=67, port_index=1, **snmp_login) for n in range(4)),
    ]
    turns = Turns()
    try:
        first = await turns.turn(plans)
        await asyncio.sleep(0.05)  # rates need a hundredth of a second
        before = await packets(agent)
        second = await turns.turn(plans)
        spent = await packets(agent) - before
    finally:
        await turns.runner.close()
    assert {each.outcome for each in (*first.values(), *second.values())} == {"ok"}
    assert len(second) == 9
    assert all("errors_per_s" in second[f"switch/snmp_link-{n}"].metrics for n in range(4))
    # the device 3 values and 2 x 2 of its tables, the port 14 and its name, the module 6 and its port's state: 29 in one
    # packet; the other is the one that asks for the count
    assert spent - 1 == 1


@NEEDS
async def test_what_is_new_to_us_is_walked_and_what_restarted_is_walked_again(agent):
    device = SnmpDevice(f"127.0.0.1:{agent}", SnmpOptions())
    options = snmp_device.Options(port=agent, max_cpu="80%")
    await snmp_device.one(device, options, Deadline(PATIENCE_S))
    cpu = "1.3.6.1.4.1.2011.5.25.31.1.1.1.1.5"
    assert set(device.rows(cpu)) == {"9", "10"}
    device._ticks += 100_000  # as if it had run for longer before
    await device.values([UPTIME], Deadline(PATIENCE_S))
    assert device.rows(cpu) is None
    assert (await snmp_device.one(device, options, Deadline(PATIENCE_S))).metrics["cpu_ratio"] == 0.37


# Agents that cannot answer so much at once: RFC 3416 §4.2.1, tooBig and genErr


def parts(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each BER value in there."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            size, at = int.from_bytes(data[at : at + (size & 0x7F)], "big"), at + (size & 0x7F)
        found.append((tag, data[at : at + size]))
        at += size
    return found


def asked(request: bytes) -> tuple[bytes, list[bytes]]:
    """Number and names of a v2c GET."""
    ((_, message),) = parts(request)
    number, _, _, (_, listed) = parts(parts(message)[2][1])
    return number[1], [parts(each)[0][1] for _, each in parts(listed)]


def agent_with(room: int, broken: bytes = b"-") -> Callable[[bytes], list[bytes]]:
    """Answers each value with 7, at most `room` at once, and none at all where `broken` is among them."""

    def reply(data: bytes) -> list[bytes]:
        number, names = asked(data)
        is_bad = len(names) > room or any(broken in name for name in names)
        said = b"" if is_bad else b"".join(ber(0x30, ber(6, name) + ber(0x43, b"\7")) for name in names)
        head = ber(2, number) + ber(2, b"\1" if is_bad else b"\0") + ber(2, b"\0")
        return [ber(0x30, ber(2, b"\1") + ber(4, b"public") + ber(0xA2, head + ber(0x30, said)))]

    return reply


OIDS = [f"1.3.6.1.2.1.2.2.1.{column}.1" for column in range(1, 23)]


@pytest.mark.parametrize("room", [100, 23, 22, 7, 2])
async def test_an_agent_with_little_room_is_asked_for_less_at_a_time_and_gives_all(room):
    async with udp_stranger(agent_with(room)) as port:
        device = SnmpDevice(f"127.0.0.1:{port}", SnmpOptions())
        first = await device.values(OIDS, Deadline(PATIENCE_S))
        again = await device.values(OIDS, Deadline(PATIENCE_S))
    assert first == again == dict.fromkeys((UPTIME, *OIDS), 7)


async def test_an_agent_that_breaks_over_one_value_gives_the_others():
    async with udp_stranger(agent_with(100, broken=bytes.fromhex("2b060102010202010501"))) as port:
        found = await SnmpDevice(f"127.0.0.1:{port}", SnmpOptions()).values(OIDS, Deadline(PATIENCE_S))
    assert set(OIDS) - set(found) == {"1.3.6.1.2.1.2.2.1.5.1"}


@pytest.mark.parametrize(("room", "reason"), [(0, "answer not understood: no uptime"), (100, "port switched off")])
async def test_an_agent_that_answers_everything_with_an_error_is_not_understood_and_says_nothing_of_a_port(
    room, reason
):
    async with udp_stranger(agent_with(room)) as port:
        seen = await snmp_link.probe(
            "127.0.0.1", snmp_link.Options(port=port, index=1, sample="10ms"), timeout_s=PATIENCE_S
        )
    assert (seen.outcome, seen.reason) == ("fail", reason)


async def test_an_agent_that_drops_large_requests_without_a_word_is_heard_at_the_second_try():
    whole = agent_with(100)
    async with udp_stranger(lambda data: whole(data) if len(asked(data)[1]) <= 10 else []) as port:
        device = SnmpDevice(f"127.0.0.1:{port}", SnmpOptions())
        with pytest.raises(AssetFaultError):
            await device.values(OIDS, Deadline(0.2))
        assert len(await device.values(OIDS, Deadline(PATIENCE_S))) == len(OIDS) + 1


async def test_looks_that_share_a_request_keep_their_own_time_outs():
    async with udp_stranger(lambda _data: []) as silent:
        looks = SnmpBatch({SnmpOptions: lambda device, _options, deadline: _asked(device, deadline)}, Limiter())
        seen = []
        wanted = [
            ProbeRequest(address=f"127.0.0.1:{silent}", options=SnmpOptions(), timeout_s=each)
            for each in (0.2, 0.9, 0.4)
        ]
        await looks.run(wanted, lambda index, outcome: seen.append((index, outcome.reason)))
    assert seen == [(0, "no answer"), (2, "no answer"), (1, "no answer")]


# Walks beside values


def hung_by_walks(data: bytes) -> list[bytes]:
    """Answers each GET, and never a GETBULK or GETNEXT."""
    ((_, message),) = parts(data)
    return agent_with(100)(data) if parts(message)[2][0] == 0xA0 else []


@pytest.mark.parametrize("after_s", [0, 0.1])
async def test_a_table_over_which_an_agent_hangs_is_the_fault_of_no_look_that_wants_values(after_s):
    seen = {}

    async def look(kind: str, timeout_s: float, **options: object) -> None:
        each = ProbeRequest(address=f"127.0.0.1:{port}", options=PROBES[kind].options(**options), timeout_s=timeout_s)
        await looks.run([each], lambda _index, outcome: seen.update({kind: outcome.reason}))

    async with udp_stranger(hung_by_walks) as port:
        looks = PROBES["snmp_link"].make_batch()
        walk = asyncio.ensure_future(look("snmp_device", 1, max_cpu="90%"))
        await asyncio.sleep(after_s)
        await look("snmp_link", 0.5, index=1)
        await walk
    assert seen == {"snmp_device": "answer not complete in time: a table", "snmp_link": "port switched off"}


async def test_a_walk_that_had_less_time_than_a_look_that_joined_it_is_begun_again():
    asked = []

    def reply(data: bytes) -> list[bytes]:
        ((_, message),) = parts(data)
        if parts(message)[2][0] == 0xA0:
            return agent_with(100)(data)
        asked.append(data)
        return [] if len(asked) < 2 else [data]  # not understood, at once

    async with udp_stranger(reply) as port:
        device = SnmpDevice(f"127.0.0.1:{port}", SnmpOptions())
        walks = [device.walked("1.3.6.1.2.1.2.2.1.8", Deadline(timeout_s)) for timeout_s in (1, 4)]
        seen = [asyncio.ensure_future(walks[0])]
        await until(lambda: asked)
        seen += [asyncio.ensure_future(walks[1])]
        faults = await asyncio.gather(*seen, return_exceptions=True)
    assert len(asked) == 2
    assert [each.why.phrase for each in faults] == [
        "answer not complete in time",
        "answer not understood",
    ]


async def test_a_silent_device_is_not_walked_and_is_silent():
    async with udp_stranger(lambda _data: []) as port:
        with pytest.raises(AssetFaultError, match="^no answer$"):
            await SnmpDevice(f"127.0.0.1:{port}", SnmpOptions()).walked("1.3.6.1.2.1.2.2.1.8", Deadline(1))


async def test_a_look_that_only_waited_for_others_of_ours_is_none():
    async with udp_stranger(lambda _data: []) as port:
        asked = SnmpDevice(f"127.0.0.1:{port}", SnmpOptions())
        heard = [asyncio.ensure_future(_reason(asked, 2.5, 0.05 * n)) for n in range(2)]
        await asyncio.sleep(0.2)
        waited = await _reason(asked, 0.2, 0)
        assert waited == ("OwnFaultError", "waited for other looks at the device")
        assert await asyncio.gather(*heard) == [("AssetFaultError", "no answer")] * 2


async def _reason(device: SnmpDevice, timeout_s: float, after_s: float) -> tuple[str, str]:
    await asyncio.sleep(after_s)
    try:
        await device.values(OIDS, Deadline(timeout_s))
    except (AssetFaultError, OwnFaultError) as fault:
        return type(fault).__name__, fault.reason
    return "", ""


async def _asked(device: SnmpDevice, deadline: Deadline):
    from probes.outcome import ok

    await device.values(OIDS, deadline)
    return ok()


async def test_a_look_that_raises_is_its_own_none_and_no_others(caplog):
    async def one(device, options, deadline):
        if options.user:
            raise ZeroDivisionError
        return await _asked(device, deadline)

    async with udp_stranger(agent_with(100)) as port:
        looks, seen = SnmpBatch({SnmpOptions: one}, Limiter()), {}
        where = f"127.0.0.1:{port}"
        wanted = [
            ProbeRequest(address=where, options=SnmpOptions(user=user), timeout_s=PATIENCE_S)
            for user in (None, "x", None)
        ]
        await looks.run(wanted, lambda index, outcome: seen.update({index: (outcome.outcome, outcome.reason)}))
    assert seen == {0: ("ok", ""), 1: ("none", "bug: ZeroDivisionError"), 2: ("ok", "")}
    assert "ZeroDivisionError" in caplog.text


async def test_of_many_devices_only_so_many_sessions_stay_open(monkeypatch):
    monkeypatch.setattr("probes.snmp.batch._SESSIONS", 3)
    async with udp_stranger(agent_with(100)) as port:
        looks, seen = SnmpBatch({SnmpOptions: lambda d, _o, deadline: _asked(d, deadline)}, Limiter()), []
        wanted = [
            ProbeRequest(address=f"127.0.0.{n}:{port}", options=SnmpOptions(), timeout_s=1.5) for n in range(1, 9)
        ]
        wanted += [
            ProbeRequest(
                address=f"127.0.0.1:{port}", options=SnmpOptions(community_env=f"C{n}"), timeout_s=PATIENCE_S
            )
            for n in range(8)
        ]
        for n in range(8):
            monkeypatch.setenv(f"C{n}", "public")
        await looks.run(wanted, lambda _index, outcome: seen.append(outcome.outcome))
    assert seen.count("ok") == 9
    assert sum(device.is_open for device in looks._devices.values()) == 3
    devices = [weakref.ref(each) for each in looks._devices.values()]
    looks.close()
    gc.collect()
    assert not any(each() for each in devices), "whoever closes it keeps no socket"


@NEEDS
async def test_keys_of_v3_are_not_made_again_when_a_socket_was_closed(agent, monkeypatch):
    monkeypatch.setenv("AUTH", AUTH)
    monkeypatch.setenv("PRIVACY", PRIVACY)
    made = []
    real = Sha256Key.get_master_key
    monkeypatch.setattr(Sha256Key, "get_master_key", lambda password: made.append(password) or real(password))
    transport._master_key.cache_clear()
    devices = [SnmpDevice(f"127.0.0.1:{agent}", SnmpOptions(**LOGINS["3"])) for _ in range(2)]
    for device in devices * 2:
        assert await device.values([], Deadline(PATIENCE_S))
        device.rest()
    assert made == [AUTH.encode(), PRIVACY.encode()]
