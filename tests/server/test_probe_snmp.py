"""The kinds that speak SNMP against Debian's snmpd, on v2c and v3, and against agents that attack."""

from __future__ import annotations

import socket
import time

import pytest

from probes.kinds import optical, snmp_device, snmp_link
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.servers.daemons import udp_stranger
from tests.support.snmp.ber import ber
from tests.support.snmp.snmpd import USER, snmpd

HUAWEI = "1.3.6.1.4.1.2011.5.25.31.1.1"
H3C = "1.3.6.1.4.1.25506.2.70.1.1.1"
CISCO = "1.3.6.1.4.1.9.9.91.1"
SENSOR = "1.3.6.1.2.1.99.1.1.1"
NEEDS = pytest.mark.needs("snmpd")


def table() -> dict[str, tuple[str, object]]:
    """One good module of each vendor, and a Huawei module without light."""
    rows = {}
    for column, value in {8: -1250, 9: -310, 13: -2400, 14: -300, 15: -900, 16: 0}.items():
        rows[f"{HUAWEI}.3.1.{column}.67"] = value
    for column, value in {8: 0, 9: 0, 13: 0, 14: 0}.items():
        rows[f"{HUAWEI}.3.1.{column}.68"] = value
    for column, value in {5: 37, 7: 61, 11: 48}.items():
        rows[f"{HUAWEI}.1.1.{column}.9"] = value
        rows[f"{HUAWEI}.1.1.{column}.10"] = 0
    for column, value in {9: -215, 12: -2610, 30: 10_000, 31: 1_000, 34: 5_000, 35: 32}.items():
        rows[f"{H3C}.{column}.3"] = value
    for column, value in {1: 14, 2: 9, 3: 1, 4: -71, 5: 1}.items():
        rows[f"{CISCO}.1.1.1.{column}.500"] = value
    for number, (severity, relation, value) in enumerate(
        [(30, 4, 10), (20, 4, -20), (20, 1, -130), (30, 1, -180)], 1
    ):
        rows |= {
            f"{CISCO}.2.1.1.{column}.500.{number}": each
            for column, each in ((2, severity), (3, relation), (4, value))
        }
    for column, value in {1: 6, 2: 7, 3: 1, 4: 1000, 5: 1}.items():
        rows[f"{SENSOR}.{column}.31"] = value
    for column, value in {1: 8, 2: 9, 3: 0, 4: 58, 5: 1}.items():
        rows[f"{SENSOR}.{column}.40"] = value
    return {oid: ("integer", value) for oid, value in rows.items()}


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    with snmpd(tmp_path_factory.mktemp("snmpd"), table(), "sysObjectID .1.3.6.1.4.1.2011.2.23") as port:
        yield port


async def seen_by(module, port: int, *, timeout_s: float = PATIENCE_S, **options: object):
    return await module.probe("127.0.0.1", module.Options(port=port, **options), timeout_s=timeout_s)


@NEEDS
async def test_a_device_tells_since_when_it_runs_and_how_it_is_by_its_makers_tables(agent, snmp_login):
    seen = await seen_by(snmp_device, agent, max_cpu="80%", max_memory="90%", max_temperature=70, **snmp_login)
    assert (seen.outcome, seen.reason) == ("ok", "")
    assert set(seen.metrics) == set(PROBES["snmp_device"].metrics)
    assert (seen.metrics["cpu_ratio"], seen.metrics["memory_ratio"], seen.metrics["temperature_c"]) == (
        0.37,
        0.61,
        48,
    )


@NEEDS
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"max_cpu": "30%"}, "cpu above its limit"),
        ({"max_memory": "60%"}, "memory above its limit"),
        ({"max_temperature": 45}, "temperature above its limit"),
        ({"min_uptime": "1h"}, "restarted"),
    ],
)
async def test_a_limit_that_is_passed_fails_and_is_named(agent, options, reason):
    seen = await seen_by(snmp_device, agent, **options)
    assert (seen.outcome, seen.why.phrase) == ("fail", reason)


@NEEDS
async def test_the_standard_tables_serve_other_makers(tmp_path):
    with snmpd(tmp_path, {oid: value for oid, value in table().items() if oid.startswith(SENSOR)}) as port:
        seen = await seen_by(snmp_device, port, max_memory="100%", max_temperature=60)
    assert seen.outcome == "ok"
    assert 0 < seen.metrics["memory_ratio"] < 1
    assert seen.metrics["temperature_c"] == 58


