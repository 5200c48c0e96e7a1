"""What the agent does for the ledger by the hour, the day and the month."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from agent.alerts.send import DeliveryResult
from agent.clock import AgentClock, AgentTime
from agent.ledger.heartbeat import HOUR_MS, Heartbeat
from agent.ledger.housekeeping import Housekeeping
from agent.ledger.messages import alive_text
from agent.recorder import Recorder
from config.site.model import Channel, Site
from sla.evidence.instants import parse_instant
from sla.evidence.records import AgentEvent, Reading
from sla.ledger import Entry, Head, Ledger, Stamp
from sla.ledger.verifier import heads_in

BEGIN = parse_instant("2026-10-30T12:00:00+08:00")
COUNTS = {"up": 3, "down": 1, "cut_off": 0, "unknown": 0}


@dataclass
class Watch:
    """A clock that stands until it is moved on."""

    ms: int = 0
    synced: bool = True

    def now(self):
        return Stamp(wall_ms=BEGIN + self.ms, boot_ms=self.ms, boot_id="b", synced=self.synced, error_ms=1)

    def boot_ms(self):
        return self.ms


@dataclass
class Post:
    """What was sent, and whether it is taken."""

    sent: list = field(default_factory=list)
    why: str = ""

    def __call__(self, url, text):
        self.sent.append((url, text))
        return DeliveryResult(accepted=not self.why, why=self.why)


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setenv("VENDOR_URL", "json://vendor/secret")
    monkeypatch.setenv("CUSTOMER_URL", "json://customer/secret")
    channels = (
        Channel(name="vendor", party="vendor", url_env="VENDOR_URL", language="en"),
        Channel(name="customer", party="customer", url_env="CUSTOMER_URL"),
    )
    return World(tmp_path, Site(site="zhanhe", name="栈河", timezone="Asia/Shanghai", assets=(), channels=channels))


class World:
    def __init__(self, folder, site):
        self.folder, self.site, self.watch, self.post = folder, site, Watch(), Post()
        self.errors: list[Exception] = []

    async def start(self, **at_start):
        self.ledger = Ledger.open(self.folder, site="zhanhe", software="1")
        if not self.ledger.head.seq:
            event = Entry.of(AgentEvent(at=BEGIN, event="start"), actor="agent")
            self.ledger.commit(self.watch.now(), entries=[event], **at_start)
        self.recorder = Recorder(self.ledger, self.watch, self.errors.append)
        clock = AgentClock(self.watch, AgentTime(self.watch.now()))
        heartbeat = Heartbeat(
            self.site, recorder=self.recorder, clock=clock, send=self.post, counts=lambda _checks, _at: COUNTS
        )
        self.housekeeping = Housekeeping(
            self.site, None, state_dir=self.folder, recorder=self.recorder, clock=clock, heartbeat=heartbeat
        )
        await self.housekeeping.do()

    async def after(self, ms):
        self.watch.ms += ms
        await self.housekeeping.do()

    async def close(self):
        await self.housekeeping.close()
        await self.recorder.close()

    def bodies(self, kind):
        return [each.body for each in self.ledger.entries((kind,))]


async def test_both_parties_get_the_head_each_hour(world):
    await world.start()
    assert world.post.sent == []
    await world.after(HOUR_MS - 1)
    assert world.post.sent == []
    head = world.ledger.head
    await world.after(1)
    assert [url for url, _ in world.post.sent] == ["json://vendor/secret", "json://customer/secret"]
    assert heads_in(world.post.sent[0][1].body) == [(head.seq, head.hash)]
    assert len(heads_in(world.post.sent[1][1].body)) == 1
    await world.after(HOUR_MS - 1)
    assert len(world.post.sent) == 2
    await world.after(1)
    assert len(world.post.sent) == 4
    await world.close()


async def test_restarts_neither_hasten_nor_delay_it(world):
    await world.start()
    await world.after(HOUR_MS)
    await world.after(HOUR_MS // 2)
    await world.close()
    await world.start()
    assert len(world.post.sent) == 2
    await world.after(HOUR_MS // 2)
    assert len(world.post.sent) == 4
    await world.close()


async def test_a_channel_that_refuses_is_tried_again_and_shown_and_holds_up_nobody(world, monkeypatch):
    await world.start()
    monkeypatch.delenv("VENDOR_URL")
    await world.after(HOUR_MS)
    assert [url for url, _ in world.post.sent] == ["json://customer/secret"]
    (shown,) = world.housekeeping.undelivered()
    assert shown["channel"] == "vendor"
    assert "VENDOR_URL" in shown["why"]
    await world.after(HOUR_MS // 100)
    monkeypatch.setenv("VENDOR_URL", "json://vendor/secret")
    await world.after(HOUR_MS // 10)
    assert [url for url, _ in world.post.sent] == ["json://customer/secret", "json://vendor/secret"]
    assert world.housekeeping.undelivered() == []
    whys = [(each["channel"], bool(each["why"])) for each in world.bodies("heartbeat")]
    assert whys == [("vendor", True), ("customer", False), ("vendor", False)]
    await world.close()


async def test_no_secret_gets_into_the_ledger(world):
    world.post.why = "refused"
    await world.start()
    await world.after(HOUR_MS)
    assert all(b"secret" not in each.data for each in world.ledger.entries())
    await world.close()


async def test_a_month_that_is_over_is_sealed_once_and_both_get_the_text(world):
    await world.start()
    to_the_end = parse_instant("2026-11-01T00:10:00+08:00") - BEGIN
    await world.after(to_the_end - 1)
    assert world.bodies("month_seal") == []
    world.post.sent.clear()
    await world.after(1)
    (seal,) = world.bodies("month_seal")
    assert seal["month"] == "2026-10"
    text = world.ledger.checkpoint(seal)
    assert [text in each.body for _, each in world.post.sent] == [True, True]
    await world.after(60_000)
    assert len(world.post.sent) == 2
    await world.close()
    await world.start()
    assert len(world.bodies("month_seal")) == 1
    await world.close()


async def test_a_month_before_the_ledger_began_is_not_sealed(world):
    await world.start()
    assert world.bodies("month_seal") == []
    await world.close()


async def test_what_happened_to_the_ledger_is_told_at_once_and_once(world):
    await world.start()
    body = {"why": "malformed", "kept": {"file": "ledger.damaged-7-0.db", "seq": 7, "hash": "a" * 64}}
    world.ledger.commit(world.watch.now(), entries=[Entry(kind="continues", body=body, actor="agent")])
    await world.after(1)
    assert ["ledger.damaged-7-0.db" in each.body for _, each in world.post.sent] == [True, True]
    await world.after(60_000)
    assert len(world.post.sent) == 2
    await world.close()


@pytest.mark.parametrize("synced", [True, False])
async def test_readings_older_than_the_contract_keeps_are_given_up_only_by_a_clock_that_is_vouched_for(world, synced):
    old = BEGIN - 16 * 366 * 24 * HOUR_MS
    world.watch.synced = synced
    await world.start(readings=[Reading(check="a/icmp", at=at, outcome="ok") for at in (old, BEGIN)])
    world.ledger.seal_due(world.watch.now())
    world.housekeeping._daily_ms = 1
    world.housekeeping._check = nothing
    await world.after(HOUR_MS)
    assert len(world.bodies("retention")) == synced
    assert len(list(world.ledger.evidence().readings.samples("a/icmp", 0, BEGIN + 1))) == (1 if synced else 2)
    await world.close()


async def nothing():
    pass


async def test_the_daily_check_finds_what_was_touched(world):
    await world.start()
    await world.housekeeping._check()
    assert world.bodies("damage") == []
    connection = world.ledger._database.conn
    connection.execute("DROP TRIGGER entries_stay")
    connection.execute("UPDATE entries SET data = ? WHERE seq = 1", (b"{}",))
    await world.housekeeping._check()
    (damage,) = world.bodies("damage")
    assert damage["problems"] == ["entry 1: not as it was written"]
    await world.after(1)
    assert "entry 1: not as it was written" in world.post.sent[0][1].body
    await world.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_news_is_told_with_one_head(world, language):
    kept = {"file": "ledger.replaced-7-0.db", "seq": 7, "hash": "a" * 64}
    news = [
        ("restore", {"from": {"seq": 3, "hash": "b" * 64}, "kept": kept}),
        ("restore", {"from": {"seq": 3, "hash": "b" * 64}, "kept": None}),
        ("continues", {"why": "malformed", "kept": kept}),
        ("lost", {"known": {"seq": 7, "hash": "d" * 64}, "found": {"seq": 5, "hash": "e" * 64}}),
        ("damage", {"problems": ["entry 1: not as it was written"]}),
    ]
    text = alive_text(world.site, at=BEGIN, head=Head(9, "c" * 64), counts=COUNTS, news=news, language=language)
    assert heads_in(text.body) == [(9, "c" * 64)]
    assert "ledger.replaced-7-0.db" in text.body
