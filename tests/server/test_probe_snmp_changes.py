"""The kinds that speak SNMP from look to look: what changes at an agent of snmpsim's between them, on v2c and v3."""

from __future__ import annotations

import pytest

from probes.batch import ProbeRequest
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.snmp.makers import USERS, agents_of, moving, running
from tests.support.snmp.snmpd import AUTH, LOGINS, PRIVACY

WRAP_S = (1 << 32) / 100


class Looks:
    """Looks of one kind at one device, as the agent makes them: one engine for all of them."""

    def __init__(self, kind: str, agent, **options: object) -> None:
        self.agent = agent
        self._options = PROBES[kind].options(port=agent.port, **options)
        self._many = PROBES[kind].make_batch()

    async def run(self, timeout_s: float = PATIENCE_S):
        seen = []
        looks = [ProbeRequest(address="127.0.0.1", options=self._options, timeout_s=timeout_s)]
        await self._many.run(looks, lambda _index, outcome: seen.append(outcome))
        assert len(seen) == 1
        return seen[0]

    async def after(self, *states):
        """What the last look says, of one behind each of these states of the agent."""
        for each in states:
            self.agent.say(each)
            seen = await self.run()
        return seen


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snmpsim")
    agents = agents_of(folder, ["moving"])
    with running(folder, agents):
        yield agents["moving"]


def secrets(monkeypatch) -> None:
    monkeypatch.setenv("AUTH", AUTH)
    monkeypatch.setenv("PRIVACY", PRIVACY)
    monkeypatch.setenv("WRONG", "wrongsecret1")


@pytest.fixture
def port(agent, snmp_login):
    return Looks("snmp_link", agent, index=1, **snmp_login)


# Counters


async def test_octets_that_grew_are_a_rate_and_a_share_of_the_speed(port):
    seen = await port.after(moving(100, out=5), moving(110, **{"in": 625_000_000, "out": 5}))
    assert (seen.metrics["in_bit_per_s"], seen.metrics["in_ratio"], seen.metrics["out_ratio"]) == (5e8, 0.5, 0)


async def test_a_32_bit_counter_goes_on_behind_its_wrap(port):
    seen = await port.after(moving(100, in_32=(1 << 32) - 6), moving(110, in_32=1_249_999_994))
    assert seen.metrics["in_bit_per_s"] == 1e9  # 1,250,000,000 octets in 10 s


async def test_a_64_bit_counter_is_taken_where_both_are_there(port):
    states = (moving(at, in_32=1) | moving(at, **{"in": grown}) for at, grown in ((100, 0), (110, 12_500)))
    assert (await port.after(*states)).metrics["in_bit_per_s"] == 10_000


async def test_errors_and_discards_are_rates_of_their_own(port):
    seen = await port.after(moving(100, errors=7, discards=1), moving(110, errors=27, discards=6))
    assert (seen.metrics["errors_per_s"], seen.metrics["discards_per_s"]) == (2, 0.5)


@pytest.mark.parametrize("grown", [50, 51])
async def test_more_errors_than_allowed_fail_exactly_above_the_limit(agent, snmp_login, grown):
    port = Looks("snmp_link", agent, index=1, max_errors=5, **snmp_login)
    seen = await port.after(moving(100), moving(110, errors=grown))
    assert seen.reason == ("errors above their limit" if grown == 51 else "")


# Restarts


@pytest.mark.parametrize("up_s", [200_000, 300 * 86_400], ids=["after two days", "after 300 days"])
async def test_a_restart_leaves_no_rates_and_no_flap(port, up_s):
    before = moving(up_s, errors=(1 << 31) + 9, **{"in": 10**12, "out": 10**12}, mbit=0)
    seen = await port.after(before, moving(60, errors=9, changed=900, **{"in": 9}, mbit=0))
    assert (seen.outcome, set(seen.metrics)) == ("ok", {"since_change_s"})
    seen = await port.after(moving(70, errors=19, changed=900, **{"in": 10}, mbit=0))
    assert (seen.metrics["in_bit_per_s"], seen.metrics["errors_per_s"]) == (0.8, 1)


async def test_the_wrap_of_the_uptime_is_no_restart(port):
    states = (moving(WRAP_S - 5, **{"in": 0}), moving(WRAP_S + 5, **{"in": 10}))
    assert (await port.after(*states)).metrics["in_bit_per_s"] == 8


async def test_a_device_that_started_since_the_look_before_fails_where_that_is_asked_for(agent, snmp_login):
    device = Looks("snmp_device", agent, min_uptime="5m", **snmp_login)
    assert (await device.after(moving(200_000))).outcome == "ok"
    assert (await device.after(moving(60))).reason == "restarted: 60 s ago"


