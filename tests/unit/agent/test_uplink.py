"""Whether a fail is believed: the table of what we, the references and the assets say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.runner import Seen
from agent.uplink import SELF, Uplink, reference_plans
from probes.outcome import fail, none, ok

REFERENCES = reference_plans(["192.0.2.1", "192.0.2.2"], None)
CAMERA = replace(REFERENCES[0], id="cam-1/icmp", asset="cam-1", address="192.0.2.9")


class Asker:
    """Keeps whom the uplink wants to be asked."""

    def __init__(self) -> None:
        self.asked: list = []

    def start(self, plans) -> None:
        self.asked += plans


def seen(plan, outcome, at: int = 1_000) -> Seen:
    return Seen(plan=plan, began_ms=at, ended_ms=at + 100, outcome=outcome)


def decided(answers: dict[str, object], *, network: bool = True, outcome=None) -> str:
    """What becomes of a camera's fail, after a round in which these answered and the others did not."""
    uplink, asker = Uplink(REFERENCES, lambda: network), Asker()
    uplink.ask_by(asker)
    uplink.sample(1_050)
    camera = seen(CAMERA, outcome or fail("no answer"))
    first = uplink.trust(camera, 1_100)
    if first != "wait":
        return first
    for plan in asker.asked:
        uplink.heard(seen(plan, answers.get(plan.address, fail("no answer")), at=1_100))
    return uplink.trust(camera, 1_300)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({}, "blind"),
        ({"127.0.0.1": ok()}, "blind"),
        ({"127.0.0.1": ok(), "192.0.2.1": ok()}, "trusted"),
        ({"127.0.0.1": ok(), "192.0.2.2": ok()}, "trusted"),
        ({"192.0.2.1": ok(), "192.0.2.2": ok()}, "blind"),  # who does not hear himself hears nobody
        ({"127.0.0.1": none("no permission to send ICMP")}, "blind"),
    ],
)
def test_a_fail_is_believed_only_if_we_hear_ourselves_and_somebody_else(answers, verdict):
    assert decided(answers) == verdict


def test_without_a_network_nobody_needs_to_be_asked():
    assert decided({}, network=False) == "blind"


def test_an_ok_is_believed_whatever_the_references_say():
    assert decided({}, outcome=ok()) == "trusted"


def test_what_is_here_is_believed():
    uplink = Uplink(REFERENCES, lambda: False)
    uplink.sample(1_050)
    assert uplink.trust(seen(replace(CAMERA, address="127.0.0.1"), fail("connection refused")), 1_100) == "trusted"


def test_without_references_only_our_own_network_counts():
    uplink = Uplink([], lambda: True)
    uplink.sample(1_050)
    assert uplink.trust(seen(CAMERA, fail("no answer")), 1_100) == "trusted"


def test_a_round_asks_ourselves_and_each_reference_once():
    uplink, asker = Uplink(REFERENCES, lambda: True), Asker()
    uplink.ask_by(asker)
    for _ in range(3):
        assert uplink.trust(seen(CAMERA, fail("no answer")), 1_100) == "wait"
    assert [plan.id for plan in asker.asked] == [SELF, "reference/192.0.2.1", "reference/192.0.2.2"]
