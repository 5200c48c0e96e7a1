"""The `ntp` kind against chronyd, and against clocks that lie."""

from __future__ import annotations

import struct

import pytest

from probes.kinds.ntp import NtpAnswer, Options, probe, request, verdict
from probes.machine.clock import now_s
from probes.machine.clock_offset import offset_verdict
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.servers.daemons import answers, daemon, udp_stranger

SINCE_1900 = 2_208_988_800


@pytest.mark.needs("chronyd", "root")
async def test_a_real_server_tells_the_time(tmp_path):
    port = free_port()
    lines = ["local stratum 3", "allow 127.0.0.1", f"port {port}", "cmdport 0", f"pidfile {tmp_path / 'pid'}"]
    (tmp_path / "chrony.conf").write_text("\n".join([*lines, "bindaddress 127.0.0.1"]) + "\n")
    command = ["chronyd", "-d", "-x", "-u", "root", "-f", str(tmp_path / "chrony.conf")]
    with daemon(command, tmp_path / "log", answers(port, request(1))):
        seen = await probe(f"127.0.0.1:{port}", Options(), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["ntp"].metrics)
    assert seen.metrics["stratum"] == 3
    assert abs(seen.metrics["offset_ms"]) < 1_000


def server(
    *, off_s: float = 0, stratum: int = 2, leap: int = 0, mode: int = 4, reference: bytes = b"TEST", shift: int = 0
):
    def reply(data: bytes) -> list[bytes]:
        token = struct.unpack("!Q", data[40:48])[0] ^ shift
        now = int((now_s() + off_s + SINCE_1900) * (1 << 32)) % (1 << 64)
        head = leap << 6 | 4 << 3 | mode
        return [struct.pack("!BBbbII4sQQQQ", head, stratum, 6, -20, 0, 655, reference, now, token, now, now)]

    return reply


async def told_by(reply, timeout_s: float = PATIENCE_S, **options: object):
    async with udp_stranger(reply) as port:
        return await probe(f"127.0.0.1:{port}", Options(port=port, **options), timeout_s=timeout_s)


async def test_a_clock_that_is_ahead_shows_in_its_offset():
    seen = await told_by(server(off_s=90))
    assert seen.outcome == "ok"
    assert seen.metrics["offset_ms"] == pytest.approx(90_000, abs=400)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (server(leap=3), "time server not synchronised"),
        (server(stratum=16), "time server not synchronised"),
        (server(stratum=0, reference=bytes(4)), "time server not synchronised"),
        (server(stratum=0, reference=b"RATE"), "time server refuses to answer: RATE"),
        (server(mode=3), "answer not understood"),
        (server(shift=1), "answer not understood"),
        (lambda data: [data[:20]], "answer not understood"),
        (lambda data: [data], "answer not understood"),
        (lambda _data: [], "no answer"),
    ],
    ids=[
        "alarm",
        "stratum 16",
        "no sources",
        "kiss of death",
        "a client",
        "another's answer",
        "broken off",
        "an echo",
        "silence",
    ],
)
async def test_what_is_no_good_answer_fails_and_is_named(reply, reason):
    seen = await told_by(reply, timeout_s=1)
    assert (seen.outcome, seen.reason) == ("fail", reason)


async def test_more_steps_than_allowed_fail():
    assert (await told_by(server(stratum=5), max_stratum=4)).reason == "time server not synchronised: stratum 5"


def answer(at_s: float) -> NtpAnswer:
    stamp = int((at_s + SINCE_1900) * (1 << 32)) % (1 << 64)
    return NtpAnswer(0, 2, 1.0, b"TEST", stamp, stamp)


def test_a_clock_beyond_its_limit_fails_if_ours_is_right():
    seen = verdict(answer(1_000_011.0), 1_000_000.0, 0, Options(max_offset="10s"), lambda: True)
    assert (seen.outcome, seen.reason) == ("fail", "clock off by more than its limit: +11.0 s")


def test_what_a_slow_way_leaves_open_is_held_for_the_server():
    # 10.5 s ahead, but the answer took 2 s: the true offset lies between 9.5 s and 11.5 s
    assert verdict(answer(1_000_011.5), 1_000_000.0, 2_000, Options(max_offset="10s"), lambda: True).outcome == "ok"


def test_if_our_own_clock_is_not_synchronised_nobody_is_to_blame():
    seen = offset_verdict({"offset_ms": 99_999.0, "error_ms": 0.0}, 1_000, trusted=lambda: False)
    assert (seen.outcome, seen.reason) == ("none", "our own clock is not synchronised")


def test_the_era_of_2036_is_read_as_the_nearest():
    at_s = (1 << 32) - SINCE_1900 + 5.0  # five seconds into era 1
    assert verdict(answer(at_s), at_s - 5, 0, Options()).metrics["offset_ms"] == 5_000