async def test_a_port_that_has_another_index_behind_a_restart_is_found_by_its_name(agent, snmp_login):
    port = Looks("snmp_link", agent, port_name="eth0", **snmp_login)
    first = moving(100, index=1, name="eth0") | moving(100, index=2, name="eth1", oper=2)
    assert (await port.after(first)).metrics["speed_bit_per_s"] == 1e9
    renumbered = moving(60, index=1, name="eth1", oper=2) | moving(60, index=2, name="eth0", mbit=100)
    seen = await port.after(renumbered)
    assert (seen.outcome, seen.metrics["speed_bit_per_s"]) == ("ok", 1e8)
    assert "in_bit_per_s" not in seen.metrics, "the counters of another port are none of the past"
    assert (await port.after(moving(70, index=2, **{"in": 10}))).metrics["in_bit_per_s"] == 8


async def test_a_port_that_is_gone_fails_and_is_found_when_it_is_back(agent, snmp_login):
    port = Looks("snmp_link", agent, port_name="eth5", **snmp_login)
    assert (await port.after(moving(100, index=5, name="eth5"))).outcome == "ok"
    assert (await port.after(moving(110))).reason == "no such port: eth5"
    assert (await port.after(moving(120, index=6, name="eth5"))).outcome == "ok"


async def test_a_chinese_alias_in_gbk_names_a_port(agent, snmp_login):
    alias = {"1.3.6.1.2.1.31.1.1.1.18.1": ("4x", "上联核心".encode("gbk").hex())}
    assert (
        await Looks("snmp_link", agent, port_name="上联核心", **snmp_login).after(moving(100) | alias)
    ).outcome == "ok"


# State


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, ""),
        ({"oper": 2}, "port down: down"),
        ({"oper": 6}, "port down: not present"),
        ({"admin": 2, "oper": 2}, "port switched off"),
        ({"mbit": 100}, "speed below what is wanted: 100 Mbit/s"),
        ({"duplex": 2}, "half duplex"),
    ],
)
async def test_what_changes_at_a_port_is_named_at_the_next_look(agent, snmp_login, said, reason):
    port = Looks("snmp_link", agent, index=1, min_speed=1000, full_duplex=True, **snmp_login)
    assert (await port.after(moving(100))).outcome == "ok"
    assert (await port.after(moving(110, **said))).reason == reason
    assert (await port.after(moving(120))).outcome == "ok"


@pytest.mark.parametrize(
    ("before", "now", "flaps"),
    [
        ((100, {}), (160, {}), 0),
        ((100, {}), (160, {"changed": 13_000}), 1),
        ((100, {"changed": 0}), (160, {"changed": 13_000}), 1),  # the first change since the start
        ((100, {"changed": 0}), (160, {"changed": 0}), None),  # perhaps it never sets it
        ((100, {"changed": 5_000}), (160, {"changed": 5_001}), 0),  # a clock that was corrected
        ((100, {}), (160, {"changed": 16_001}), 1),  # a moment ahead of the uptime in the same answer
        ((100, {"oper": 2}), (160, {"changed": 13_000}), None),  # it came up: the look before has said it
        ((100, {}), (160, {"oper": 2, "changed": 13_000}), None),  # it is down: this look says it
        ((WRAP_S - 30, {}), (WRAP_S + 30, {"changed": (1 << 32) - 1_000}), 1),
        ((WRAP_S - 30, {}), (WRAP_S + 30, {"changed": 100}), 0),
        ((200_000, {}), (60, {"changed": 900}), None),  # it started
    ],
)
async def test_a_port_that_went_down_and_up_between_two_looks_has_flapped(port, before, now, flaps):
    seen = await port.after(moving(before[0], **before[1]), moving(now[0], **now[1]))
    assert seen.metrics.get("flaps") == flaps


@pytest.mark.parametrize("no_flaps", [True, False])
async def test_a_flap_fails_once_and_only_where_that_is_asked_for(agent, snmp_login, no_flaps):
    port = Looks("snmp_link", agent, index=1, no_flaps=no_flaps, **snmp_login)
    seen = await port.after(moving(100), moving(160, changed=13_000))
    assert seen.reason == ("port went down and up again: 30 s ago" if no_flaps else "")
    assert (await port.after(moving(220, changed=13_000))).outcome == "ok"


# Version 3


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """An agent that is not running yet, and what starts it."""
    secrets(monkeypatch)
    agents = agents_of(tmp_path, ["standard"])
    return agents["standard"], lambda: running(tmp_path, agents)


