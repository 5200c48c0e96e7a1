"""From readings on disk to messages on disk to the provider: the whole line, with a real ledger and a clock by hand."""

from __future__ import annotations

import asyncio

import pytest

from agent.alerts.delivery import DeliveryWorker
from agent.alerts.outbox import KINDS, QUEUED, SENT, Outbox
from agent.alerts.pipeline import AlertPipeline
from agent.alerts.planner import AlertPlanner
from agent.incident_follower import IncidentFollower
from agent.ledger import intake
from agent.probing.routes import Routes
from agent.recorder import Recorder
from agent.watcher import Watcher, past_of
from config.site.model import Channel
from sla.evidence.records import Asset, Notified, Reading
from sla.ledger import Entry
from tests.support.agents.parts import (
    BEGIN,
    CAMERAS,
    MINUTE,
    RULES,
    Provider,
    Watch,
    clock_of,
    kept_ledger,
    readings_of,
    small_site,
)
from tests.support.timelines import contract, repair

SITE = small_site(Channel(name="phone", party="vendor", url_env="PHONE", language="en"))


class Hurried:
    """A rescheduler that only remembers."""

    def __init__(self) -> None:
        self.checks: list[str] = []

    def hurry(self, checks) -> None:
        self.checks += checks


class World:
    def __init__(self, folder, agreement=None, ms=0) -> None:
        self.watch = Watch(ms=ms)
        self.ledger = kept_ledger(folder, SITE, self.watch)
        self.errors: list[Exception] = []
        self.recorder = Recorder(self.ledger, self.watch, self.errors.append)
        self.provider = Provider()
        self.clock = clock_of(self.watch)
        self.watcher = Watcher(past_of(self.ledger.evidence(), None, RULES, self.clock.now()), RULES)
        self.outbox = Outbox(self.ledger.entries(KINDS))
        changes = self.watcher.observe(())
        planner = AlertPlanner(SITE, self.watcher, self.outbox)
        planner.note(changes)
        delivery = DeliveryWorker(
            self.outbox,
            SITE.channels,
            send=self.provider,
            recorder=self.recorder,
            watcher=self.watcher,
            clock=self.clock,
        )
        self.delivery = delivery
        self.alerts = AlertPipeline(
            planner=planner,
            outbox=self.outbox,
            delivery=delivery,
            recorder=self.recorder,
            watcher=self.watcher,
            contract=agreement,
            now=self.clock.now,
        )
        self.hurried = Hurried()
        self.routes = Routes(SITE, self.clock.now, self.recorder.keep, lambda _address: None)
        self.follower = IncidentFollower(
            self.watcher,
            self.recorder,
            self.alerts,
            self.routes,
            self.hurried,  # type: ignore[arg-type]
            contract=agreement,
            now=self.clock.now,
        )

    async def see(self, words: str, minutes: float) -> None:
        """Keep these readings and follow them, as the main loop does; what is begun to be sent ends."""
        self.watch.ms = round(minutes * MINUTE)
        readings = readings_of(words)
        await self.recorder.commit(readings=readings)
        await self.follower.follow(readings)
        await self.sent()

    async def sent(self) -> None:
        await asyncio.gather(*self.delivery._tasks)

    def subjects(self) -> list[str]:
        return [text.subject.rpartition("] ")[2] for _, text in self.provider.sent]

    async def close(self) -> None:
        await self.follower.close()
        await self.alerts.close()
        await self.recorder.close()


@pytest.fixture
async def world(tmp_path, monkeypatch):
    monkeypatch.setenv("PHONE", "json://phone/secret")
    found = World(tmp_path)
    yield found
    await found.close()


async def test_a_fault_is_written_down_before_it_is_sent_and_notified_after(world):
    await world.see("link/icmp 0 ok 1 fail:silent", 1)
    kinds = [entry.kind for entry in world.ledger.entries((QUEUED, SENT, "notified"))]
    assert kinds == [QUEUED, SENT, "notified"]
    assert world.subjects() == ["Fault: 中兴路光纤 (link)"]
    assert [each.check for each in world.ledger.evidence().of(Notified)] == ["link/icmp"]
    assert world.alerts.undelivered() == []


