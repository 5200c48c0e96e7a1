"""Sending what is in the outbox: what a yes and a no leave on disk. Real ledger and threads; the provider is ours."""

from __future__ import annotations

import asyncio
import threading

import pytest

from agent.alerts.delivery import LOUD_AFTER, DeliveryWorker
from agent.alerts.outbox import FAILED, KINDS, SENT, WAITS_MS, IncidentKey, Message, Outbox
from agent.recorder import Recorder
from config.site.model import Channel
from sla.evidence.records import Notified
from tests.support.agents.parts import BEGIN, MINUTE, Provider, Watch, clock_of, kept_ledger, readings_of, small_site
from tests.support.agents.parts import watcher_of as fresh_watcher
from tests.support.patience import PATIENCE_S

LINK = IncidentKey("link/icmp", BEGIN + MINUTE)
URLS = "json://vendor/one\njson://vendor/two"


class World:
    """A ledger, an outbox and a worker."""

    def __init__(self, folder, monkeypatch, urls: str = "json://vendor/secret", party: str = "vendor") -> None:
        monkeypatch.setenv("VENDOR", urls)
        self.site = small_site(Channel(name="phone", party=party, url_env="VENDOR", language="en"))
        self.watch = Watch()
        self.ledger = kept_ledger(folder, self.site, self.watch)
        self.errors: list[Exception] = []
        self.recorder = Recorder(self.ledger, self.watch, self.errors.append)
        self.watcher = fresh_watcher(self.site)
        self.watcher.observe(readings_of("link/icmp 0 ok 1 fail"))
        self.outbox = Outbox()
        self.provider = Provider()
        self.worker = self.new_worker()

    def new_worker(self, send=None) -> DeliveryWorker:
        return DeliveryWorker(
            self.outbox,
            self.site.channels,
            send=send or self.provider,
            recorder=self.recorder,
            watcher=self.watcher,
            clock=clock_of(self.watch),
        )

    def write(self, number: str = "1", *about: IncidentKey, channel: str = "phone") -> Message:
        message = Message(
            id=number,
            channel=channel,
            statement="detected",
            about=about or (LINK,),
            subject="s",
            body="b",
            written_at=BEGIN,
        )
        self.outbox.add(message)
        return message

    async def deliver(self) -> None:
        """Send what is due, and wait until it is over."""
        self.worker.begin_due()
        await asyncio.gather(*self.worker._tasks)

    def bodies(self, kind: str) -> list:
        return [entry.body for entry in self.ledger.entries((kind,))]

    async def close(self) -> None:
        await self.worker.close()
        await self.recorder.close()


@pytest.fixture
async def world(tmp_path, monkeypatch):
    found = World(tmp_path, monkeypatch)
    yield found
    await found.close()


async def test_a_yes_is_on_disk_and_the_vendor_counts_as_notified(world):
    world.write()
    world.watch.ms = 5_000
    await world.deliver()
    assert [url for url, _ in world.provider.sent] == ["json://vendor/secret"]
    (sent,) = world.bodies(SENT)
    assert (sent["id"], sent["url"], sent["is_last"], sent["at"]) == ("1", 0, True, BEGIN + 5_000)
    (notified,) = world.ledger.evidence().of(Notified)
    assert (notified.check, notified.at, notified.channel) == ("link/icmp", BEGIN + 5_000, "phone")
    assert world.outbox.undelivered() == []


async def test_an_alert_of_what_is_restored_notifies_of_nothing(world):
    """SPEC §7 counts from the notice of an open incident; a message about its end is none."""
    world.watcher.observe(readings_of("link/icmp 2 ok"))
    world.write()
    await world.deliver()
    assert world.bodies(SENT)
    assert world.ledger.evidence().of(Notified) == ()


async def test_the_customer_s_channel_notifies_nobody(tmp_path, monkeypatch):
    world = World(tmp_path, monkeypatch, party="customer")
    world.write()
    await world.deliver()
    assert world.bodies(SENT)
    assert world.ledger.evidence().of(Notified) == ()
    await world.close()


async def test_two_incidents_of_one_check_are_one_notice(world):
    world.write("1", LINK, IncidentKey("link/icmp", LINK.detected))
    await world.deliver()
    assert len(world.ledger.evidence().of(Notified)) == 1


async def test_a_no_is_on_disk_with_its_reason_and_is_tried_again(world):
    world.provider.why = "HTTP 500"
    world.write()
    await world.deliver()
    (failed,) = world.bodies(FAILED)
    assert (failed["id"], failed["why"]) == ("1", "HTTP 500")
    await world.deliver()
    assert len(world.provider.sent) == 1, "not before its wait is over"
    world.watch.ms += WAITS_MS[0]
    world.provider.why = ""
    await world.deliver()
    assert world.outbox.undelivered() == []
    assert world.ledger.evidence().of(Notified)


