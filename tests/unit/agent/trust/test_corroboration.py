"""Silence of a whole kind: whose it is, another kind is asked."""

from __future__ import annotations

import asyncio

import pytest

from agent.probing.runner import Observation
from agent.trust.corroboration import MOST_ASKED, Corroboration
from probes.net.resolve import HostAddress
from probes.outcome import Outcome, fail, none, ok
from probes.registry import PROBES
from tests.unit.agent.probing.test_runner import plan

SILENCE, WRONG = fail("no answer"), fail("unexpected status: 503")
PINGS = [
    plan(f"cam-{n}/icmp", asset=f"cam-{n}", probe="icmp", address=f"192.0.2.{n}", options=PROBES["icmp"].options())
    for n in range(1, 9)
]


def with_web(plans: list) -> list:
    return [*plans, *(web(each) for each in plans)]


def web(ping):
    options = PROBES["http"].options(url=f"http://{ping.address}/")
    return plan(f"{ping.asset}/http", asset=ping.asset, probe="http", address=ping.address, options=options)


class Asked:
    """Who is asked: answers at once with what `world` says of a kind, 100 ms after the look that is in doubt."""

    def __init__(self, plans, **world: Outcome) -> None:
        self.corroboration = Corroboration(plans, PROBES, lambda _deliver: self)
        self.world = world
        self.kinds: list[str] = []
        self._queue: list = []

    def start(self, plans) -> None:
        self._queue += plans
        self.kinds += [each.probe for each in plans]

    def trust(self, check, outcome: Outcome, at: int = 1_000) -> str:
        seen = Observation(plan=check, began_ms=at, ended_ms=at + 50, outcome=outcome)
        first = self.corroboration.trust(seen)
        self._answer(at)
        return self.corroboration.trust(seen) if first == "wait" else first

    def _answer(self, at: int) -> None:
        while self._queue:
            asked = self._queue.pop(0)
            said = Observation(plan=asked, began_ms=at + 60, ended_ms=at + 100, outcome=self.world[asked.probe])
            self.corroboration.heard(said)


@pytest.mark.parametrize(
    ("pings", "pages", "verdict"),
    [
        (SILENCE, ok(), "filtered"),
        (SILENCE, WRONG, "filtered"),  # a wrong answer is an answer
        (SILENCE, fail("connection refused"), "filtered"),
        (SILENCE, fail("connection not accepted in time"), "trusted"),
        (SILENCE, fail("unreachable"), "trusted"),
        (SILENCE, none("overload"), "unconfirmed"),  # a look that we could not make confirms nothing
        (ok(), SILENCE, "trusted"),
        (none("no permission to send ICMP"), ok(), "filtered"),  # who cannot look by the kind asks by another one
    ],
)
def test_silence_is_believed_unless_the_assets_answer_another_kind(pings, pages, verdict):
    asked = Asked(with_web(PINGS), icmp=pings, http=pages)
    assert asked.trust(PINGS[0], SILENCE) == verdict
    assert asked.corroboration.filtered() == ([] if verdict == "trusted" else ["icmp"])


def test_a_wrong_answer_is_the_assets_own_word_and_nobody_is_asked():
    asked = Asked(with_web(PINGS))
    assert asked.trust(web(PINGS[0]), WRONG) == "trusted"
    assert asked.kinds == []


def test_where_another_asset_was_just_seen_by_the_same_kind_nobody_is_asked():
    asked = Asked(with_web(PINGS))
    silent = Observation(plan=PINGS[0], began_ms=1_000, ended_ms=1_050, outcome=SILENCE)
    assert asked.trust(PINGS[1], ok(), at=1_010) == "trusted"
    assert asked.corroboration.trust(silent) == "trusted"
    assert asked.kinds == []


def test_an_answer_from_before_the_silence_was_whole_shows_nothing_and_one_more_look_is_enough():
    asked = Asked(with_web(PINGS), icmp=ok())
    assert asked.trust(PINGS[1], ok(), at=999) == "trusted"
    assert asked.trust(PINGS[0], SILENCE, at=1_000) == "trusted"
    assert asked.kinds == ["icmp"]


def test_what_went_silent_before_a_filter_was_gone_is_still_filtered():
    asked = Asked(with_web(PINGS), icmp=SILENCE, http=ok())
    assert asked.trust(PINGS[0], SILENCE, at=1_000) == "filtered"
    assert asked.trust(PINGS[1], ok(), at=11_000) == "trusted"
    assert asked.trust(PINGS[2], SILENCE, at=11_000) == "filtered"
    asked.world["icmp"] = ok()
    assert asked.trust(PINGS[2], SILENCE, at=12_000) == "trusted"


def test_a_site_without_another_kind_of_check_has_its_hosts_asked_at_a_port_or_by_ping():
    asked = Asked(PINGS, icmp=SILENCE, tcp=fail("connection refused"))
    assert asked.trust(PINGS[0], SILENCE) == "filtered"
    assert asked.kinds == ["icmp"] * MOST_ASKED + ["tcp"] * MOST_ASKED
    pages = [web(each) for each in PINGS]
    late = fail("connection not accepted in time")
    asked = Asked(pages, http=late, icmp=ok())
    assert asked.trust(pages[0], late) == "filtered"


def test_two_hosts_can_well_be_dead_at_once():
    asked = Asked(with_web(PINGS[:2]), icmp=SILENCE, http=ok())
    assert asked.trust(PINGS[0], SILENCE) == "trusted"
    assert asked.kinds == []