async def test_nothing_is_followed_where_nothing_happens(world):
    assert not world.watcher.is_due(3 * MINUTE + BEGIN)
    await world.see("link/icmp 0 ok 1 ok\ncam-1/icmp 1 ok", 1)
    assert not world.watcher.is_due(3 * MINUTE + BEGIN)
    assert world.subjects() == []


async def test_a_camera_s_fault_waits_for_its_link_which_is_hurried(world):
    await world.see("link/icmp 0 ok\ncam-1/icmp 0 ok 1 fail", 1)
    assert world.hurried.checks == ["link/icmp"]
    assert world.follower.is_waiting
    assert world.subjects() == []
    await world.see("link/icmp 1.1 fail", 1.1)
    assert world.subjects() == ["Fault: 中兴路光纤 (link)"]


async def test_the_end_is_sent_too(world):
    await world.see("link/icmp 0 ok 1 fail", 1)
    await world.see("link/icmp 2 ok", 2)
    assert world.subjects() == ["Fault: 中兴路光纤 (link)", "Restored: 中兴路光纤 (link)"]
    assert len(world.ledger.evidence().of(Notified)) == 1


async def test_a_provider_that_refuses_is_asked_again_by_the_timer(world):
    world.provider.why = "HTTP 500"
    await world.see("link/icmp 0 ok 1 fail", 1)
    (waiting,) = world.alerts.undelivered()
    assert waiting["why"] == "HTTP 500"
    world.provider.why = ""
    await world.alerts.deliver()
    await world.sent()
    assert world.alerts.undelivered() == [waiting], "not before its wait is over"
    world.watch.ms += MINUTE
    await world.alerts.deliver()
    await world.sent()
    assert world.alerts.undelivered() == []


async def test_a_long_outage_is_repeated_once_a_day(world):
    await world.see("link/icmp 0 ok 1 fail", 1)
    day = 24 * 60
    world.watch.ms = (day + 2) * MINUTE
    await world.alerts.repeat()
    assert world.follower.is_waiting
    await world.follower.follow(())
    await world.sent()
    assert world.subjects()[1:] == ["Still down: 中兴路光纤 (link)"]
    await world.alerts.repeat()
    await world.follower.follow(())
    await world.sent()
    assert len(world.subjects()) == 2


async def test_a_message_names_the_clause_and_until_when(tmp_path, monkeypatch):
    """Detected at 12:01, and to be repaired within four hours of any day."""
    monkeypatch.setenv("PHONE", "json://phone/secret")
    world = World(tmp_path, contract(repair("4h", {"kind": "link"})))
    await world.see("link/icmp 0 ok 1 fail", 1)
    assert "repair due 2026-10-30 16:01:00 +0800" in world.provider.sent[0][1].body
    await world.see("link/icmp 2 ok", 2)
    assert "due" not in world.provider.sent[1][1].body, "what is over has no deadline"
    await world.close()


async def test_readings_that_came_past_the_watcher_are_followed_at_the_next_tick(world):
    """Somebody imports an outage of an hour ago, which the watcher has not seen."""
    await world.see("link/icmp 0 ok 1 ok", 1)
    late = [Reading(check="cam-1/icmp", at=BEGIN + MINUTE + n, outcome="fail") for n in range(3)]
    records = list(enumerate(late, 1))
    world.watch.ms = 2 * MINUTE
    await world.recorder.write(
        lambda ledger: intake.take(ledger, records, source="f", actor="local:wang", stamp=world.watch.now())
    )
    world.watcher.is_outdated = True
    assert world.follower.is_waiting
    await world.follower.follow(readings_of("link/icmp 1.9 ok"))
    await world.sent()
    assert not world.watcher.is_outdated
    assert world.watcher.last("cam-1/icmp").at == BEGIN + MINUTE + 2
    assert world.watcher.last("link/icmp").at == BEGIN + MINUTE, "what is on disk counts, not what was handed in"
    assert world.subjects() == ["Fault: cam-1"]


