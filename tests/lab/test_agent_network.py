"""Our own network taken away, and the vendor's: the one is `none` and lowers coverage, the other is `fail`.

Three network namespaces: the agent's, the vendor's, in which a link and its cameras answer pings,
and a third one that is reached another way.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.agents.process import AgentProcess, contract, now_ms, site, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.needs("root", "ip", "sysctl", "iptables")
CAMERAS = 50
EACH = """
[[obligations]]
id = "EACH"
clause = "4.2"
kind = "availability"
title = "每台"
scope = { kind = "camera" }
measure = "each"
target = "99.99%"
"""
ASIDE, IN_VENDOR_S_NET = "10.88.0.2", "10.77.9.9"


class Lab:
    """The namespaces: `ours` is where the agent runs."""

    def __init__(self) -> None:
        self.ours, self.vendor_s, self._third = (f"lab{os.getpid()}-{each}" for each in ("own", "vendor", "third"))
        for name in (self.ours, self.vendor_s, self._third):
            self._ip("netns", "add", name)
            self._ip("-n", name, "link", "set", "lo", "up")
        self._join(self.vendor_s, "toward", "10.77.0.1/16", "10.77.0.2/16")
        for block in ("10.77.1.0/24", "10.77.9.0/24"):
            self._ip("-n", self.vendor_s, "route", "add", "local", block, "dev", "lo")
        self._join(self._third, "aside", "10.88.0.1/24", f"{ASIDE}/24")

    def _ip(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True)

    def _join(self, other: str, name: str, here: str, there: str) -> None:
        self._ip("-n", self.ours, "link", "add", name, "type", "veth", "peer", "name", "back", "netns", other)
        for namespace, interface, address in ((self.ours, name, here), (other, "back", there)):
            self._ip("-n", namespace, "address", "add", address, "dev", interface)
            self._ip("-n", namespace, "link", "set", interface, "up")

    def our_interfaces(self, state: str) -> None:
        """Take them `down`, or `up` again."""
        for name in ("toward", "aside"):
            self._ip("-n", self.ours, "link", "set", name, state)

    def silence_the_vendor(self, silent: int) -> None:
        """1: no address there answers anything any more; 0: all do."""
        how = "-I" if silent else "-D"
        self._in_vendor_s("iptables", how, "INPUT", "-j", "DROP")

    def filter_pings(self, silent: int) -> None:
        """1: no address there answers a ping any more, though connections are still refused; 0: all do."""
        self._in_vendor_s("sysctl", "-qw", f"net.ipv4.icmp_echo_ignore_all={silent}")

    def _in_vendor_s(self, *words: str) -> None:
        subprocess.run(["ip", "netns", "exec", self.vendor_s, *words], check=True)

    def close(self) -> None:
        for name in (self.ours, self.vendor_s, self._third):
            self._ip("netns", "del", name)


@pytest.fixture
def lab() -> Iterator[Lab]:
    found = Lab()
    yield found
    found.close()


def pinged(name: str, kind: str, address: str, behind: str = "") -> str:
    return f"""