async def test_each_url_of_a_channel_has_its_own_yes(tmp_path, monkeypatch):
    world = World(tmp_path, monkeypatch, URLS)
    world.provider.refusing["json://vendor/two"] = "busy"
    world.write()
    await world.deliver()
    assert [(each["url"], each["is_last"]) for each in world.bodies(SENT)] == [(0, False)]
    assert [each["why"] for each in world.bodies(FAILED)] == ["busy"]
    assert len(world.ledger.evidence().of(Notified)) == 1, "the first yes is the notice"
    world.provider.refusing.clear()
    world.watch.ms += WAITS_MS[0]
    await world.deliver()
    assert [url for url, _ in world.provider.sent][2:] == ["json://vendor/two"]
    assert [(each["url"], each["is_last"]) for each in world.bodies(SENT)] == [(0, False), (1, True)]
    assert len(world.ledger.evidence().of(Notified)) == 1
    await world.close()


async def test_after_a_restart_the_other_url_alone_is_asked(tmp_path, monkeypatch):
    world = World(tmp_path, monkeypatch, URLS)
    world.provider.refusing["json://vendor/one"] = "busy"
    message = world.write()
    await world.recorder.commit(entries=[message.entry()])
    await world.deliver()
    world.outbox = Outbox(world.ledger.entries(KINDS))
    world.provider.refusing.clear()
    world.provider.sent.clear()
    world.worker = world.new_worker()
    await world.deliver()
    assert [url for url, _ in world.provider.sent] == ["json://vendor/one"]
    await world.close()


async def test_a_channel_without_its_secret_is_a_no_that_says_which(tmp_path, monkeypatch):
    world = World(tmp_path, monkeypatch)
    monkeypatch.delenv("VENDOR")
    world.write()
    await world.deliver()
    (failed,) = world.bodies(FAILED)
    assert "phone" in failed["why"]
    assert world.provider.sent == []
    await world.close()


async def test_a_channel_that_the_site_has_no_longer_keeps_its_messages(world):
    world.write("1", channel="gone")
    await world.deliver()
    assert world.provider.sent == []
    assert [each["channel"] for each in world.outbox.undelivered()] == ["gone"]


async def test_a_disk_that_fails_leaves_the_message_due_and_ends_the_agent(world, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    world.write()
    monkeypatch.setattr("sla.ledger.store.Ledger.commit", full)
    world.worker.begin_due()
    (task,) = world.worker._tasks
    with pytest.raises(OSError, match="No space"):
        await task
    assert [str(each) for each in world.errors] == ["[Errno 28] No space left on device"]
    assert [each.id for each in world.outbox.due(0)] == ["1"]
    monkeypatch.undo()


async def test_what_cannot_be_delivered_is_an_error_in_the_log_once(world, caplog):
    world.provider.why = "HTTP 500"
    world.write()
    for _ in range(LOUD_AFTER + 2):
        await world.deliver()
        world.watch.ms += WAITS_MS[-1]
    loud = [each for each in caplog.records if each.levelname == "ERROR"]
    assert len(loud) == 1
    assert "HTTP 500" in loud[0].getMessage()
    assert "secret" not in caplog.text


async def test_closing_breaks_off_what_hangs_and_it_is_due_again(world):
    goes_on, began = threading.Event(), threading.Event()

    def hang(_url, _text):
        began.set()
        goes_on.wait(PATIENCE_S)
        return Provider()("", None)

    world.worker = world.new_worker(hang)
    world.write()
    world.worker.begin_due()
    await asyncio.to_thread(began.wait, 10)
    await world.worker.close()
    goes_on.set()
    assert [each.id for each in world.outbox.due(0)] == ["1"]
    assert world.bodies(SENT) == []


async def test_a_provider_that_hangs_does_not_hold_up_the_others(tmp_path, monkeypatch):
    world = World(tmp_path, monkeypatch)
    goes_on, passed, delivered = threading.Event(), threading.Event(), []

    def slow(_url, text):
        if text.subject == "hangs":
            goes_on.wait(PATIENCE_S)
        delivered.append(text.subject)
        passed.set()
        return Provider()("", text)

    world.worker = world.new_worker(slow)
    for number, subject in (("1", "hangs"), ("2", "passes")):
        message = Message(
            id=number,
            channel="phone",
            statement="detected",
            about=(IncidentKey("cam-1/icmp", int(number)),),
            subject=subject,
            body="b",
            written_at=BEGIN,
        )
        world.outbox.add(message)
    world.worker.begin_due()
    await asyncio.to_thread(passed.wait, 10)
    assert delivered == ["passes"]
    goes_on.set()
    await asyncio.gather(*world.worker._tasks)
    assert delivered == ["passes", "hangs"]
    await world.close()
