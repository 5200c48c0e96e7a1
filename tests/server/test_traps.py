"""Traps of Net-SNMP's own sender and of strangers, against the receiver on loopback."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Self

import pytest

from probes.snmp import traps
from probes.snmp.traps import Bounds, TrapReceiver, TrapUser, meaning
from tests.support.patience import until
from tests.support.ports import free_port

OPEN = TrapUser()
COLD, DOWN, UP = "1.3.6.1.6.3.1.1.5.1", "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.6.3.1.1.5.4"
AUTH_FAILURE = "1.3.6.1.6.3.1.1.5.5"
V3 = TrapUser(
    user="probe",
    engines=("8000000001020304",),
    auth="sha256",
    auth_key="authsecret1",
    privacy="aes",
    privacy_key="privsecret1",
)
V3_WORDS = ["-v3", "-e", "8000000001020304", "-u", "probe", "-l", "authPriv", "-a", "SHA-256", "-x", "AES"]

pytestmark = pytest.mark.needs("snmptrap")


class Heard:
    """A receiver on a free port, and what it reported."""

    def __init__(self, login: TrapUser = OPEN, known=("127.0.0.1",)) -> None:
        self.port = free_port(socket.SOCK_DGRAM)
        self.seen: list[tuple[str, str]] = []
        self.receiver = TrapReceiver(("127.0.0.1", self.port), login, known, lambda *each: self.seen.append(each))

    async def __aenter__(self) -> Self:
        for _ in range(20):  # it begins to read in tasks of its own
            await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.receiver.close()
        await asyncio.sleep(0)

    async def wait(self, count: int = 1) -> list[tuple[str, str]]:
        await until(lambda: len(self.seen) >= count)
        return self.seen


async def snmptrap(port: int, oid: str, *words: str, command: str = "snmptrap") -> int:
    words = words or ("-v2c", "-c", "public")
    started = await asyncio.create_subprocess_exec(
        command,
        *words,
        f"127.0.0.1:{port}",
        "",
        oid,
        stderr=asyncio.subprocess.DEVNULL,
        env={"MIBS": "", "PATH": PATH},
    )
    return await started.wait()


PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


@pytest.mark.parametrize(("oid", "name"), [(COLD, "coldStart"), (DOWN, "linkDown"), (UP, "linkUp")])
async def test_a_trap_of_a_known_device_is_reported(oid, name):
    async with Heard() as heard:
        await snmptrap(heard.port, oid)
        assert await heard.wait() == [("127.0.0.1", name)]


async def test_an_inform_is_reported_and_confirmed():
    async with Heard() as heard:
        patient = ("-v2c", "-c", "public", "-t", "60")
        assert await snmptrap(heard.port, DOWN, *patient, command="snmpinform") == 0
        assert ("127.0.0.1", "linkDown") in heard.seen


async def test_a_trap_of_version_3_is_reported():
    async with Heard(V3) as heard:
        await snmptrap(heard.port, DOWN, *V3_WORDS, "-A", "authsecret1", "-X", "privsecret1")
        assert await heard.wait() == [("127.0.0.1", "linkDown")]


@pytest.mark.parametrize(
    ("login", "words"),
    [
        (TrapUser(), ("-v2c", "-c", "another")),
        (TrapUser(), (*V3_WORDS, "-A", "authsecret1", "-X", "privsecret1")),
        (V3, ("-v2c", "-c", "public")),
        (V3, (*V3_WORDS, "-A", "another-one", "-X", "privsecret1")),
        (V3, (*V3_WORDS, "-A", "authsecret1", "-X", "another-one")),
        (V3, ("-v3", "-e", "8000000001020304", "-u", "probe", "-l", "noAuthNoPriv")),
    ],
)
async def test_a_trap_without_the_right_login_is_not_reported(login, words):
    async with Heard(login) as heard:
        await snmptrap(heard.port, DOWN, *words)
        good = (*V3_WORDS, "-A", "authsecret1", "-X", "privsecret1") if login is V3 else ()
        await snmptrap(heard.port, UP, *good)
        assert await heard.wait() == [("127.0.0.1", "linkUp")]


async def test_other_traps_are_not_reported():
    async with Heard() as heard:
        await snmptrap(heard.port, AUTH_FAILURE)
        await snmptrap(heard.port, UP)
        assert await heard.wait() == [("127.0.0.1", "linkUp")]


async def test_strangers_are_not_read(monkeypatch):
    async with Heard(known=("192.0.2.1",)) as heard:
        read: list[str] = []
        monkeypatch.setattr(heard.receiver.bounds, "admit", lambda sender, _size: read.append(sender))
        await snmptrap(heard.port, DOWN)
        await drained(heard)
        assert (heard.seen, read) == ([], [])


async def hostile(port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        for datagram in (
            b"",
            b"\x30",
            b"\x30\x80" * 1_500,
            b"\x30\x84\xff\xff\xff\xff\x02\x01\x01",
            b"\x30\x82\x0f\x00" + b"\x02\x01\x01\x04\x06public\xa7" + b"\xff" * 3_000,
            bytes.fromhex("302902010104067075626c6963a71c020401020304020100020100300e300c06082b06010201010300")
            + b"\5\0",
            b"\x30\x83\x00\xff\xf0" + b"\x04\x83\x00\xff\xeb" + b"x" * 60_000,
        ):
            sender.sendto(datagram, ("127.0.0.1", port))


async def test_hostile_bytes_are_survived(monkeypatch):
    monkeypatch.setattr(traps, "MOST_OF_ONE", 100)
    monkeypatch.setattr(traps, "MOST_A_SECOND", 100)
    async with Heard() as heard:
        await hostile(heard.port)
        await snmptrap(heard.port, DOWN)
        assert await heard.wait() == [("127.0.0.1", "linkDown")]
        assert heard.receiver.bounds.dropped == 1, "what is too large is not decoded"


async def test_a_flood_is_read_a_few_times_a_second_only(monkeypatch):
    async with Heard() as heard:
        monkeypatch.setattr(heard.receiver, "bounds", Bounds(lambda: 0.0))
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            for _ in range(200):
                sender.sendto(b"flood", ("127.0.0.1", heard.port))
        await until(lambda: heard.receiver.bounds.dropped >= 200 - traps.MOST_OF_ONE)


TRAP = bytes.fromhex(  # linkDown of v2c, community `public`
    "304302010104067075626c6963a7360204000000010201000201003028"
    "300d06082b06010201010300430101"
    "3017060a2b06010603010104010006092b0601060301010503"
)


def send(port: int, count: int, source: str = "127.0.0.1") -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.bind((source, 0))
        for _ in range(count):
            sender.sendto(TRAP, ("127.0.0.1", port))


async def test_of_ten_thousand_traps_a_few_are_reported_and_the_next_second_is_heard(monkeypatch):
    now = [0.0]
    async with Heard() as heard:
        monkeypatch.setattr(heard.receiver, "bounds", Bounds(lambda: now[0]))
        for _ in range(100):
            send(heard.port, 100)
            await asyncio.sleep(0)
        await heard.wait(traps.MOST_OF_ONE)
        await drained(heard)
        assert heard.seen == [("127.0.0.1", "linkDown")] * traps.MOST_OF_ONE
        now[0] = 1.0
        await snmptrap(heard.port, UP)
        assert (await heard.wait(traps.MOST_OF_ONE + 1))[-1] == ("127.0.0.1", "linkUp")


async def drained(heard: Heard) -> None:
    """Until all that lies in the socket has been looked at."""
    await until(lambda: not unread_bytes(heard.port))
    await asyncio.sleep(0)


def unread_bytes(port: int) -> int:
    """What the kernel holds for the UDP socket on that port of 127.0.0.1 (proc(5), /proc/net/udp)."""
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()]
    heading, *sockets = rows
    assert heading[1:5] == ["local_address", "rem_address", "st", "tx_queue"]
    (queues,) = [each[4] for each in sockets if each[1] == f"0100007F:{port:04X}"]
    return int(queues.partition(":")[2], 16)


@pytest.mark.parametrize(
    ("known", "reported"), [(("127.0.0.1",), 0), (("127.0.0.1", "127.0.0.2"), traps.MOST_OF_ONE)]
)
async def test_a_flood_of_another_sender_leaves_room_for_a_device(monkeypatch, known, reported):
    async with Heard(known=known) as heard:
        monkeypatch.setattr(heard.receiver, "bounds", Bounds(lambda: 0.0))
        for _ in range(10):
            send(heard.port, 50, "127.0.0.2")
            await drained(heard)
        await snmptrap(heard.port, UP)
        await heard.wait(reported + 1)
        assert heard.seen == [("127.0.0.2", "linkDown")] * reported + [("127.0.0.1", "linkUp")]


async def test_a_port_that_is_taken_is_an_os_error():
    async with Heard() as heard:
        with pytest.raises(OSError, match="in use"):
            TrapReceiver(("127.0.0.1", heard.port), TrapUser(), (), lambda *_: None)


def test_bounds_are_for_all_devices_together_and_start_anew_each_second():
    now = [0.0]
    bounds = Bounds(lambda: now[0])
    assert sum(bounds.admit(f"10.0.0.{n}", 100) for n in range(100)) == traps.MOST_A_SECOND
    now[0] = 1.0
    assert sum(bounds.admit("10.0.0.1", 100) for _ in range(100)) == traps.MOST_OF_ONE


def test_the_name_of_a_trap_far_behind_is_not_looked_for():
    many = [("1.3.6.1", 0)] * traps.MOST_VALUES
    assert meaning([*many, ("1.3.6.1.6.3.1.1.4.1.0", DOWN)]) is None
    assert meaning([*many[1:], ("1.3.6.1.6.3.1.1.4.1.0", DOWN)]) == "linkDown"
