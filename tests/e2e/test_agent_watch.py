"""`sla-agent` as a newcomer runs it: real sockets, real faults, timings scaled down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sla.evidence.instants import parse_instant
from tests.support.agents.process import AgentProcess, Listeners, bounds, contract, now_ms, site, tcp_asset, until
from tests.support.servers.providers import robot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    found = Listeners(200)
    yield found
    found.close()


def cameras(listeners: Listeners, count: int) -> str:
    return "".join(tcp_asset(f"cam-{n}", port) for n, port in enumerate(listeners.ports[:count]))


def incidents(agent: AgentProcess) -> list[dict]:
    return agent.judged()["incidents"]


def test_one_listener_of_200_that_stops_is_one_incident_that_is_notified(tmp_path: Path, listeners: Listeners):
    with robot() as told:
        agent = AgentProcess(tmp_path, site(cameras(listeners, 200)), contract=contract(), robot_url=told.url)
        try:
            agent.start()
            until(lambda: agent.status()["counts"]["up"] == 200, "all 200 are up")
            stopped = now_ms()
            listeners.shut(7)
            until(lambda: agent.status()["counts"]["down"] == 1, "one is down")
            until(lambda: told.received, "the vendor is told")
            restarted = now_ms()
            listeners.reopen(7)
            until(lambda: incidents(agent)[0]["closed"], "the incident is closed")
            until(lambda: len(told.received) == 2, "the vendor is told of the end")
            assert agent.stop() == 0
            (incident,) = incidents(agent)
            assert incident["check"] == "cam-7/tcp"
            assert stopped <= parse_instant(incident["detected"])
            assert parse_instant(incident["last_fail"]) <= restarted <= parse_instant(incident["restored"])
            seen = bounds(agent.of_type("reading"), "cam-7/tcp")
            assert seen == {key: incident[key] for key in seen}, "found by the first look that could"
            fails = [each for each in agent.of_type("reading") if each["outcome"] == "fail"]
            assert {each["check"] for each in fails} == {"cam-7/tcp"}
            assert [each["check"] for each in agent.of_type("notified")] == ["cam-7/tcp"]
            assert [each["title"].rpartition("] ")[2] for each in told.received] == ["故障：cam-7", "恢复：cam-7"]
        finally:
            agent.close()


def test_a_link_with_50_cameras_behind_it_is_one_incident_and_one_message(tmp_path: Path, listeners: Listeners):
    behind = "".join(tcp_asset(f"cam-{n}", listeners.ports[n], behind="link") for n in range(50))
    assets = tcp_asset("link", listeners.ports[50], kind="link", reach=True) + behind
    with robot() as told:
        agent = AgentProcess(tmp_path, site(assets), contract=contract(), robot_url=told.url)
        try:
            agent.start()
            until(lambda: agent.status()["counts"]["up"] == 51, "all are up")
            listeners.shut(*range(51))
            until(lambda: agent.status()["counts"]["cut_off"] == 50, "50 are cut off")
            until(lambda: told.received, "the vendor is told")
            listeners.reopen(*range(51))
            until(lambda: agent.status()["counts"]["up"] == 51, "all are up again")
            until(lambda: len(told.received) == 2, "the vendor is told of the end")
            assert agent.stop() == 0
            judged = agent.judged()
            (incident,) = judged["incidents"]
            assert incident["check"] == "link/tcp"
            assert incident["explains"] == 50
            first, last = told.received
            assert "故障：link" in first["title"]
            assert "切断 50 个资产" in first["message"]
            assert "恢复：link" in last["title"]
            down = sum(item["down_s"] for item in judged["obligations"][0]["items"] or [])
            assert down > 0 or judged["obligations"][0]["low"] < 1
        finally:
            agent.close()


def test_the_same_cameras_without_the_link_are_50_incidents(tmp_path: Path, listeners: Listeners):
    """The negative control: what makes it one incident is `behind`."""
    with robot() as told:
        agent = AgentProcess(tmp_path, site(cameras(listeners, 50)), contract=contract(), robot_url=told.url)
        try:
            agent.start()
            until(lambda: agent.status()["counts"]["up"] == 50, "all are up")
            listeners.shut(*range(50))
            until(lambda: agent.status()["counts"]["down"] == 50, "50 are down")
            until(lambda: len({each["check"] for each in agent.of_type("notified")}) >= 50, "all are notified")
            assert len(incidents(agent)) == 50
            assert len(told.received) <= 6, "and yet a storm makes few messages"
        finally:
            agent.close()


def test_a_second_agent_on_one_state_directory_is_refused(tmp_path: Path, listeners: Listeners):
    agent = AgentProcess(tmp_path, site(cameras(listeners, 1)))
    try:
        agent.start()
        done = agent.run("run", "--site", str(tmp_path / "site.toml"))
        assert done.returncode == 2
        assert "another agent" in done.stderr
        assert agent.status()["state"] == "running"
    finally:
        agent.close()


def test_sigterm_is_a_clean_end_that_is_on_record(tmp_path: Path, listeners: Listeners):
    agent = AgentProcess(tmp_path, site(cameras(listeners, 1)))
    try:
        agent.start()
        assert agent.stop() == 0
        assert [each["event"] for each in agent.of_type("agent")] == ["start", "stop"]
        status = agent.run("status")
        assert status.returncode == 3
        assert "The agent is not running" in status.stdout
    finally:
        agent.close()
