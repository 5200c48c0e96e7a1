"""The `icmp` kind over loopback, by real sockets; its hostile neighbours are in tests/lab/test_icmp_engine.py."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.batch import ProbeRequest
from probes.kinds.icmp import Options, probe
from probes.ping.engine import IcmpEngine
from tests.support.patience import PATIENCE_S

NEEDS_ROOT = pytest.mark.needs("root")


@NEEDS_ROOT
@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.8.7", "localhost"])
async def test_this_machine_answers_itself(address):
    seen = await probe(address, Options(), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason, list(seen.metrics)) == ("ok", "", ["rtt_ms"])
    assert 0 <= seen.metrics["rtt_ms"] < 5_000


@NEEDS_ROOT
async def test_several_requests_tell_loss_and_jitter_too():
    seen = await probe("127.0.0.1", Options(count=4, pause="1ms", size=1_400), timeout_s=PATIENCE_S)
    assert list(seen.metrics) == ["rtt_ms", "loss_ratio", "jitter_ms"]
    assert seen.metrics["loss_ratio"] == 0
    assert seen.metrics["jitter_ms"] >= 0


@NEEDS_ROOT
@pytest.mark.parametrize("address", ["224.0.0.1", "255.255.255.255", "0.0.0.0", "ff02::1", "::"])
async def test_an_address_of_many_machines_or_of_none_is_not_pinged(address):
    seen = await probe(address, Options(), timeout_s=1)
    assert seen.outcome == "none"
    assert str(seen.why) == f"could not send: {address} is not the address of one machine"


@NEEDS_ROOT
async def test_a_name_that_cannot_exist_is_none():
    seen = await probe("nobody.invalid", Options(), timeout_s=PATIENCE_S)
    assert seen.outcome == "none"
    assert seen.why.phrase in ("name does not exist", "name could not be resolved")


@NEEDS_ROOT
async def test_each_look_of_a_batch_is_delivered_once_under_its_own_number():
    engine, seen = IcmpEngine(), []
    addresses = [f"127.0.1.{n}" for n in range(1, 201)] + ["0.0.0.1", "localhost"]
    looks = [ProbeRequest(address=each, options=Options(), timeout_s=PATIENCE_S) for each in addresses]
    try:
        await engine.run(looks, lambda index, outcome: seen.append((index, outcome.outcome)))
    finally:
        engine.close()
    assert sorted(seen) == [(n, "ok") for n in range(200)] + [(200, "none"), (201, "ok")]


@NEEDS_ROOT
async def test_what_the_taker_of_outcomes_raises_comes_out_of_the_batch_and_ends_it():
    engine, taken = IcmpEngine(), []

    def deliver(index: int, _outcome: object) -> None:
        taken.append(index)
        raise ZeroDivisionError(index)

    looks = [ProbeRequest(address="127.0.0.1", options=Options(), timeout_s=PATIENCE_S)] * 5
    try:
        with pytest.raises(ZeroDivisionError):
            await engine.run(looks, deliver)
        fresh: list[str] = []
        await engine.run(looks[:1], lambda _index, outcome: fresh.append(outcome.outcome))
    finally:
        engine.close()
    assert (len(taken), fresh) == (1, ["ok"])


async def test_a_batch_of_nothing_is_over_at_once():
    engine = IcmpEngine()
    await engine.run([], lambda *_: pytest.fail("nothing was asked for"))
    engine.close()


@pytest.mark.parametrize(
    ("address", "misfit"),
    [
        ("192.0.2.1", ""),
        ("cam-7.example", ""),
        ("2001:db8::7", ""),
        ("192.0.2.1:80", "'192.0.2.1:80' is not a host alone, without port or scheme"),
        ("rtsp://192.0.2.1", "'rtsp://192.0.2.1' is not a host alone, without port or scheme"),
    ],
)
def test_an_address_with_a_port_is_no_address_for_a_ping(address, misfit):
    assert str(Options().misfit(address, 1_000) or "") == misfit


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": 101}, {"size": 15}, {"size": 1_473}, {"ttl": 3}])
def test_bounds_of_the_options(wrong):
    with pytest.raises(ValidationError):
        Options(**wrong)
