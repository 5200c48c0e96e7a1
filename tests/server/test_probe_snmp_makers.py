"""The kinds that speak SNMP against snmpsim's agents of four makers, on v2c and v3, and beside Net-SNMP's own tools."""

from __future__ import annotations

import asyncio

import pytest

from probes.kinds import optical, snmp_device, snmp_link
from tests.support.patience import PATIENCE_S
from tests.support.snmp.makers import agents_of, running
from tests.support.snmp.snmpd import AUTH, PRIVACY

NO_READING, OFF = "no reading of the module", "port switched off"
HUAWEI, HEALTH = "1.3.6.1.4.1.2011.5.25.31.1.1.3.1", "1.3.6.1.4.1.2011.5.25.31.1.1.1.1"
IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"


@pytest.fixture(scope="module")
def agents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snmpsim")
    played = agents_of(folder, ["huawei", "h3c", "cisco", "standard"])
    with running(folder, played):
        yield {name: agent.port for name, agent in played.items()}


async def seen_by(module, port: int, **options: object):
    return await module.probe("127.0.0.1", module.Options(port=port, **options), timeout_s=PATIENCE_S)


# Light: for each maker, one module of each sort


@pytest.mark.parametrize(
    ("vendor", "index", "metrics"),
    [
        ("huawei", 67108871, {"rx_dbm": -7.12, "tx_dbm": -3.05, "rx_margin_db": 14.88}),
        ("h3c", 1, {"rx_dbm": -6.12, "tx_dbm": -2.45, "rx_margin_db": 13.88}),  # 100 tenths of a µW are -20 dBm
        (
            "cisco",
            1001,
            {"rx_dbm": -7.1, "rx_margin_db": 10.9},
        ),  # of -13 and -18 the outermost; -10 is only a warning
        ("standard", 31, {"rx_dbm": -10.0}),  # 100.0 µW
        ("standard", 35, {"rx_dbm": -19.0}),  # 12,600 nW
    ],
)
async def test_a_good_module_is_read_in_the_unit_of_its_maker(agents, snmp_login, vendor, index, metrics):
    seen = await seen_by(optical, agents[vendor], vendor=vendor, index=index, **snmp_login)
    assert (seen.outcome, seen.reason, dict(seen.metrics)) == ("ok", "", metrics)


@pytest.mark.parametrize(
    ("vendor", "index", "reason"),
    [
        ("huawei", 67108872, "received light below its alarm: -38 dBm, alarm -22"),
        ("h3c", 2, "received light below its alarm: -36.96 dBm, alarm -20"),
        ("cisco", 1002, "received light below its alarm: -40 dBm, alarm -18"),
        ("h3c", 5, "received light above its alarm: 1.5 dBm, alarm 0"),
    ],
)
async def test_a_dark_module_and_one_that_is_too_bright_fail_by_their_own_alarms(
    agents, snmp_login, vendor, index, reason
):
    seen = await seen_by(optical, agents[vendor], vendor=vendor, index=index, **snmp_login)
    assert (seen.outcome, seen.reason) == ("fail", reason)


@pytest.mark.parametrize(("vendor", "index"), [("huawei", 67108873), ("h3c", 3), ("cisco", 1003)])
async def test_thresholds_that_are_not_set_are_no_limit_and_the_sites_own_is(agents, snmp_login, vendor, index):
    how = {"vendor": vendor, "index": index, **snmp_login}
    unset = await seen_by(optical, agents[vendor], **how)
    assert unset.outcome == "ok"
    assert "rx_margin_db" not in unset.metrics
    margin = await seen_by(optical, agents[vendor], min_margin=3, **how)
    assert (margin.outcome, margin.reason) == ("none", "does not tell what a limit is for: low alarm")
    assert (await seen_by(optical, agents[vendor], low_alarm=-14, **how)).reason.startswith("received light below")


