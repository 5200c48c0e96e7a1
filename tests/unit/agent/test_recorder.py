"""The one writer: what it returns is on disk, its order is kept, and after the first error nothing more is taken."""

from __future__ import annotations

import asyncio
import threading

import pytest

from agent.recorder import Recorder
from config.input.mistakes import RefusalError
from config.text.sentence import Sentence
from sla.evidence.records import AgentEvent, Asset, Reading
from sla.evidence.refusals import EvidenceError, Problem
from sla.ledger import Entry, Ledger, LedgerView
from sla.ledger.errors import LedgerFullError
from tests.support.agents.parts import BEGIN, Watch, kept_ledger, readings_of, small_site
from tests.support.patience import PATIENCE_S

SITE = small_site()


class World:
    def __init__(self, folder) -> None:
        self.folder, self.watch = folder, Watch()
        self.ledger = kept_ledger(folder, SITE, self.watch)
        self.errors: list[Exception] = []
        self.recorder = Recorder(self.ledger, self.watch, self.errors.append)

    def events(self) -> list[str]:
        """What another process reads of the agent's events."""
        view = LedgerView.open(self.folder)
        try:
            return [entry.body["event"] for entry in view.entries(("agent",))]
        finally:
            view.close()


@pytest.fixture
async def world(tmp_path):
    found = World(tmp_path)
    yield found
    await found.recorder.close()


def event(name: str) -> AgentEvent:
    return AgentEvent(at=BEGIN, event=name)


def entry(name: str) -> Entry:
    return Entry.of(event(name), actor="agent")


async def test_what_is_committed_can_be_read_by_others_when_it_returns(world):
    head = await world.recorder.commit(readings=readings_of("link/icmp 0 ok"), entries=[entry("start")])
    assert world.events() == ["start"]
    assert world.recorder.head == head == world.ledger.head
    assert world.ledger.evidence().latest_at() == BEGIN


async def test_events_that_were_put_aside_go_with_the_next_commit_in_order(world):
    world.recorder.keep(event("one"))
    world.recorder.keep(event("two"))
    assert world.recorder.is_waiting
    assert world.events() == []
    await world.recorder.commit(entries=[entry("three")])
    assert world.events() == ["one", "two", "three"]
    assert not world.recorder.is_waiting


async def test_a_commit_of_nothing_but_what_was_put_aside(world):
    world.recorder.keep(event("stop"))
    await world.recorder.commit()
    assert world.events() == ["stop"]


async def test_work_is_done_one_after_the_other_in_the_order_it_was_given(world):
    done: list[int] = []
    threads: set[int] = set()

    def work(number: int):
        def run(_ledger: Ledger) -> int:
            threads.add(threading.get_ident())
            done.append(number)
            return number

        return run

    found = await asyncio.gather(*(world.recorder.write(work(n)) for n in range(20)))
    assert found == done == list(range(20))
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


async def test_a_slow_disk_does_not_hold_up_the_event_loop(world):
    goes_on, began = threading.Event(), threading.Event()

    def slow(_ledger: Ledger) -> str:
        began.set()
        goes_on.wait(PATIENCE_S)
        return "written"

    task = asyncio.get_running_loop().create_task(world.recorder.write(slow))
    await asyncio.to_thread(began.wait, 10)
    await asyncio.sleep(0)  # the loop runs while the ledger's thread stands
    assert not task.done()
    goes_on.set()
    assert await task == "written"


async def test_the_first_error_of_the_disk_is_reported_and_ends_all_writing(world):
    error = LedgerFullError("{path}: cannot be written", path="x")

    def full(_ledger: Ledger) -> None:
        raise error

    with pytest.raises(LedgerFullError):
        await world.recorder.write(full)
    assert world.errors == [error]
    with pytest.raises(LedgerFullError):
        await world.recorder.commit(entries=[entry("start")])
    assert world.errors == [error], "once"
    assert world.events() == []


async def test_a_bug_ends_all_writing_too(world):
    with pytest.raises(ZeroDivisionError):
        await world.recorder.write(lambda _ledger: 1 // 0)
    assert len(world.errors) == 1
    with pytest.raises(ZeroDivisionError):
        await world.recorder.seal()


@pytest.mark.parametrize(
    "refusal", [RefusalError("no such month"), EvidenceError("file", [Problem(3, Sentence("no record"))])]
)
async def test_what_is_refused_ends_nothing(world, refusal):
    def refuse(_ledger: Ledger) -> None:
        raise refusal

    with pytest.raises(type(refusal)):
        await world.recorder.write(refuse)
    assert world.errors == []
    await world.recorder.commit(entries=[entry("start")])
    assert world.events() == ["start"]


async def test_reading_goes_on_after_an_error(world):
    with pytest.raises(ZeroDivisionError):
        await world.recorder.write(lambda _ledger: 1 // 0)
    assert await world.recorder.read(lambda ledger: sorted(each.id for each in ledger.evidence().of(Asset))) == [
        "cam-1",
        "cam-2",
        "cam-3",
        "link",
    ]


async def test_what_is_due_is_sealed(world):
    hours = [Reading(check="link/icmp", at=BEGIN - 86_400_000 + n * 60_000, outcome="ok") for n in range(600)]
    await world.recorder.commit(readings=hours)
    world.watch.ms = 86_400_000
    assert await world.recorder.seal() > 0
    assert await world.recorder.seal() == 0


async def test_closing_lets_go_of_the_ledger(tmp_path):
    world = World(tmp_path)
    await world.recorder.commit(entries=[entry("start")])
    await world.recorder.close()
    again = Ledger.open(tmp_path, site="zhanhe", software="test 2")
    assert again.head.seq >= world.recorder.head.seq
    again.close(world.watch.now())
