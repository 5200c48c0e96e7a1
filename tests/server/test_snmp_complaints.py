"""What routers and hosts say of a request: believed only after the time-out, as anybody can send it."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from probes.faults import AssetFaultError
from probes.net.connection import Deadline
from probes.snmp.options import SnmpOptions
from probes.snmp.session import UPTIME, SnmpDevice
from tests.server.test_snmp_together import agent_with
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NEEDS = pytest.mark.needs("root")
PORT, PROHIBITED = 3, 13
"""Codes of ICMP "destination unreachable" (RFC 792, RFC 1812)."""


def complain(code: int, asker: int, agent: int) -> None:
    """What a router says of a datagram from one port of loopback to another."""
    loopback = socket.inet_aton("127.0.0.1")
    datagram = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 0, 0, 64, 17, 0, loopback, loopback)
    datagram += struct.pack("!HHHH", asker, agent, 8, 0)
    message = struct.pack("!BBHI", 3, code, 0, 0) + datagram
    total = sum(struct.unpack(f"!{len(message) // 2}H", message))
    total = (total & 0xFFFF) + (total >> 16)
    checked = message[:2] + struct.pack("!H", ~(total + (total >> 16)) & 0xFFFF) + message[4:]
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        raw.sendto(checked, ("127.0.0.1", 0))


class Agent(asyncio.DatagramProtocol):
    """Has a router complain before it answers, or behind its answer; or does not answer at all."""

    def __init__(self, code: int, *, answers: bool, behind: bool) -> None:
        self._code, self._answers, self._behind = code, answers, behind

    def connection_made(self, transport) -> None:
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, source) -> None:
        def answer() -> None:
            self._transport.sendto(agent_with(100)(data)[0], source)

        if self._behind:
            answer()
        complain(self._code, source[1], self.port)
        if self._answers and not self._behind:
            asyncio.get_running_loop().call_later(0.1, answer)


@asynccontextmanager
async def agent(code: int, *, answers: bool = True, behind: bool = False) -> AsyncIterator[SnmpDevice]:
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Agent(code, answers=answers, behind=behind), local_addr=("127.0.0.1", 0)
    )
    yield SnmpDevice(f"127.0.0.1:{protocol.port}", SnmpOptions())
    transport.close()
    await asyncio.sleep(0)


@NEEDS
@pytest.mark.parametrize("code", [PORT, PROHIBITED])
async def test_an_answer_behind_a_complaint_is_heard(code):
    async with agent(code) as device:
        assert await device.values([], Deadline(PATIENCE_S)) == {UPTIME: 7}


@NEEDS
@pytest.mark.parametrize(("code", "reason"), [(PORT, "connection refused"), (PROHIBITED, "unreachable")])
async def test_a_complaint_names_the_reason_for_each_look_that_waits(code, reason):
    async with agent(code, answers=False) as device:
        looks = [device.values([], Deadline(timeout_s)) for timeout_s in (1, 1.2)]
        seen = await asyncio.gather(*looks, return_exceptions=True)
        seen += await asyncio.gather(device.walked("1.3.6.1.2.1.2.2.1.8", Deadline(1)), return_exceptions=True)
    assert [(type(each), each.reason) for each in seen] == [(AssetFaultError, reason)] * 3


@NEEDS
@pytest.mark.parametrize("code", [PORT, PROHIBITED])
async def test_a_complaint_behind_an_answer_is_none_about_the_next_request(code):
    async with agent(code, behind=True) as device:
        for _ in range(3):
            assert await device.values([], Deadline(PATIENCE_S)) == {UPTIME: 7}
            await asyncio.sleep(0.05)


async def test_what_our_own_machine_refuses_at_once_is_no_fault_of_the_devices():
    """A broadcast address: `connect` has no permission."""
    device = SnmpDevice("127.255.255.255", SnmpOptions())
    with pytest.raises(OSError, match="ermission denied"):
        await device.values([], Deadline(PATIENCE_S))
