"""`sla-agent discover` among hostile hosts, in a network of its own: only the named ranges are spoken to.

Each test runs one of the scenarios below in a fresh network namespace, as `python THIS_FILE scenario`, which prints
what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from probes.discovery import discovered, networks
from probes.faults import OwnFaultError
from tests.support.cameras.onvif_device import device
from tests.support.patience import PATIENCE_S
from tests.support.servers.honest import camera
from tests.support.servers.stranger import answering, endless, silent
from tests.support.snmp.ber import ber, response

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.servers.stranger import Handler

pytestmark = pytest.mark.needs("root", "unshare", "ip")

RANGE = "127.9.0.8/29"
HONEST, DEAF, ENDLESS, LEADS_AWAY, FROM_ELSEWHERE, EVIL = (f"127.9.0.{number}" for number in range(9, 15))
UNREACHABLE = 3
BAIT = "127.9.0.77"
SCOPES = b'<e xmlns:d="x"><d:ProbeMatch><d:Scopes>onvif://www.onvif.org/name/%s</d:Scopes><d:XAddrs>http://127.9.0.77/</d:XAddrs></d:ProbeMatch></e>'
EVIL_NAME = "=HYPERLINK(1)\x1b[31m\u202e\n<b>".encode()
AWAY = (
    b"%s 302 Moved\r\nLocation: %s://127.9.0.77/\r\nContent-Location: %s://127.9.0.77/\r\nContent-Length: 0\r\n\r\n"
)


def run(scenario: str) -> Any:
    command = ["unshare", "--net", sys.executable, "-W", "error", __file__, scenario]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def agent(name: bytes) -> Callable[[bytes], list[bytes]]:
    """An SNMP agent that says so when asked for its sysDescr and sysName."""
    rows = [ber(0x30, ber(6, bytes.fromhex(f"2b06010201010{column}00"[:18])) + ber(4, name)) for column in "15"]
    return lambda data: [response(data, b"".join(rows))]


class _Says(asyncio.DatagramProtocol):
    """Answers what it hears, by itself or (`through`) from another address."""

    def __init__(self, reply: Callable[[bytes], list[bytes]], through: socket.socket | None = None) -> None:
        self._reply = reply
        self._through = through

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, source: Any) -> None:
        for each in self._reply(data):
            (self._through or self._transport).sendto(each, source)


class Neighbours:
    """Hosts, each with what it says on which port; and every address that a packet went to."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._hears = stack.enter_context(socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)))
        self._hears.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 20)
        self._hears.setblocking(False)

    async def tcp(self, host: str, port: int, handle: Handler) -> None:
        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await handle(reader, writer)
            except (OSError, EOFError, asyncio.CancelledError):
                pass
            finally:
                writer.transport.abort()

        server = await asyncio.start_server(meet, host, port)
        self._stack.callback(server.close)

    async def udp(self, host: str, port: int, says: _Says) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: says, local_addr=(host, port))
        self._stack.callback(transport.close)

    def spoken_to(self) -> set[str]:
        found = set()
        while True:
            try:
                packet = self._hears.recv(64)
            except BlockingIOError:
                return found
            if packet[9] != socket.IPPROTO_ICMP or packet[20] != UNREACHABLE:  # the kernel's no to a stray datagram
                found.add(socket.inet_ntoa(packet[16:20]))


async def _neighbours(stack: AsyncExitStack) -> Neighbours:
    made = Neighbours(stack)
    await made.tcp(HONEST, 80, device())
    await made.tcp(HONEST, 554, camera)
    await made.udp(HONEST, 3702, _Says(lambda _data: [SCOPES % b"Gate"]))
    for port in (22, 80, 443, 554):
        await made.tcp(DEAF, port, silent)
        await made.tcp(BAIT, port, silent)
        await made.tcp(ENDLESS, port, endless(b"", b"HTTP/1.1 200 OK\r\n" * 4_000))
    for port in (161, 3702):
        await made.udp(ENDLESS, port, _Says(lambda data: [data[:60] * 20] * 500))
    await made.tcp(LEADS_AWAY, 80, answering(AWAY % (b"HTTP/1.1", b"http", b"http")))
    await made.tcp(LEADS_AWAY, 554, answering(AWAY % (b"RTSP/1.0", b"rtsp", b"rtsp")))
    other = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
    other.bind((BAIT, 3702))
    await made.udp(FROM_ELSEWHERE, 3702, _Says(lambda _data: [SCOPES % b"Liar"], other))
    await made.udp(EVIL, 161, _Says(agent(EVIL_NAME)))
    await made.udp(EVIL, 3702, _Says(lambda _data: [b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"]))
    return made


async def _among_them(*ranges: str) -> object:
    async with AsyncExitStack() as stack:
        made = await _neighbours(stack)
        found = await discovered(networks(ranges), lambda _stage, _done, _every: None)
        return [[asdict(each) for each in found], sorted(made.spoken_to())]


def among_them() -> object:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    return asyncio.run(_among_them(RANGE, "10.77.0.0/30"))


@pytest.fixture(scope="module")
def seen():
    rows, spoken_to = run("among_them")
    return {row["address"]: row for row in rows}, spoken_to


def test_an_honest_camera_among_hostile_hosts_is_found(seen):
    row = seen[0][HONEST]
    assert (row["kind"], row["name"]) == ("camera", "Gate")
    assert row["probes"] == ["icmp", "http", "rtsp", "onvif"]


def test_all_hosts_of_the_range_are_rows_and_no_other_is(seen):
    assert list(seen[0]) == [HONEST, DEAF, ENDLESS, LEADS_AWAY, FROM_ELSEWHERE, EVIL]


def test_a_host_that_accepts_and_ignores_is_what_it_shows(seen):
    assert seen[0][DEAF]["probes"] == ["icmp", "ssh", "http", "tls"]


def test_an_answer_from_another_address_is_none(seen):
    assert (seen[0][FROM_ELSEWHERE]["name"], seen[0][FROM_ELSEWHERE]["probes"]) == ("", ["icmp"])


def test_words_of_a_host_are_one_plain_line(seen):
    assert seen[0][EVIL]["name"] == "=HYPERLINK(1) [31m <b>"  # a spreadsheet's formula is undone where it is written


def test_only_the_named_ranges_are_spoken_to_wherever_a_host_leads(seen):
    outside = [each for each in seen[1] if ip_address(each) not in ip_network(RANGE)]
    assert outside == ["127.0.0.1"]  # ourselves, to whom they answer
    assert HONEST in seen[1]


def no_route() -> object:
    try:
        return asyncio.run(_nothing())
    except OwnFaultError as fault:
        return fault.reason


async def _nothing() -> object:
    return [each.address for each in await discovered(networks(["10.77.0.0/30"]), lambda _s, _d, _e: None)]


def test_where_nothing_at_all_can_be_asked_that_is_said():
    assert run("no_route") == "could not send: Network is unreachable"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(globals()[sys.argv[1]]()))
