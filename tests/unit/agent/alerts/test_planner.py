"""From incidents to messages: who is alerted of what, when it is held back, and what a storm becomes."""

from __future__ import annotations

import pytest

from agent.alerts.decide import REPEAT_MS, STORM, STORM_MS
from agent.alerts.outbox import IncidentKey, Outbox
from agent.alerts.planner import HOLD_MS, AlertPlanner
from config.site.model import Channel
from sla.ledger import Head
from tests.support.agents.parts import BEGIN, CAMERAS, MINUTE, readings_of, small_site, watcher_of

VENDOR = Channel(name="vendor", party="vendor", url_env="V", language="en")
CUSTOMER = Channel(name="customer", party="customer", url_env="C", language="zh")
SITE = small_site(VENDOR, CUSTOMER)
HEAD = Head(41, "ab" * 32)


def at(minutes: float) -> int:
    return BEGIN + round(minutes * MINUTE)


class Planned:
    """A planner with its watcher and outbox; what it plans is written into the outbox at once."""

    def __init__(self, words: str = "", outbox: Outbox | None = None) -> None:
        self.watcher = watcher_of(SITE, words)
        self.outbox = outbox or Outbox()
        changes = self.watcher.observe(())
        self.planner = AlertPlanner(SITE, self.watcher, self.outbox)
        self.planner.note(changes)

    def see(self, words: str) -> None:
        self.planner.note(self.watcher.observe(readings_of(words)))

    def round(self, minutes: float):
        planned = self.planner.decide(at(minutes))
        messages = self.planner.write(planned.due, {}, HEAD, at(minutes))
        for each in messages:
            self.outbox.add(each)
        return planned, messages

    def stated(self, minutes: float) -> list[tuple[str, list[str]]]:
        """What is stated now, and of which checks; in the order of statements."""
        planned, _ = self.round(minutes)
        return [(statement, [key.check for key in keys]) for statement, keys in planned.due.items()]


def test_an_incident_is_stated_once_to_each_channel_in_its_language():
    found = Planned()
    found.see("link/icmp 0 ok 1 fail:silent")
    planned, messages = found.round(1)
    assert planned.due == {"detected": [IncidentKey("link/icmp", at(1))]}
    assert [each.channel for each in messages] == ["vendor", "customer"]
    assert messages[0].subject == "[湛河] Fault: 中兴路光纤 (link)"
    assert messages[1].subject == "[湛河] 故障：中兴路光纤 (link)"
    assert "entry 41" in messages[0].body
    assert found.stated(1.1) == []


def test_a_message_s_number_is_the_same_for_the_same_and_for_nothing_else():
    numbers = set()
    for _ in range(2):
        found = Planned()
        found.see("link/icmp 0 ok 1 fail")
        _, messages = found.round(1)
        numbers |= {each.id for each in messages}
    assert len(numbers) == 2, "one a channel"
    found.see("link/icmp 2 ok")
    _, restored = found.round(2)
    assert not numbers & {each.id for each in restored}


def test_a_camera_waits_until_its_link_was_seen_and_that_is_hurried():
    found = Planned()
    found.see("link/icmp 0 ok\ncam-1/icmp 0 ok 1 fail")
    planned, messages = found.round(1)
    assert (planned.due, list(planned.hurry), messages) == ({}, ["link/icmp"], [])
    assert found.planner.is_waiting
    found.see("link/icmp 1.1 ok")
    assert found.stated(1.1) == [("detected", ["cam-1/icmp"])]


def test_a_camera_whose_link_is_never_seen_is_stated_after_half_a_minute_and_the_time_of_such_a_look():
    found = Planned()
    found.see("cam-1/icmp 0 ok 1 fail")
    hold = (HOLD_MS + 1_000) / MINUTE  # the link is pinged once, for a second
    assert found.stated(1 + hold - 0.01) == []
    assert found.stated(1 + hold) == [("detected", ["cam-1/icmp"])]


def test_a_link_that_takes_three_cameras_with_it_is_one_message():
    found = Planned()
    lines = ["link/icmp 0 ok 1 fail", *(f"{name}/icmp 0 ok 1.05 fail" for name in CAMERAS)]
    found.see("\n".join(lines))
    assert found.stated(1.1) == [("detected", ["link/icmp"])]
    assert found.stated(3) == []


def test_incidents_of_one_round_stand_in_one_message():
    found = Planned()
    found.see("link/icmp 0 ok 1.1 ok\ncam-1/icmp 0 ok 1 fail\ncam-2/icmp 0 ok 1.05 fail")
    assert found.stated(1.2) == [("detected", ["cam-1/icmp", "cam-2/icmp"])]


