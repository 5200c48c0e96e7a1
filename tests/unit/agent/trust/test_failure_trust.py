"""Our own network and the silence of others, put together: with real interfaces, and kinds that say what they should."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from agent.probing.runner import Observation
from agent.trust.failure_trust import FailureTrust, failure_trust_of
from config.site.file import load
from probes.outcome import Outcome, fail, none, ok
from probes.registry import OPTIONS, PROBES, Kind
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

SILENCE = fail("no answer")
CAMERAS = [f"192.0.2.{n}" for n in range(1, 5)]


class Network:
    """What pings and ports answer, by address; anything that is not named is silent. Keeps what was asked."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Outcome] = {}
        self.asked: list[tuple[str, str]] = []

    def kind(self, name: str) -> Kind:
        async def probe(address: str, _options: object, /, *, timeout_s: float) -> Outcome:
            assert timeout_s > 0
            self.asked.append((name, address))
            return self.answers.get((name, address), SILENCE)

        return replace(PROBES[name], probe=probe, make_batch=None)

    def kinds(self) -> dict[str, Kind]:
        return {name: self.kind(name) for name in ("icmp", "tcp")}


def site_of(tmp_path: Path, addresses: list[str], more: str = ""):
    assets = "".join(
        f'[[assets]]\nid = "cam-{n}"\nkind = "camera"\naddress = "{address}"\nchecks = [{{ probe = "icmp" }}]\n'
        for n, address in enumerate(addresses)
    )
    path = tmp_path / "site.toml"
    path.write_text(f'site = "s"\ntimezone = "Asia/Shanghai"\n{more}\n{assets}', encoding="utf-8")
    return load(path, probe_options=OPTIONS)


async def decided(trust: FailureTrust, check, outcome: Outcome, began_ms: int = 1_000) -> str:
    """What becomes of an observation, once those who are asked have answered or not."""
    seen = Observation(plan=check, began_ms=began_ms, ended_ms=began_ms + 50, outcome=outcome)
    for _ in range(30_000):
        found = trust.trust(seen)
        if found != "wait":
            return found
        await asyncio.sleep(0.01)
    return "wait"


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """Every interface is up, whatever this machine has."""
    monkeypatch.setattr("agent.trust.uplink.Interfaces.is_up", lambda _self: True)
    return Network()


def trust_of(site, network: Network) -> FailureTrust:
    ticks = iter(range(2_000, 1_000_000))
    return FailureTrust(site, network.kinds(), lambda: next(ticks))


@pytest.mark.parametrize(
    ("addresses", "needs_trust"),
    [(["127.0.0.1", "localhost"], False), (["127.0.0.1", "192.0.2.1"], True), ([], False)],
)
async def test_a_site_that_is_this_very_machine_needs_nobody_to_be_asked(tmp_path, network, addresses, needs_trust):
    found = failure_trust_of(site_of(tmp_path, addresses), network.kinds(), lambda: 0)
    assert (found is not None) == needs_trust
    if found is not None:
        await found.close()


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({}, "blind"),  # not even ourselves
        ({("icmp", "127.0.0.1"): ok()}, "blind"),  # ourselves and no reference
        ({("icmp", "127.0.0.1"): ok(), ("icmp", "192.0.2.254"): ok()}, "trusted"),
    ],
)
async def test_with_references_a_fail_counts_only_where_one_of_them_answers(tmp_path, network, answers, verdict):
    site = site_of(tmp_path, CAMERAS[:1], 'uplink = { references = "192.0.2.254" }')
    network.answers = answers
    trust = trust_of(site, network)
    assert await decided(trust, site.checks[0], SILENCE) == verdict
    await trust.close()
    assert {address for _, address in network.asked} == {"127.0.0.1", "192.0.2.254"}


async def test_silence_of_all_is_filtered_where_the_hosts_answer_something_else(tmp_path, network):
    site = site_of(tmp_path, CAMERAS)
    network.answers = {("tcp", address): fail("connection refused") for address in CAMERAS}
    trust = trust_of(site, network)
    assert await decided(trust, site.checks[0], SILENCE) == "filtered"
    assert trust.filtered() == ["icmp"]
    await trust.close()


async def test_silence_of_all_counts_where_nobody_answers_anything(tmp_path, network):
    site = site_of(tmp_path, CAMERAS)
    trust = trust_of(site, network)
    assert await decided(trust, site.checks[0], SILENCE) == "trusted"
    assert trust.filtered() == []
    await trust.close()


async def test_where_no_other_look_can_be_made_silence_is_unconfirmed(tmp_path, network):
    site = site_of(tmp_path, CAMERAS)
    network.answers = {(kind, address): none("could not send") for kind in ("icmp", "tcp") for address in CAMERAS}
    trust = trust_of(site, network)
    assert await decided(trust, site.checks[0], SILENCE) == "unconfirmed"
    await trust.close()


async def test_a_site_can_say_that_silence_is_always_the_assets(tmp_path, network):
    site = site_of(tmp_path, CAMERAS, 'uplink = { filtered = "fail" }')
    trust = trust_of(site, network)
    assert await decided(trust, site.checks[0], SILENCE) == "trusted"
    await trust.close()
    assert network.asked == []


@pytest.mark.parametrize("outcome", [ok(), fail("unexpected status", status=503), none("could not send")])
async def test_what_an_asset_says_itself_asks_nobody(tmp_path, network, outcome):
    site = site_of(tmp_path, CAMERAS)
    trust = trust_of(site, network)
    assert await decided(trust, site.checks[0], outcome) == "trusted"
    await trust.close()
    assert network.asked == []


async def test_without_a_network_of_our_own_nothing_that_fails_counts_nor_is_anybody_asked(tmp_path, monkeypatch):
    monkeypatch.setattr("agent.trust.uplink.Interfaces.is_up", lambda _self: False)
    network, site = Network(), site_of(tmp_path, CAMERAS)
    trust = trust_of(site, network)
    trust.sample(1_020)
    assert await decided(trust, site.checks[0], SILENCE) == "blind"
    assert trust.is_blind(2_000)
    assert not trust.is_blind(60_000)
    await trust.close()
    assert network.asked == []


async def test_closing_it_breaks_off_what_is_being_asked_and_delivers_nothing(tmp_path, network):
    site = site_of(tmp_path, CAMERAS, 'uplink = { references = "192.0.2.254" }')
    begun = asyncio.Event()

    async def hangs(_address: str, _options: object, /, *, timeout_s: float) -> Outcome:
        begun.set()
        await asyncio.sleep(3_600 * timeout_s)
        return ok()

    kinds = {name: replace(kind, probe=hangs) for name, kind in network.kinds().items()}
    trust = FailureTrust(site, kinds, lambda: 2_000)
    seen = Observation(plan=site.checks[0], began_ms=1_000, ended_ms=1_050, outcome=SILENCE)
    assert trust.trust(seen) == "wait"
    await asyncio.wait_for(begun.wait(), PATIENCE_S)
    await trust.close()
    assert trust.trust(seen) == "wait"