@pytest.mark.parametrize(
    ("vendor", "index", "tx_index"),
    [
        ("huawei", 67108874, None),  # 2147483647
        ("huawei", 67108875, None),  # 300: 3 dBm or 300 µW
        ("huawei", 67108877, None),  # 0
        ("h3c", 4, None),  # 2147483647
        ("h3c", 7, None),  # likewise, of the receiver alone
        ("cisco", 1004, 2004),  # unavailable
        ("cisco", 1005, 2005),  # -10**9 and 10**9
        ("standard", 32, None),  # no power has no dBm
        ("standard", 33, None),
        ("standard", 34, None),  # broken
        ("standard", 40, None),  # measures degrees
        ("huawei", 99, None),  # no such module
    ],
)
async def test_what_is_no_reading_is_none_and_neither_good_nor_bad(agents, snmp_login, vendor, index, tx_index):
    seen = await seen_by(optical, agents[vendor], vendor=vendor, index=index, tx_index=tx_index, **snmp_login)
    assert (seen.outcome, seen.reason, dict(seen.metrics)) == ("none", NO_READING, {})


async def test_huaweis_microwatts_are_read_where_the_site_says_so_and_its_thresholds_stay_dbm(agents, snmp_login):
    how = {"vendor": "huawei", "unit": "microwatt", **snmp_login}
    lit = await seen_by(optical, agents["huawei"], index=67108875, **how)
    # 300 µW are -5.23 dBm; low alarm -1900, high alarm 200: hundredths of a dBm, as MIB and sign say
    assert (lit.outcome, lit.metrics) == ("ok", {"rx_dbm": -5.23, "tx_dbm": -4.7, "rx_margin_db": 13.77})
    dark = await seen_by(optical, agents["huawei"], index=67108877, **how)
    assert (dark.outcome, dark.reason) == ("none", NO_READING)


@pytest.mark.parametrize(
    ("vendor", "index", "port_index"), [("huawei", 67108876, 10), ("h3c", 6, 6), ("cisco", 1006, 10106)]
)
async def test_a_port_that_is_switched_off_is_left_in_peace(agents, snmp_login, vendor, index, port_index):
    how = {"vendor": vendor, "index": index, **snmp_login}
    off = await seen_by(optical, agents[vendor], port_index=port_index, **how)
    assert (off.outcome, off.reason) == ("none", OFF)
    assert (await seen_by(optical, agents[vendor], **how)).outcome == "fail"


# Health


@pytest.mark.parametrize(
    ("name", "metrics"),
    [
        ("huawei", {"cpu_ratio": 0.37, "memory_ratio": 0.61, "temperature_c": 48}),
        ("h3c", {"cpu_ratio": 0.23, "memory_ratio": 0.55, "temperature_c": 44}),
        ("cisco", {"cpu_ratio": 0.17, "memory_ratio": 0.75, "temperature_c": 39}),
        ("standard", {"cpu_ratio": 0.34, "memory_ratio": 0.75, "temperature_c": 55}),
    ],
)
async def test_the_worst_part_counts_by_the_makers_own_tables(agents, snmp_login, name, metrics):
    limits = {"max_cpu": "80%", "max_memory": "80%", "max_temperature": 70}
    seen = await seen_by(snmp_device, agents[name], min_uptime="1h", **limits, **snmp_login)
    assert (seen.outcome, {key: seen.metrics[key] for key in metrics}) == ("ok", metrics)
    assert seen.metrics["uptime_s"] == pytest.approx(86_400, abs=600)


# Ports