def test_restoration_and_a_relapse_are_stated():
    found = Planned()
    found.see("link/icmp 0 ok 1 fail")
    assert found.stated(1) == [("detected", ["link/icmp"])]
    found.see("link/icmp 2 ok")
    assert found.stated(2) == [("restored", ["link/icmp"])]
    found.see("link/icmp 3 fail")
    assert found.stated(3) == [("relapsed", ["link/icmp"])]
    found.see("link/icmp 4 ok")
    assert found.stated(4) == [], "not until it is stable"


def test_what_turns_out_to_be_the_link_s_is_withdrawn():
    """The camera is stated after the hold; then the link's fail comes in, which explains it."""
    found = Planned()
    found.see("link/icmp 0 ok\ncam-1/icmp 0 ok 1 fail")
    assert found.stated(2) == [("detected", ["cam-1/icmp"])]
    found.see("link/icmp 1.05 fail")
    assert dict(found.stated(2.1)) == {"detected": ["link/icmp"], "vanished": ["cam-1/icmp"]}


def test_an_incident_that_lasts_is_repeated_after_a_day_if_somebody_asks():
    found = Planned()
    found.see("link/icmp 0 ok 1 fail")
    found.round(1)
    day = REPEAT_MS / MINUTE
    found.planner.note_again()
    assert found.stated(day) == []
    found.planner.note_again()
    assert found.stated(1 + day) == [("repeat", ["link/icmp"])]


def test_in_a_storm_the_next_message_waits_for_its_turn():
    """Five messages within a minute are a storm; the sixth goes out when the first is a minute old."""
    found = Planned()
    found.see("link/icmp 0 ok\n" + "\n".join(f"{name}/icmp 0 ok" for name in CAMERAS))
    steps = [*((name, "fail") for name in CAMERAS), (CAMERAS[0], "ok"), (CAMERAS[1], "ok")]
    for n, (name, outcome) in enumerate(steps):
        minutes = 1 + n / 10
        found.see(f"{name}/icmp {minutes} {outcome}\nlink/icmp {minutes + 0.05} ok")
        assert len(found.stated(minutes + 0.06)) == 1, (name, outcome)
    assert len(steps) == STORM
    found.see(f"{CAMERAS[2]}/icmp 1.6 ok")
    assert found.stated(1.7) == []
    assert found.planner.is_waiting
    assert found.stated(1.06 + STORM_MS / MINUTE) == [("restored", [f"{CAMERAS[2]}/icmp"])]


def test_a_storm_is_counted_in_messages_not_in_channels():
    found = Planned()
    found.see("link/icmp 0 ok 1 fail")
    _, messages = found.round(1)
    assert len(messages) == 2
    assert len(found.planner._written) == 1


@pytest.mark.parametrize("seen", ["link/icmp 0 ok 1 fail", "link/icmp 0 ok 1 fail 2 fail"])
def test_after_a_restart_nothing_is_stated_that_was_before(seen):
    first = Planned()
    first.see("link/icmp 0 ok 1 fail")
    first.round(1)
    again = Planned(seen, first.outbox)
    assert again.stated(2) == []


def test_after_a_restart_what_ended_meanwhile_is_stated():
    first = Planned()
    first.see("link/icmp 0 ok 1 fail")
    first.round(1)
    again = Planned("link/icmp 0 ok 1 fail 2 ok", first.outbox)
    assert again.stated(2.5) == [("restored", ["link/icmp"])]


def test_after_a_restart_what_is_no_incident_any_more_is_withdrawn_with_what_is_left_of_it():
    """Readings that were imported may explain it; only the message knows that it was one."""
    first = Planned()
    first.see("link/icmp 0 ok 1 fail:silent")
    first.round(1)
    again = Planned("link/icmp 0 ok 1 ok", first.outbox)
    planned, messages = again.round(2)
    assert planned.due == {"vanished": [IncidentKey("link/icmp", at(1))]}
    assert "Withdrawn" in messages[0].subject
    assert again.stated(2.1) == []


def test_a_site_without_channels_decides_and_writes_nothing():
    watcher = watcher_of(small_site())
    planner = AlertPlanner(small_site(), watcher, Outbox())
    planner.note(watcher.observe(readings_of("link/icmp 0 ok 1 fail")))
    planned = planner.decide(at(1))
    assert planner.write(planned.due, {}, HEAD, at(1)) == []