[[assets]]
id = "{name}"
kind = "{kind}"
name = "{name}"
address = "{address}"
{f'behind = "{behind}"' if behind else ""}
[[assets.checks]]
probe = "icmp"
reach = true
severity = "critical"
"""


def started(place: Path, lab: Lab, reference: str, broken: str = "") -> AgentProcess:
    """An agent of a link with cameras behind it, all of which it sees up."""
    assets = pinged("link", "link", "10.77.0.2")
    assets += "".join(pinged(f"cam-{n}", "camera", f"10.77.1.{n + 1}", "link") for n in range(CAMERAS))
    more = f'[uplink]\nreferences = ["{reference}"]'
    inside = ["ip", "netns", "exec", lab.ours]
    text = site(assets, more=more)
    agent = AgentProcess(place, text, contract=contract(obligations=EACH), prefix=inside, broken=broken)
    try:
        agent.start()
        until(lambda: agent.status()["counts"]["up"] == CAMERAS + 1, "all are up")
    except BaseException:
        agent.close()
        raise
    return agent


def outcomes(agent: AgentProcess) -> Counter[str]:
    return Counter(each["outcome"] for each in agent.of_type("reading"))


def seen_s(agent: AgentProcess) -> float:
    """For how long, on average, the cameras were observed this month."""
    (clause,) = (each for each in agent.judged()["obligations"] if each["id"] == "EACH")
    return sum(each["up_s"] + each["down_s"] + each["changing_s"] for each in clause["items"]) / CAMERAS


def down_s(agent: AgentProcess) -> list[float]:
    (clause,) = (each for each in agent.judged()["obligations"] if each["id"] == "EACH")
    return [each["down_s"] for each in clause["items"]]


def fails_of_cameras(agent: AgentProcess) -> list[int]:
    found = Counter(each["check"] for each in agent.of_type("reading") if each["outcome"] == "fail")
    return [found[f"cam-{n}/icmp"] for n in range(CAMERAS)]


def test_our_own_network_taken_away_is_nobody_s_fail_and_lowers_coverage(tmp_path: Path, lab: Lab):
    agent = started(tmp_path, lab, ASIDE)
    try:
        began, before = now_ms(), seen_s(agent)
        lab.our_interfaces("down")
        until(lambda: agent.status()["is_blind"], "it knows that it sees nothing")
        time.sleep(8)
        lab.our_interfaces("up")
        until(lambda: agent.status()["counts"]["up"] == CAMERAS + 1, "all are up again")
        elapsed_s = (now_ms() - began) / 1000
        assert agent.stop() == 0
        found = outcomes(agent)
        assert found["fail"] == 0
        assert found["none"] > CAMERAS
        assert agent.judged()["incidents"] == []
        assert seen_s(agent) - before < elapsed_s - 5, "the time in which nobody looked is not covered"
        assert set(down_s(agent)) == {0}
        assert "alert_queued" not in agent.kinds()
    finally:
        agent.close()


@pytest.mark.parametrize("broken", ["", "believes_every_fail"])
def test_a_way_out_that_is_dead_further_on_is_known_by_its_references(tmp_path: Path, lab: Lab, broken: str):
    """Interfaces and routes are all there, but nothing comes back. Broken, it goes red: the negative control."""
    agent = started(tmp_path, lab, IN_VENDOR_S_NET, broken)
    try:
        lab.silence_the_vendor(1)
        if broken:
            until(lambda: outcomes(agent)["fail"], "the broken agent blames the vendor")
            return
        until(lambda: outcomes(agent)["none"] > CAMERAS, "what nobody answers is nobody's fault")
        lab.silence_the_vendor(0)
        until(lambda: agent.status()["counts"]["up"] == CAMERAS + 1, "all are up again")
        assert agent.stop() == 0
        assert outcomes(agent)["fail"] == 0
        reasons = {each["reason"] for each in agent.of_type("reading") if each["outcome"] == "none"}
        assert reasons == {"uplink: our own network was down"}
    finally:
        agent.close()


def test_the_vendor_s_network_taken_away_is_one_incident_of_the_link(tmp_path: Path, lab: Lab):
    """The other negative control: with a reference that answers, the same silence is the vendor's fail."""
    agent = started(tmp_path, lab, ASIDE)
    try:
        began, before = now_ms(), seen_s(agent)
        lab.silence_the_vendor(1)
        until(lambda: agent.status()["counts"]["cut_off"] == CAMERAS, "the cameras are cut off")
        until(lambda: agent.kinds()["alert_queued"], "the vendor is to be told")
        until(lambda: min(fails_of_cameras(agent)) >= 3, "each camera was looked at again and again")
        lab.silence_the_vendor(0)
        until(lambda: agent.status()["counts"]["up"] == CAMERAS + 1, "all are up again")
        elapsed_s = (now_ms() - began) / 1000
        assert agent.stop() == 0
        (incident,) = agent.judged()["incidents"]
        assert (incident["check"], incident["explains"]) == ("link/icmp", CAMERAS)
        about = {each["check"] for body in agent.bodies("alert_queued") for each in body["about"]}
        assert about == {"link/icmp"}
        assert min(down_s(agent)) > 0, "a camera that is cut off is down all the same"
        assert seen_s(agent) - before > elapsed_s - 5, "and all of it was observed"
    finally:
        agent.close()


@pytest.mark.parametrize("broken", ["", "believes_all_silence"])
def test_a_filter_that_swallows_all_pings_is_nobody_s_fault(tmp_path: Path, lab: Lab, broken: str):
    """The assets refuse connections, so they live. Broken, it goes red: the negative control."""
    agent = started(tmp_path, lab, ASIDE, broken)
    try:
        lab.filter_pings(1)
        if broken:
            until(lambda: outcomes(agent)["fail"], "the broken agent blames the vendor")
            return
        until(lambda: outcomes(agent)["none"] > CAMERAS, "pings that are swallowed are nobody's fault")
        assert agent.status()["filtered"] == ["icmp"]
        lab.filter_pings(0)
        until(lambda: agent.status()["filtered"] == [], "the first answer ends it")
        until(lambda: agent.status()["counts"]["up"] == CAMERAS + 1, "all are up again")
        assert agent.stop() == 0
        assert outcomes(agent)["fail"] == 0
        assert agent.judged()["incidents"] == []
        reasons = {each["reason"] for each in agent.of_type("reading") if each["outcome"] == "none"}
        assert reasons == {"filtered: all looks of this kind are silent, and another kind is answered"}
    finally:
        agent.close()