@NEEDS
async def test_a_port_is_found_by_its_name_and_has_rates(agent, snmp_login):
    seen = await seen_by(snmp_link, agent, port_name="lo", sample="1100ms", **snmp_login)
    assert (seen.outcome, seen.reason) == ("ok", "")
    # bits a second are left to snmpsim: other tests send more over this loopback than the 10 Mbit/s that it says it has
    assert {"errors_per_s", "speed_bit_per_s", "since_change_s"} <= set(seen.metrics)
    assert set(seen.metrics) <= set(PROBES["snmp_link"].metrics)


@NEEDS
async def test_a_port_that_is_not_there_fails(agent):
    assert (await seen_by(snmp_link, agent, port_name="no-such")).reason == "no such port: no-such"
    assert (await seen_by(snmp_link, agent, index=99_999)).reason == "no such port: 99999"


@NEEDS
@pytest.mark.parametrize("port", [{"index": 1}, {"index": 99_999}, {"port_name": "lo"}])
async def test_ports_that_our_community_has_no_view_of_are_ours(tmp_path, monkeypatch, port):
    monkeypatch.setenv("NARROW", "narrow")
    view = ("view system included .1.3.6.1.2.1.1", "rocommunity narrow 127.0.0.1 -V system")
    with snmpd(tmp_path, None, *view) as agent:
        narrow = await seen_by(snmp_link, agent, community_env="NARROW", sample="10ms", **port)
        whole = await seen_by(snmp_link, agent, sample="10ms", **port)
    assert (narrow.outcome, narrow.reason) == ("none", "the device shows no table of its ports")
    assert whole.reason == ("no such port: 99999" if port == {"index": 99_999} else "")


@NEEDS
@pytest.mark.parametrize(
    ("options", "metrics"),
    [
        ({"vendor": "huawei", "index": 67}, {"rx_dbm": -12.5, "tx_dbm": -3.1, "rx_margin_db": 11.5}),
        ({"vendor": "cisco", "index": 500}, {"rx_dbm": -7.1, "rx_margin_db": 10.9}),
        ({"vendor": "standard", "index": 31}, {"rx_dbm": -10.0}),
    ],
    ids=["huawei", "cisco", "standard"],
)
async def test_the_light_of_each_vendor_is_read_in_dbm(agent, snmp_login, options, metrics):
    seen = await seen_by(optical, agent, **options, **snmp_login)
    assert (seen.outcome, dict(seen.metrics)) == ("ok", metrics)


@NEEDS
async def test_light_below_the_modules_own_alarm_fails(agent):
    seen = await seen_by(optical, agent, vendor="h3c", index=3)
    assert (seen.outcome, seen.reason) == ("fail", "received light below its alarm: -26.1 dBm, alarm -24.95")


@NEEDS
async def test_a_module_that_says_zero_has_no_reading_and_one_that_is_not_there_neither(agent):
    for index in (68, 99):
        seen = await seen_by(optical, agent, vendor="huawei", index=index)
        assert (seen.outcome, seen.reason) == ("none", "no reading of the module")


@NEEDS
async def test_a_wrong_user_or_password_of_v3_is_a_credentials_fault(agent, monkeypatch):
    monkeypatch.setenv("AUTH", "wrongsecret")
    options = {"version": "3", "user": USER, "auth": "sha256", "auth_env": "AUTH", "privacy_env": "AUTH"}
    ours = await seen_by(snmp_device, agent, **options)
    theirs = await seen_by(snmp_device, agent, login_refused="fail", **options)
    assert (ours.outcome, ours.why.phrase) == ("none", "login refused")
    assert (theirs.outcome, theirs.why.phrase) == ("fail", "login refused")


@NEEDS
@pytest.mark.parametrize("wrong", [{"privacy_env": "WRONG"}, {"privacy": "des"}])
async def test_a_device_that_says_who_it_is_and_cannot_decipher_us_is_no_silence(
    agent, snmp_login, monkeypatch, wrong
):
    if snmp_login["version"] != "3":
        return
    monkeypatch.setenv("WRONG", "wrongsecret")
    seen = await seen_by(snmp_device, agent, timeout_s=1, **{**snmp_login, **wrong})
    assert (seen.outcome, seen.why.phrase) == ("none", "login refused")


@NEEDS
async def test_a_wrong_community_is_silence(agent, monkeypatch):
    monkeypatch.setenv("COMMUNITY", "geheim")
    seen = await seen_by(snmp_device, agent, timeout_s=1, community_env="COMMUNITY")
    assert (seen.outcome, seen.reason) == ("fail", "no answer")