async def test_counters_that_grow_by_the_second_are_rates(agents, snmp_login):
    seen = await seen_by(snmp_link, agents["huawei"], port_name="GigabitEthernet0/0/1", sample="500ms", **snmp_login)
    assert (seen.outcome, seen.reason, seen.metrics["speed_bit_per_s"]) == ("ok", "", 1e9)
    assert seen.metrics["in_bit_per_s"] == pytest.approx(1e8, rel=0.1)  # 12.5 MB a second
    assert seen.metrics["in_ratio"] == pytest.approx(0.1, rel=0.1)
    assert seen.metrics["out_ratio"] == pytest.approx(0.05, rel=0.1)
    assert seen.metrics["errors_per_s"] == pytest.approx(5, abs=3)
    assert (seen.metrics["discards_per_s"], seen.metrics["flaps"]) == (0, 0)


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("eth1", {"min_speed": 1000, "full_duplex": True, "no_flaps": True}, ""),
        ("good", {}, ""),  # its ifAlias
        ("eth2", {}, "port down: down"),
        ("eth5", {"min_speed": 1000}, "speed below what is wanted: 100 Mbit/s"),
        ("eth5", {"full_duplex": True}, "half duplex"),
        ("eth6", {}, "port switched off"),
        ("eth7", {}, "no such port: eth7"),
    ],
)
async def test_what_is_wrong_with_a_port_is_named(agents, snmp_login, name, options, reason):
    seen = await seen_by(snmp_link, agents["standard"], port_name=name, sample="20ms", **options, **snmp_login)
    assert (seen.outcome, seen.reason) == ("fail" if reason else "ok", reason)


# Beside Net-SNMP


async def printed(port: int, tool: str, version: str, *oids: str) -> dict[str, int]:
    v3 = ["-v3", "-l", "authPriv", "-u", "probe", "-a", "SHA-256", "-A", AUTH, "-x", "AES", "-X", PRIVACY]
    words = v3 if version == "3" else ["-v2c", "-c", "public"]
    started = await asyncio.create_subprocess_exec(
        tool, *words, "-OQnet", f"127.0.0.1:{port}", *oids, stdout=asyncio.subprocess.PIPE, env={"MIBS": "", **PATH}
    )
    lines = (await started.communicate())[0].decode().splitlines()
    return {oid.lstrip("."): int(value) for oid, value in (line.split(" = ") for line in lines)}


PATH = {"PATH": "/usr/bin:/bin"}


@pytest.mark.needs("snmpget")
async def test_the_light_that_is_read_is_what_net_snmp_prints(agents, snmp_login):
    oids = [f"{HUAWEI}.{column}.67108871" for column in (8, 9, 13)]
    rx, tx, low = (await printed(agents["huawei"], "snmpget", snmp_login["version"], *oids)).values()
    light = await seen_by(optical, agents["huawei"], vendor="huawei", index=67108871, **snmp_login)
    assert light.metrics == {"rx_dbm": rx / 100, "tx_dbm": tx / 100, "rx_margin_db": round((rx - low) / 100, 2)}


@pytest.mark.needs("snmpbulkwalk")
async def test_the_hottest_sensor_is_that_of_net_snmps_walk(agents, snmp_login):
    walked = await printed(agents["huawei"], "snmpbulkwalk", snmp_login["version"], f"{HEALTH}.11")
    device = await seen_by(snmp_device, agents["huawei"], max_temperature=200, **snmp_login)
    assert len(walked) == 3
    assert device.metrics["temperature_c"] == max(each for each in walked.values() if each < 200)


@pytest.mark.needs("snmpget")
async def test_speed_rate_and_last_change_are_those_that_net_snmp_prints_around_the_look(agents, snmp_login):
    oids = (f"{IFX}.15.5", "1.3.6.1.2.1.1.3.0", f"{IF}.9.5", f"{IFX}.6.5")
    mbit, begun, changed, octets = (await printed(agents["huawei"], "snmpget", snmp_login["version"], *oids)).values()
    link = (await seen_by(snmp_link, agents["huawei"], index=5, sample="500ms", **snmp_login)).metrics
    _, ended, _, later = (await printed(agents["huawei"], "snmpget", snmp_login["version"], *oids)).values()
    assert link["speed_bit_per_s"] == mbit * 1_000_000
    assert link["in_bit_per_s"] == pytest.approx((later - octets) * 8 / ((ended - begun) / 100), rel=0.1)
    assert begun <= link["since_change_s"] * 100 + changed <= ended
