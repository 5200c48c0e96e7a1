"""Whether a fail is believed: the table of what we, the references and the assets say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.probing.runner import Observation
from agent.trust.uplink import SELF, Interfaces, Uplink, reference_plans
from probes.outcome import fail, none, ok

REFERENCES = reference_plans(["192.0.2.1", "192.0.2.2"], None)
CAMERA = replace(REFERENCES[0], id="cam-1/icmp", asset="cam-1", address="192.0.2.9")


class Asker:
    """Keeps whom the uplink wants to be asked."""

    def __init__(self) -> None:
        self.asked: list = []

    def start(self, plans) -> None:
        self.asked += plans


def seen(plan, outcome, at: int = 1_000) -> Observation:
    return Observation(plan=plan, began_ms=at, ended_ms=at + 100, outcome=outcome)


def decided(answers: dict[str, object], *, network: bool = True, outcome=None) -> str:
    """What becomes of a camera's fail, after a round in which these answered and the others did not."""
    asker = Asker()
    uplink = Uplink(REFERENCES, lambda: network, lambda _deliver: asker)
    uplink.sample(1_050)
    camera = seen(CAMERA, outcome or fail("no answer"))
    first = uplink.trust(camera)
    if first != "wait":
        return first
    for plan in asker.asked:
        uplink.heard(seen(plan, answers.get(plan.address, fail("no answer")), at=1_100))
    return uplink.trust(camera)


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
    uplink = Uplink(REFERENCES, lambda: False, lambda _deliver: Asker())
    uplink.sample(1_050)
    assert uplink.trust(seen(replace(CAMERA, address="127.0.0.1"), fail("connection refused"))) == "trusted"


def test_without_references_only_our_own_network_counts():
    uplink = Uplink([], lambda: True, lambda _deliver: Asker())
    uplink.sample(1_050)
    assert uplink.trust(seen(CAMERA, fail("no answer"))) == "trusted"


def test_a_round_asks_ourselves_and_each_reference_once():
    asker = Asker()
    uplink = Uplink(REFERENCES, lambda: True, lambda _deliver: asker)
    for _ in range(3):
        assert uplink.trust(seen(CAMERA, fail("no answer"))) == "wait"
    assert [plan.id for plan in asker.asked] == [SELF, "reference/192.0.2.1", "reference/192.0.2.2"]


class Asked:
    """An uplink whose references answer or not, as told; and whether we have a network."""

    def __init__(self) -> None:
        self.network = True
        self._asker = Asker()
        self.uplink = Uplink(REFERENCES, lambda: self.network, lambda _deliver: self._asker)

    def round(self, at: int, *, others_answer: bool) -> None:
        """What the last round that was asked comes to, at that instant."""
        asked, self._asker.asked = self._asker.asked, []
        for plan in asked:
            outcome = ok() if plan.id == SELF or others_answer else fail("no answer")
            self.uplink.heard(Observation(plan=plan, began_ms=at - 50, ended_ms=at, outcome=outcome))


def test_a_look_that_began_before_we_heard_again_is_not_held_against_anybody():
    asked = Asked()
    asked.uplink.trust(seen(CAMERA, fail("no answer"), at=1_000))
    asked.round(2_000, others_answer=False)
    late = seen(CAMERA, fail("no answer"), at=2_500)
    assert asked.uplink.trust(late) == "wait"
    asked.round(3_000, others_answer=True)
    assert asked.uplink.trust(late) == "blind"
    after = seen(CAMERA, fail("no answer"), at=3_100)
    assert asked.uplink.trust(after) == "wait"
    asked.round(3_300, others_answer=True)
    assert asked.uplink.trust(after) == "trusted"


def test_an_asset_that_answers_shows_too_that_we_hear_again():
    asked = Asked()
    asked.uplink.trust(seen(CAMERA, fail("no answer"), at=1_000))
    asked.round(2_000, others_answer=False)
    assert asked.uplink.trust(seen(CAMERA, ok(), at=2_400)) == "trusted"
    fault = seen(CAMERA, fail("no answer"), at=60_000)
    assert asked.uplink.trust(fault) == "wait"
    asked.round(60_300, others_answer=True)
    assert asked.uplink.trust(fault) == "trusted", "an old deafness is over"


def test_a_look_under_way_while_our_network_returned_is_not_held_against_anybody():
    asked = Asked()
    asked.network = False
    asked.uplink.sample(1_000)
    under_way = seen(CAMERA, fail("no answer"), at=1_500)
    asked.network = True
    asked.uplink.sample(2_000)
    assert asked.uplink.trust(under_way) == "blind"
    assert asked.uplink.is_blind(2_500)
    assert not asked.uplink.is_blind(5_000)


def test_the_kernel_s_tables_are_read_each_time_anew():
    interfaces = Interfaces()
    assert interfaces.is_up() == interfaces.is_up()
    interfaces.close()