async def test_a_closed_port_refuses_and_is_believed_only_after_the_time_out(snmp_login):
    began = time.monotonic()
    seen = await seen_by(snmp_device, free_port(socket.SOCK_DGRAM), timeout_s=1, **snmp_login)
    assert (seen.outcome, seen.reason) == ("fail", "connection refused")
    assert time.monotonic() - began >= 0.99


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        (snmp_device, {"version": "3"}, "a user"),
        (snmp_link, {}, "either index or port_name"),
        (snmp_link, {"index": 1, "port_name": "lo"}, "either index or port_name"),
        (optical, {"vendor": "h3c", "index": 1, "max_drift": 2}, "usual_rx"),
    ],
)
def test_options_that_make_no_sense_together_are_refused_with_the_site_file(kind, options, message):
    with pytest.raises(ValueError, match=message):
        kind.Options(**options)


@NEEDS
async def test_a_limit_on_what_the_device_does_not_tell_is_no_health(tmp_path):
    with snmpd(tmp_path) as port:
        hot = await seen_by(snmp_device, port, max_temperature=60, max_memory="100%")
        half = await seen_by(snmp_link, port, port_name="lo", sample="10ms", full_duplex=True)
        free = await seen_by(snmp_device, port, max_memory="100%")
    assert (hot.outcome, hot.reason) == ("none", "does not tell what a limit is for: temperature_c")
    assert (half.outcome, half.reason) == ("none", "does not tell what a limit is for: duplex")
    assert free.outcome == "ok"


# Strangers: a v2c answer is the request with another tag and values


def answer(request: bytes, bindings: bytes, *, other: int = 0) -> bytes:
    """A response to a short v2c request with community `public`."""
    at = request.index(b"public") + 6
    pdu = request[at + 2 :]
    number = pdu[2 : 2 + pdu[1]]
    number = number[:-1] + bytes([number[-1] ^ other])
    body = ber(2, number) + ber(2, b"\0") + ber(2, b"\0") + ber(0x30, bindings)
    return ber(0x30, ber(2, b"\1") + ber(4, b"public") + ber(0xA2, body))


UPTIME = bytes.fromhex("2b06010201010300")
GOOD = ber(0x30, ber(6, UPTIME) + ber(0x43, b"\1\0\0"))


async def of_stranger(reply, timeout_s: float = 1):
    async with udp_stranger(reply) as port:
        return await seen_by(snmp_device, port, timeout_s=timeout_s)


async def test_an_honest_stranger_is_ok():
    seen = await of_stranger(lambda data: [answer(data, GOOD)])
    assert (seen.outcome, seen.metrics["uptime_s"]) == ("ok", 655.36)


@pytest.mark.parametrize(
    "reply",
    [
        lambda data: [answer(data, GOOD, other=1)],
        lambda data: [answer(data, ber(0x30, ber(6, UPTIME) + ber(0x43, b"\1"))[:-1])],
        lambda data: [answer(data, ber(0x30, ber(6, UPTIME) + ber(4, b"x" * 60_000)))],
        lambda data: [answer(data, ber(0x30, b"\x30\x80" * 20_000))],
        lambda _data: [b"\x30\x84\xff\xff\xff\xff" + bytes(60_000)],
        lambda _data: [b"\x30\x80" * 30_000],
        lambda data: [data],
        lambda _data: [b""],
        lambda data: [answer(data, b"")],
    ],
    ids=[
        "another's answer",
        "broken off",
        "b2: 64 KiB",
        "b6: nesting",
        "a length of 4 GiB",
        "only heads",
        "echo",
        "empty",
        "nothing in it",
    ],
)
async def test_hostile_agents_end_in_time_and_are_their_own_fault(reply):
    seen = await of_stranger(reply)
    assert seen.outcome == "fail"


@pytest.mark.parametrize("bindings", [b"", GOOD], ids=["nothing in it", "honest"])
async def test_b10_an_agent_is_asked_a_few_times_whatever_it_answers(bindings):
    asked = []

    def reply(data: bytes) -> list[bytes]:
        asked.append(data)
        return [answer(data, bindings)]

    assert (await of_stranger(reply)).outcome == ("ok" if bindings else "fail")
    assert len(asked) < 10


async def test_b11_a_walk_that_goes_round_ends():
    def reply(data: bytes) -> list[bytes]:
        if b"\xa5" in data[:20]:  # GETBULK
            oid = bytes.fromhex("2b060102011f010101010101")
            return [answer(data, ber(0x30, ber(6, oid[:-1]) + ber(4, b"x")) * 2)]
        return [answer(data, GOOD)]

    async with udp_stranger(reply) as port:
        seen = await seen_by(snmp_link, port, port_name="x", timeout_s=2)
    assert seen.outcome == "fail"
