"""One way to answer, with an agent and without one: the same request, the same answer, the same refusal."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace

import pytest

from agent.control_socket import ControlSocket
from agent.local_user import own_actor
from agent.recorder import Recorder
from agent.requests.alone import LedgerOnDisk, site_of
from agent.requests.asking import answer_to
from agent.requests.running import RunningAgent
from agent.requests.table import REQUESTS, answerer
from agent.state_dir import SOCKET_FILE, STATUS_FILE
from config.input.mistakes import RefusalError
from sla.evidence.records import Acknowledged
from sla.ledger import LedgerView
from sla.ledger.errors import LedgerError
from tests.support.agents.parts import Watch, clock_of, kept_ledger, small_site

SITE = small_site()
ACKNOWLEDGED = '{"type": "acknowledged", "check": "link/icmp", "at": "2026-10-30T12:00:00+08:00", "by": "王工"}'
READING = '{"type": "reading", "check": "link/icmp", "at": "2026-10-30T11:00:00+08:00", "outcome": "fail"}'
STATUS = {"site": "zhanhe", "state": "running", "counts": {}}


def prepared(folder):
    """A ledger on disk that nobody has open."""
    ledger = kept_ledger(folder, SITE, Watch())
    ledger.close(Watch().now())


def kept(folder) -> list[Acknowledged]:
    view = LedgerView.open(folder)
    try:
        return list(view.evidence().of(Acknowledged))
    finally:
        view.close()


class Running:
    """A ledger that an agent holds open, and its socket."""

    def __init__(self, folder) -> None:
        self.folder = folder
        watch = Watch()
        self.ledger = kept_ledger(folder, SITE, watch)
        self.errors: list[Exception] = []
        self.recorder = Recorder(self.ledger, watch, self.errors.append)
        self.watcher = SimpleNamespace(is_outdated=False, checks={})
        report = SimpleNamespace(now=lambda: STATUS)
        host = RunningAgent(self.recorder, clock_of(watch), report, self.watcher)  # type: ignore[arg-type]
        self.socket = ControlSocket(folder / SOCKET_FILE, answerer(host))

    async def ask(self, **request):
        return await asyncio.to_thread(answer_to, self.folder, request)

    async def close(self) -> None:
        await self.socket.close()
        await self.recorder.close()


@pytest.fixture
async def running(tmp_path):
    found = Running(tmp_path)
    await found.socket.open()
    yield found
    await found.close()


async def test_a_running_agent_answers_with_its_status(running):
    assert await running.ask(ask="status") == STATUS


async def test_a_running_agent_takes_records_and_goes_on_watching_as_before(running):
    answer = await running.ask(ask="take", lines=[ACKNOWLEDGED], source="file")
    assert (answer["records"], answer["seq"]) == (1, running.recorder.head.seq)
    assert [each.by for each in kept(running.folder)] == ["王工"]
    assert not running.watcher.is_outdated


async def test_readings_that_came_past_the_watcher_outdate_it(running):
    await running.ask(ask="take", lines=[READING])
    assert running.watcher.is_outdated


async def test_a_refusal_of_a_running_agent_can_be_shown_in_chinese_and_ends_nothing(running):
    with pytest.raises(RefusalError) as refused:
        await running.ask(ask="countersign", month="2026-10", party="vendor", by="李")
    assert refused.value.text("en") == "2026-10: not sealed yet; seal it first: sla-agent seal 2026-10"
    assert refused.value.text("zh") == "2026-10：尚未封存；请先封存：sla-agent seal 2026-10"
    assert running.errors == []
    assert await running.ask(ask="status") == STATUS


async def test_a_bad_line_is_refused_by_a_running_agent_with_its_number(running):
    with pytest.raises(RefusalError, match=r"file:2: "):
        await running.ask(ask="take", lines=[ACKNOWLEDGED, "nothing"], source="file")
    assert kept(running.folder) == []


async def test_what_a_running_agent_does_not_know_is_refused_with_what_it_knows(running):
    with pytest.raises(RefusalError, match="status, take, note, compact, seal, countersign"):
        await running.ask(ask="burn")


async def test_a_bug_in_the_running_agent_is_told_as_it_is(running):
    with pytest.raises(RefusalError, match="KeyError: 'lines'"):
        await running.ask(ask="take")
    assert running.errors == [], "it was found before anything was written"


def test_without_an_agent_records_go_into_the_ledger_by_the_user(tmp_path):
    prepared(tmp_path)
    answer = answer_to(tmp_path, {"ask": "take", "lines": [ACKNOWLEDGED], "source": "file"})
    assert answer["records"] == 1
    assert [each.by for each in kept(tmp_path)] == ["王工"]
    view = LedgerView.open(tmp_path)
    try:
        (entry,) = view.entries(("acknowledged",))
        assert entry.actor == own_actor()
        assert entry.seq == answer["seq"]
    finally:
        view.close()


def test_without_an_agent_a_bad_line_is_refused_the_same_way(tmp_path):
    prepared(tmp_path)
    with pytest.raises(RefusalError, match=r"file:2: "):
        answer_to(tmp_path, {"ask": "take", "lines": [ACKNOWLEDGED, "nothing"], "source": "file"})
    assert kept(tmp_path) == []


def test_without_an_agent_and_without_a_ledger_that_is_said_before_the_lines_are_read(tmp_path):
    with pytest.raises(LedgerError, match="no ledger here"):
        answer_to(tmp_path, {"ask": "take", "lines": ["nothing"]})
    for name in ("note", "compact", "seal", "countersign"):
        with pytest.raises(RefusalError):
            answer_to(tmp_path, {"ask": name, "month": "2026-09", "kind": "report", "body": {}})
    assert list(tmp_path.iterdir()) == [], "nothing was made there"


@pytest.mark.parametrize(("was", "shown"), [("running", "dead"), ("stopped", "stopped")])
def test_without_an_agent_the_last_status_is_shown_with_what_became_of_the_agent(tmp_path, was, shown):
    (tmp_path / STATUS_FILE).write_text(json.dumps({**STATUS, "state": was}), encoding="utf-8")
    assert answer_to(tmp_path, {"ask": "status"}) == {**STATUS, "state": shown}


def test_where_no_agent_ever_ran_there_is_no_status(tmp_path):
    with pytest.raises(RefusalError) as refused:
        answer_to(tmp_path, {"ask": "status"})
    assert "no agent is running there" in str(refused.value)
    assert str(tmp_path) in refused.value.text("zh")


def test_a_ledger_on_disk_is_closed_after_each_piece_of_work(tmp_path):
    prepared(tmp_path)
    host = LedgerOnDisk(tmp_path)
    for _ in range(2):
        head = asyncio.run(host.write(lambda ledger, stamp: ledger.commit(stamp)))
        assert head.seq >= 0
    host.require_ledger()
    host.outdate()
    assert site_of(tmp_path) == "zhanhe"


def test_a_ledger_on_disk_is_closed_also_where_the_work_fails(tmp_path):
    prepared(tmp_path)
    host = LedgerOnDisk(tmp_path)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(host.write(lambda _ledger, _stamp: 1 // 0))
    assert asyncio.run(host.write(lambda ledger, _stamp: ledger.head.seq)) >= 0


@pytest.mark.parametrize("request_", [{"ask": "compact"}, {"ask": "note", "kind": "report", "body": {"file": "a"}}])
async def test_with_and_without_an_agent_the_answer_has_the_same_keys(tmp_path, request_):
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    prepared(tmp_path / "without")
    running = Running(tmp_path / "with")
    await running.socket.open()
    try:
        answer = await running.ask(**request_)
    finally:
        await running.close()
    alone = await asyncio.to_thread(answer_to, tmp_path / "without", request_)
    assert answer.keys() == alone.keys()
    assert set(alone) >= {"seq", "hash"}


def test_every_request_has_a_name_of_its_own_and_a_docstring():
    for name, answer in REQUESTS.items():
        assert answer.__name__ == name
        assert answer.__doc__