def test_what_is_on_this_machine_is_believed():
    here = [plan(f"a-{n}/icmp", probe="icmp", address=f"127.0.0.{n}") for n in range(1, 9)]
    assert Asked(here).trust(here[0], SILENCE) == "trusted"


def camera(n: int, kind: str, **options: object):
    return plan(f"cam-{n}/{kind}", probe=kind, address=f"192.0.2.{n}", options=PROBES[kind].options(**options))


LATE = fail("connection not accepted in time")


def test_kinds_that_ask_the_same_port_do_not_confirm_each_other():
    """Port 554 is filtered; rtsp and frame both ask it, and only a ping shows that the cameras live."""
    plans = [camera(n, kind) for n in range(1, 5) for kind in ("rtsp", "frame")]
    asked = Asked(plans, rtsp=LATE, frame=LATE, icmp=ok())
    assert asked.trust(plans[0], LATE) == "filtered"
    assert asked.corroboration.filtered() == ["frame", "rtsp"]


def test_kinds_that_ask_another_port_do_not_vouch_for_it():
    """A snapshot comes by port 80, which says nothing about 554, although both want pictures decoded."""
    shots = [
        plan(
            f"cam-{n}/snapshot",
            probe="snapshot",
            address=f"http://192.0.2.{n}/x",
            options=PROBES["snapshot"].options(),
        )
        for n in range(1, 5)
    ]
    frames = [camera(n, "frame") for n in range(1, 5)]
    asked = Asked([*shots, *frames], frame=LATE, snapshot=ok(), icmp=SILENCE)
    assert asked.trust(shots[0], ok(), at=1_200) == "trusted"
    assert asked.trust(frames[0], LATE, at=1_000) == "filtered"
    assert asked.kinds.count("frame") == 4


@pytest.mark.simulated_time
async def test_several_names_of_one_machine_are_one_host(monkeypatch):
    """A wedged web server with three names is dead by itself, though it answers pings."""

    async def places(host, *, timeout_s):
        return [HostAddress(2, ("192.0.2.7" if host in same else f"192.0.2.{len(host)}", 0))]

    monkeypatch.setattr("agent.trust.corroboration.places", places)
    names = ["a.example", "bb.example", "ccc.example"]
    plans = [plan(f"{n}/tcp", probe="tcp", address=n, options=PROBES["tcp"].options(port=80)) for n in names]
    for same, verdict in ((names, "trusted"), ([], "filtered")):  # noqa: B007 - `places` above reads it
        asked = Asked(plans, tcp=LATE, icmp=ok())
        assert asked.trust(plans[0], LATE) == "wait"
        await asyncio.sleep(1)  # nothing but the names is waited for
        assert asked.trust(plans[0], LATE) == verdict


def test_kinds_of_one_protocol_do_not_vouch_for_each_other():
    options = {"snmp_device": {}, "snmp_link": {"index": 1}}
    plans = [
        plan(f"sw-{n}/{kind}", probe=kind, address=f"192.0.2.{n}", options=PROBES[kind].options(**more))
        for n in range(4)
        for kind, more in options.items()
    ]
    asked = Asked(plans, snmp_device=SILENCE, snmp_link=SILENCE, icmp=ok())
    assert asked.trust(plans[0], SILENCE) == "filtered"
    assert asked.corroboration.filtered() == ["snmp_device", "snmp_link"]
    assert "snmp_device" not in asked.kinds[MOST_ASKED:]


def test_a_decision_is_made_anew_for_later_silence_and_ends_with_the_first_answer():
    asked = Asked(with_web(PINGS), icmp=SILENCE, http=ok())
    assert asked.trust(PINGS[0], SILENCE, at=1_000) == "filtered"
    asked.world["http"] = SILENCE  # now they are dead in earnest
    assert asked.trust(PINGS[0], SILENCE, at=11_000) == "trusted"
    asked.world["http"] = ok()
    assert asked.trust(PINGS[0], SILENCE, at=21_000) == "filtered"
    assert asked.trust(PINGS[3], ok(), at=31_000) == "trusted"
    assert asked.corroboration.filtered() == []


def test_those_that_were_seen_last_are_asked():
    asked = Asked(PINGS, icmp=SILENCE, tcp=SILENCE)
    for number, each in enumerate(PINGS[3:]):
        asked.trust(each, ok(), at=100 * number)
    started, ask = [], asked.start

    def start(plans) -> None:
        started.extend(each.address for each in plans)
        ask(plans)

    asked.start = start
    asked.trust(PINGS[0], SILENCE, at=5_000)
    assert started[:MOST_ASKED] == [each.address for each in PINGS[:2:-1]]


def test_an_answer_in_the_middle_of_a_round_ends_it():
    asked = Asked(with_web(PINGS), icmp=SILENCE, http=ok())
    started = []
    asked.start = started.extend
    silent = Observation(plan=PINGS[0], began_ms=1_000, ended_ms=1_050, outcome=SILENCE)
    assert asked.corroboration.trust(silent) == "wait"
    assert (
        asked.corroboration.trust(Observation(plan=PINGS[3], began_ms=990, ended_ms=1_060, outcome=ok())) == "trusted"
    )
    for each in started:
        asked.corroboration.heard(Observation(plan=each, began_ms=1_060, ended_ms=1_090, outcome=SILENCE))
    assert len(started) == 1
    assert asked.corroboration.trust(silent) == "trusted"
    assert asked.corroboration.filtered() == []