async def test_a_restart_in_the_middle_of_an_outage_says_nothing_twice(tmp_path, monkeypatch):
    monkeypatch.setenv("PHONE", "json://phone/secret")
    lines = "\n".join(["link/icmp 0 ok 1 fail", *(f"{name}/icmp 0 ok 1.05 fail" for name in CAMERAS)])
    first = World(tmp_path)
    await first.see(lines, 1.1)
    assert first.subjects() == ["Fault: 中兴路光纤 (link)"]
    await first.close()
    second = World(tmp_path, ms=2 * MINUTE)
    await second.follower.follow(())
    await second.alerts.deliver()
    await second.sent()
    assert second.subjects() == []
    await second.see("link/icmp 3 ok", 3)
    assert second.subjects() == ["Restored: 中兴路光纤 (link)"]
    await second.close()


async def test_a_crash_after_the_message_was_written_sends_it_after_the_start(tmp_path, monkeypatch):
    """The provider hangs until the agent is gone: at least once, never lost."""
    monkeypatch.setenv("PHONE", "json://phone/secret")
    first = World(tmp_path)
    monkeypatch.delenv("PHONE")  # nothing can be sent
    await first.see("link/icmp 0 ok 1 fail", 1)
    assert first.subjects() == []
    await first.close()
    monkeypatch.setenv("PHONE", "json://phone/secret")
    second = World(tmp_path)
    await second.alerts.deliver()
    await second.sent()
    assert second.subjects() == ["Fault: 中兴路光纤 (link)"]
    await second.close()


async def test_a_disk_that_is_full_is_reported_and_nothing_is_sent(world, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    readings = readings_of("link/icmp 0 ok 1 fail")
    await world.recorder.commit(readings=readings)
    monkeypatch.setattr("sla.ledger.store.Ledger.commit", full)
    with pytest.raises(OSError, match="No space"):
        await world.follower.follow(readings)
    assert [str(each) for each in world.errors] == ["[Errno 28] No space left on device"]
    assert world.subjects() == []
    monkeypatch.undo()


async def test_an_asset_that_is_taken_out_of_the_site_while_it_is_down_is_told_of_as_withdrawn(world):
    await world.see("link/icmp 0 ok 1 ok\ncam-1/icmp 0 ok 0.5 fail", 1)
    assert world.subjects() == ["Fault: cam-1"]
    world.watch.ms = 2 * MINUTE
    gone = Asset(id="cam-1", kind="camera", begin=BEGIN + 2 * MINUTE, end=BEGIN + 2 * MINUTE)
    world.ledger.commit(world.watch.now(), entries=[Entry.of(gone, actor="agent")])
    world.watcher.is_outdated = True
    world.provider.sent.clear()
    await world.follower.follow(())
    await world.sent()
    assert world.subjects() == ["No longer watched, was down: cam-1"]
    assert world.watcher.open_incidents() == []
    assert not world.watcher.serves("cam-1/icmp", BEGIN + 2 * MINUTE)


async def test_a_service_that_ends_as_it_was_planned_is_told_of_when_it_ends(world):
    planned = Asset(id="cam-1", kind="camera", begin=BEGIN, end=BEGIN + 3 * MINUTE)
    world.ledger.commit(world.watch.now(), entries=[Entry.of(planned, actor="agent")])
    world.watcher.is_outdated = True
    await world.see("", 0)
    await world.see("link/icmp 0 ok 1 ok\ncam-1/icmp 0 ok 0.5 fail", 1)
    assert world.subjects() == ["Fault: cam-1"]
    world.provider.sent.clear()
    world.watch.ms = 3 * MINUTE
    assert world.follower.is_waiting
    await world.follower.follow(())
    await world.sent()
    assert world.subjects() == ["No longer watched, was down: cam-1"]
    assert not world.watcher.is_due(3 * MINUTE + BEGIN)