@pytest.mark.parametrize("user", USERS)
async def test_users_of_v3_are_let_in_by_each_way_that_both_sides_have(agent, user, monkeypatch):
    secrets(monkeypatch)
    auth, privacy = USERS[user]
    how = {"auth": auth, "auth_env": "AUTH"} if auth else {}
    how |= {"privacy": privacy, "privacy_env": "PRIVACY"} if privacy else {}
    device = Looks("snmp_device", agent, version="3", user=user, **how)
    assert (await device.after(moving(100))).outcome == "ok"


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "stranger"},
        {"auth_env": "WRONG"},
        {"privacy_env": "WRONG"},
        {"auth": "sha"},
        {"auth_env": None, "privacy_env": None},
        {"privacy_env": None},
    ],
    ids=["user", "password", "password of privacy", "algorithm", "no password", "no privacy"],
)
async def test_a_wrong_login_is_ours_at_each_look_and_a_right_one_beside_it_goes_on(agent, wrong, monkeypatch):
    secrets(monkeypatch)
    agent.say(moving(100))
    refused = Looks("snmp_device", agent, **LOGINS["3"] | wrong)
    right = Looks("snmp_device", agent, **LOGINS["3"])
    for _ in range(2):
        seen = await refused.run()
        assert (seen.outcome, seen.why.phrase) == ("none", "login refused")
        assert (await right.run()).outcome == "ok"


async def recovered(looks) -> None:
    """No look is held against the device because of what we knew of the one before."""
    assert [(await looks.run(4)).outcome for _ in range(2)] == ["ok", "ok"]


@pytest.mark.parametrize("version", LOGINS)
async def test_looks_recover_behind_a_restart_of_the_engine(engine, version):
    agent, start = engine
    looks = Looks("snmp_device", agent, **LOGINS[version])
    with start():
        assert (await looks.run()).outcome == "ok"
    with start():  # counts one boot more; what was signed for the one before is refused
        await recovered(looks)


@pytest.mark.parametrize("version", LOGINS)
async def test_looks_recover_when_another_device_stands_at_the_address(engine, version):
    agent, start = engine
    looks = Looks("snmp_device", agent, **LOGINS[version])
    with start():
        assert (await looks.run()).outcome == "ok"
    agent.renew("80000000aabbccdd")
    with start():
        await recovered(looks)


@pytest.mark.parametrize("version", LOGINS)
async def test_looks_recover_when_a_silent_device_is_back(engine, version):
    agent, start = engine
    looks = Looks("snmp_device", agent, **LOGINS[version])
    assert [(await looks.run(0.3)).reason for _ in range(2)] == ["connection refused"] * 2
    with start():
        await recovered(looks)


# Odd agents


async def test_an_answer_that_comes_late_is_not_taken_for_that_of_the_next_look(port):
    speed = "1.3.6.1.2.1.31.1.1.1.15.1"
    port.agent.say(moving(100) | {speed: ("66:delay", "value=10,wait=600")})
    assert (await port.run(0.3)).reason == "no answer"
    assert (await port.after(moving(110, mbit=100))).metrics["speed_bit_per_s"] == 1e8


async def test_an_error_in_one_ports_row_is_not_another_ports_fault(agent, snmp_login):
    agent.say(moving(100) | moving(100, index=2) | {"1.3.6.1.2.1.2.2.1.8.2": ("2:error", "status=generror")})
    options = [PROBES["snmp_link"].options(port=agent.port, index=index, **snmp_login) for index in (1, 2)]
    seen = {}
    looks = [ProbeRequest(address="127.0.0.1", options=each, timeout_s=PATIENCE_S) for each in options]
    await PROBES["snmp_link"].make_batch().run(looks, lambda index, outcome: seen.update({index: outcome.outcome}))
    assert seen == {0: "ok", 1: "fail"}


@pytest.mark.parametrize("scale", [-(1 << 31), (1 << 31) - 1])
@pytest.mark.parametrize("precision", [-(1 << 31), (1 << 31) - 1])
async def test_a_scale_beyond_all_bounds_is_one_devices_alone(agent, snmp_login, scale, precision):
    rows = enumerate([8, scale, precision, 40, 1], 1)
    agent.say(moving(100) | {f"1.3.6.1.2.1.99.1.1.1.{column}.7": ("2", value) for column, value in rows})
    seen = await Looks("snmp_device", agent, max_temperature=70, **snmp_login).run()
    assert seen.outcome == ("ok" if scale < 0 else "none")  # none: it does not tell what the limit is for
