"""The ICMP engine in a network of its own: hostile neighbours, and faults that are ours.

Each test runs one of the scenarios below in a fresh network namespace, as `python THIS_FILE scenario`,
which prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from probes.batch import ProbeRequest
from probes.kinds.icmp import Options, probe
from probes.ping import engine as icmp_engine
from probes.ping.echo_socket import EchoSocket
from probes.ping.engine import IcmpEngine
from tests.support.patience import PATIENCE_S
from tests.support.replies.echoes import echo_request

pytestmark = pytest.mark.needs("root", "unshare", "ip")

IGNORE_ECHO = Path("/proc/sys/net/ipv4/icmp_echo_ignore_all")
PING_GROUPS = Path("/proc/sys/net/ipv4/ping_group_range")


def run(scenario: str) -> object:
    command = ["unshare", "--net", sys.executable, "-W", "error", __file__, scenario]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def look(
    *addresses: str, engine: IcmpEngine | None = None, timeout_s: float = 1, **options: int
) -> list[list[object]]:
    """[outcome, reason] of each address, in order."""

    async def looking() -> list[list[object]]:
        used = engine or IcmpEngine()
        seen: dict[int, list[object]] = {}
        looks = [ProbeRequest(address=each, options=Options(**options), timeout_s=timeout_s) for each in addresses]
        try:
            await used.run(looks, lambda index, outcome: seen.__setitem__(index, [outcome.outcome, outcome.reason]))
        finally:
            used.close()
        return [seen[index] for index in range(len(addresses))]

    return asyncio.run(looking())


# Ours


def no_route() -> object:
    ip("link", "set", "lo", "up")
    return look("192.0.2.1", "127.0.0.1")


def test_without_a_route_nothing_is_said_about_the_asset():
    assert run("no_route") == [["none", "could not send: Network is unreachable"], ["ok", ""]]


def loopback_down() -> object:
    return look("127.0.0.1", "::1")


def test_with_every_interface_down_nothing_is_said_about_the_asset():
    assert [outcome for outcome, _ in run("loopback_down")] == ["none", "none"]


def forbidden_routes() -> object:
    ip("link", "set", "lo", "up")
    for kind, network in (
        ("prohibit", "192.0.2.0/26"),
        ("unreachable", "192.0.2.64/26"),
        ("blackhole", "192.0.2.128/26"),
    ):
        ip("route", "add", kind, network)
    return look("192.0.2.1", "192.0.2.65", "192.0.2.129", "127.0.0.1")


def test_what_our_own_routes_forbid_is_not_held_against_the_asset():
    assert [outcome for outcome, _ in run("forbidden_routes")] == ["none", "none", "none", "ok"]


def own_firewall() -> object:
    ip("link", "set", "lo", "up")
    subprocess.run(["iptables", "-A", "OUTPUT", "-d", "127.0.0.2", "-j", "DROP"], check=True)
    return look("127.0.0.2", "127.0.0.3")


@pytest.mark.needs("iptables")
def test_what_our_own_firewall_drops_is_not_held_against_the_asset():
    assert run("own_firewall") == [["none", "could not send: Operation not permitted"], ["ok", ""]]


def no_permission() -> object:
    ip("link", "set", "lo", "up")
    PING_GROUPS.write_text("1 0")
    os.setgroups([])
    os.setgid(65_534)
    os.setuid(65_534)
    return look("127.0.0.1")


def test_without_permission_nothing_is_said_about_the_asset():
    assert run("no_permission") == [["none", "no permission to send ICMP: see net.ipv4.ping_group_range"]]


def overrun(burst: int, timeout_s: float) -> object:
    """Send faster than the buffer holds, without ever reading in between."""
    ip("link", "set", "lo", "up")
    engine = IcmpEngine(rate=1_000_000, burst=burst)
    seen = look(*["127.0.0.1"] * 20_000, engine=engine, timeout_s=timeout_s, size=1_400)
    return {outcome: sum(each[0] == outcome for each in seen) for outcome in ("ok", "fail", "none")}


def overrun_of_the_buffer() -> object:
    return overrun(burst=20_000, timeout_s=1)


def no_overrun_of_the_buffer() -> object:
    return overrun(burst=64, timeout_s=PATIENCE_S)


def test_answers_that_our_own_buffer_lost_are_not_held_against_the_asset():
    seen = run("overrun_of_the_buffer")
    assert seen["fail"] == 0
    assert seen["none"] > 0


def test_at_the_usual_pace_nothing_is_lost():
    assert run("no_overrun_of_the_buffer") == {"ok": 20_000, "fail": 0, "none": 0}


def stall(seconds: float) -> object:
    ip("link", "set", "lo", "up")
    IGNORE_ECHO.write_text("1")

    async def looking() -> list[object]:
        watched = asyncio.ensure_future(probe("127.0.0.1", Options(), timeout_s=0.2))
        await asyncio.sleep(0.05)
        time.sleep(seconds)  # noqa: ASYNC251 - the fault
        seen = await watched
        return [seen.outcome, seen.why.phrase]

    return asyncio.run(looking())


def long_stall() -> object:
    return stall(1.4)


def short_stall() -> object:
    icmp_engine._STALL_NS = 60 * icmp_engine._NS  # a busy machine adds to what is slept
    return stall(0.3)


def test_silence_while_we_stood_still_is_not_held_against_the_asset():
    assert run("long_stall") == ["none", "we were stalled"]


def test_silence_with_a_short_delay_of_ours_is_held_against_the_asset():
    assert run("short_stall") == ["fail", "no answer"]


# The asset's


def silent_host() -> object:
    ip("link", "set", "lo", "up")
    IGNORE_ECHO.write_text("1")
    return look("127.0.0.1", "127.0.0.2", timeout_s=0.2)


def test_a_host_that_does_not_answer_fails():
    assert run("silent_host") == [["fail", "no answer"], ["fail", "no answer"]]


# Hostile neighbours: the kernel is told not to answer, and a thread answers in its place


def liar(answer: object) -> object:
    """What is seen of 127.0.0.1 while `answer(request, sequence, ident, token)` gives packets as (sender, bytes)."""
    ip("link", "set", "lo", "up")
    IGNORE_ECHO.write_text("1")
    hears = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)

    def lie() -> None:
        while True:
            packet = hears.recv(65_535)
            icmp = packet[20:]
            if icmp[0] != 8:
                continue
            ident, sequence = struct.unpack("!HH", icmp[4:8])
            for sender, made in answer(packet, sequence, ident, icmp[8:]):
                with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as says:
                    says.bind((sender, 0))
                    says.sendto(made, ("127.0.0.1", 0))

    threading.Thread(target=lie, daemon=True).start()
    return look("127.0.0.1", timeout_s=1.5)


def reply(ident: int, sequence: int, payload: bytes) -> bytes:
    request = bytearray(echo_request(socket.AF_INET, ident, sequence, payload))
    request[0] = 0
    body = int.from_bytes(request[2:4]) + 0x0800
    request[2:4] = (body % 0xFFFF).to_bytes(2)
    return bytes(request)


def unreachable(packet: bytes) -> bytes:
    made = struct.pack("!BBHI", 3, 1, 0, 0) + packet[:28]
    made += b"\0" * (len(made) % 2)
    checksum = 0xFFFF - int.from_bytes(made) % 0xFFFF
    return made[:2] + checksum.to_bytes(2) + made[4:]


def truth() -> object:
    return liar(lambda _packet, sequence, ident, payload: [("127.0.0.1", reply(ident, sequence, payload))])


def test_an_honest_answer_counts():
    assert run("truth") == [["ok", ""]]


def wrong_token() -> object:
    return liar(
        lambda _packet, sequence, ident, payload: [("127.0.0.1", reply(ident, sequence, bytes(len(payload))))]
    )


def test_an_answer_without_our_token_does_not_count():
    assert run("wrong_token") == [["fail", "no answer"]]


def wrong_sender() -> object:
    return liar(lambda _packet, sequence, ident, payload: [("127.0.0.9", reply(ident, sequence, payload))])


def test_an_answer_from_elsewhere_does_not_count():
    assert run("wrong_sender") == [["fail", "no answer"]]


def wrong_numbers() -> object:
    return liar(
        lambda _packet, sequence, ident, payload: [
            ("127.0.0.1", reply(ident, (sequence + 1) % 65_536, payload)),
            ("127.0.0.1", reply((ident + 1) % 65_536, sequence, payload)),
        ]
    )


def test_an_answer_with_other_numbers_does_not_count():
    assert run("wrong_numbers") == [["fail", "no answer"]]


def twice() -> object:
    return liar(lambda _packet, sequence, ident, payload: [("127.0.0.1", reply(ident, sequence, payload))] * 5)


def test_second_answers_change_nothing():
    assert run("twice") == [["ok", ""]]


def complaint() -> object:
    return liar(lambda packet, *_: [("127.0.0.9", unreachable(packet))])


def test_a_complaint_is_named_as_the_reason_after_the_time_out():
    assert run("complaint") == [["fail", "no answer: host unreachable, says 127.0.0.9"]]


def complaint_before_the_truth() -> object:
    return liar(
        lambda packet, sequence, ident, payload: [
            ("127.0.0.9", unreachable(packet)),
            ("127.0.0.1", reply(ident, sequence, payload)),
        ]
    )


def test_a_complaint_does_not_outweigh_an_answer():
    assert run("complaint_before_the_truth") == [["ok", ""]]


# The datagram socket


def unprivileged() -> object:
    ip("link", "set", "lo", "up")
    PING_GROUPS.write_text("0 65535")
    os.setgroups([])
    os.setgid(65_534)
    os.setuid(65_534)
    opened = EchoSocket(socket.AF_INET)
    is_raw = opened.is_raw
    opened.close()
    return [is_raw, look("127.0.0.1", "::1", *["127.0.0.2"] * 2_000)]


def test_without_privilege_a_datagram_socket_does_the_same():
    is_raw, seen = run("unprivileged")
    assert not is_raw
    assert {outcome for outcome, _ in seen} == {"ok"}


def complaint_on_a_datagram_socket() -> object:
    """A router's word for one host, while another is asked through the same socket."""
    ip("link", "set", "lo", "up")
    PING_GROUPS.write_text("0 65535")
    subprocess.run(
        ["iptables", "-A", "INPUT", "-d", "127.0.0.2", "-j", "REJECT", "--reject-with", "icmp-host-unreachable"],
        check=True,
    )
    return look(*["127.0.0.2", "127.0.0.3"] * 20)


@pytest.mark.needs("iptables")
def test_a_complaint_about_one_host_does_not_touch_the_next():
    seen = run("complaint_on_a_datagram_socket")
    assert seen == [["fail", "no answer: host unreachable, says 127.0.0.2"], ["ok", ""]] * 20


if __name__ == "__main__":
    sys.stdout.write(json.dumps(globals()[sys.argv[1]]()))
