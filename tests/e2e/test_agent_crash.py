"""kill -9 at any instant: nothing that was acknowledged is lost, no incident is there twice, nobody repairs by hand."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from sla.evidence.instants import format_instant
from tests.support.agents.process import AgentProcess, Listeners, contract, now_ms, site, tcp_asset, until
from tests.support.servers.providers import robot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    found = Listeners(20)
    yield found
    found.close()


def cameras(listeners: Listeners) -> str:
    return "".join(tcp_asset(f"cam-{n}", port) for n, port in enumerate(listeners.ports))


def test_ten_kills_in_the_middle_of_an_outage_lose_and_double_nothing(tmp_path: Path, listeners: Listeners):
    chance = random.Random(7)
    with robot() as told:
        agent = AgentProcess(tmp_path, site(cameras(listeners)), contract=contract(), robot_url=told.url)
        try:
            agent.start()
            until(lambda: agent.status()["counts"]["up"] == 20, "all are up")
            listeners.shut(3)
            acknowledged = []
            for number in range(10):
                name = f"engineer {number}"
                if "hash" in agent.take({"type": "acknowledged", "check": "cam-3/tcp", "by": name}):
                    acknowledged.append(name)
                time.sleep(chance.random() * 0.8)
                agent.kill()
                agent.start()
            until(lambda: agent.status()["counts"]["down"] == 1, "it is still down")
            listeners.reopen(3)
            until(lambda: agent.judged()["incidents"][0]["closed"], "the incident is closed")
            assert agent.stop() == 0
            assert len(acknowledged) == 10
            assert sorted(each["by"] for each in agent.of_type("acknowledged")) == sorted(acknowledged)
            (incident,) = agent.judged()["incidents"]
            assert incident["check"] == "cam-3/tcp"
            said = [each["title"].rpartition("] ")[2] for each in told.received]
            assert said.count("故障：cam-3") >= 1
            assert set(said) <= {"故障：cam-3", "恢复：cam-3"}
            numbers = {each["message"].partition("消息编号 ")[2][:12] for each in told.received}
            assert len(numbers) == 2, "a message that is sent again has the same number"
            assert [body["said"] for body in agent.bodies("alert_queued")] == ["detected", "restored"]
            events = [each["event"] for each in agent.of_type("agent")]
            assert events == ["start"] * 11 + ["stop"]
        finally:
            agent.close()


def test_an_agent_that_acknowledges_before_the_disk_is_found_out_by_kill_9(tmp_path: Path, listeners: Listeners):
    """The negative control: what the test of ten kills looks for, it would find."""
    agent = AgentProcess(tmp_path, site(cameras(listeners)), broken="acknowledges_before_the_disk")
    try:
        agent.start()
        assert "hash" in agent.take({"type": "acknowledged", "check": "cam-3/tcp", "by": "engineer"})
        agent.kill()
        assert agent.of_type("acknowledged") == []
    finally:
        agent.close()


def test_an_agent_that_forgets_what_it_said_is_found_out_by_kill_9(tmp_path: Path, listeners: Listeners):
    """The other negative control: one incident is told twice."""
    with robot() as told:
        text = site(cameras(listeners))
        agent = AgentProcess(tmp_path, text, robot_url=told.url, broken="forgets_what_was_said")
        try:
            listeners.shut(3)
            agent.start()
            until(lambda: agent.of_type("notified"), "the vendor is notified")
            agent.kill()
            agent.start()
            until(lambda: len(agent.bodies("alert_queued")) == 2, "it is told again")
            assert [body["said"] for body in agent.bodies("alert_queued")] == ["detected", "detected"]
        finally:
            agent.close()


def test_a_message_killed_between_queue_and_yes_is_sent_after_the_restart(tmp_path: Path, listeners: Listeners):
    with robot() as told:
        told.goes_on.clear()  # it takes the request and does not answer
        agent = AgentProcess(tmp_path, site(cameras(listeners)), robot_url=told.url)
        try:
            listeners.shut(3)
            agent.start()
            until(lambda: told.received, "the robot is asked")
            agent.kill()
            assert agent.of_type("notified") == [], "nobody said yes"
            told.goes_on.set()
            agent.start()
            until(lambda: agent.of_type("notified"), "the vendor is notified")
            first, *again = told.received
            assert again[0]["message"] == first["message"], "the same message, with the same number"
            assert len(agent.of_type("notified")) == 1
            assert agent.status()["undelivered"] == []
        finally:
            agent.close()


def test_a_refusal_is_no_notice_until_the_provider_says_yes(tmp_path: Path, listeners: Listeners):
    with robot() as told:
        told.answer = '{"errcode": 130101, "errmsg": "send too fast"}'
        agent = AgentProcess(tmp_path, site(cameras(listeners)), robot_url=told.url)
        try:
            listeners.shut(3)
            agent.start()
            until(lambda: told.received, "the robot is asked")
            undelivered = until(
                lambda: [e for e in agent.status()["undelivered"] if e["failures"]], "it is undelivered"
            )
            assert undelivered[0]["why"] == "HTTP 200, but errcode 130101 send too fast"
            assert agent.run("status").returncode == 1
            assert agent.of_type("notified") == []
            told.answer = '{"errcode": 0}'
            until(lambda: agent.of_type("notified"), "it is tried again, and taken")
        finally:
            agent.close()


def rounds(count: int) -> str:
    """A file of inspection records, large enough to be killed in the middle of."""
    begin = now_ms() - 86_400_000
    records = (
        {
            "type": "inspection",
            "id": f"round-{n}",
            "plan": "I1",
            "at": format_instant(begin + n * 1_000),
            "by": "巡检员",
            "covers": ["cam-1"],
            "result": "ok",
        }
        for n in range(count)
    )
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)


def begun(tmp_path: Path, listeners: Listeners) -> AgentProcess:
    """A site whose agent has run and stopped."""
    agent = AgentProcess(tmp_path, site(cameras(listeners)))
    agent.start()
    assert agent.stop() == 0, agent.log()
    return agent


def test_an_import_killed_anywhere_takes_all_or_nothing_and_counts_once(tmp_path: Path, listeners: Listeners):
    agent = begun(tmp_path, listeners)
    file = tmp_path / "rounds.jsonl"
    file.write_text(rounds(4_000), encoding="utf-8")
    seen = set()
    try:
        for delay_ms in (500, 700, 900, 1_000, 1_100, 1_200, 1_400, 1_800):
            process = subprocess.Popen(
                agent.command("import", str(file), "--state", str(agent.state)), stdout=subprocess.DEVNULL
            )
            time.sleep(delay_ms / 1000)
            process.kill()
            process.wait()
            database = sqlite3.connect(f"file:{agent.state}/ledger.db?mode=ro", uri=True)
            (count,) = database.execute("SELECT count(*) FROM entries WHERE kind = 'inspection'").fetchone()
            database.close()
            seen.add(count)
        assert seen <= {0, 4_000}
        assert agent.run("import", str(file)).returncode == 0
        assert agent.run("import", str(file)).returncode == 0
        assert len(agent.of_type("inspection")) == 4_000
    finally:
        agent.close()


@pytest.mark.parametrize("runs", [True, False], ids=["against a running agent", "without an agent"])
def test_a_file_with_one_bad_line_changes_nothing_and_names_it(tmp_path: Path, listeners: Listeners, runs: bool):
    agent = begun(tmp_path, listeners)
    lines = rounds(10).splitlines()
    lines[6] = lines[6].replace('"result": "ok"', '"result": "fine"')
    lines[8] = lines[8].replace("cam-1", "cam-999")
    bad = tmp_path / "bad.jsonl"
    bad.write_text("\n".join(lines), encoding="utf-8")
    try:
        if runs:
            agent.start()
        done = agent.run("import", str(bad))
        assert done.returncode == 2
        assert f"{bad}:7: result: got 'fine', wanted one of ok, fault" in done.stderr
        assert agent.of_type("inspection") == []
        lines[6] = rounds(10).splitlines()[6]
        bad.write_text("\n".join(lines), encoding="utf-8")
        done = agent.run("import", str(bad))
        assert f"{bad}:9: covers: no asset 'cam-999'" in done.stderr
        assert agent.of_type("inspection") == []
        bad.write_text(rounds(10), encoding="utf-8")
        done = agent.run("import", str(bad))
        assert done.returncode == 0, "the negative control: without the bad lines it is taken"
        assert done.stdout.startswith("On record: 10 records; ledger entry ")
        assert len(agent.of_type("inspection")) == 10
    finally:
        agent.close()


def test_an_export_taken_in_again_adds_nothing(tmp_path: Path, listeners: Listeners):
    agent = begun(tmp_path, listeners)
    try:
        agent.start()
        until(lambda: agent.of_type("reading"), "there are readings")
        agent.run("record", "claim", "C-1", "cam-1", "--from", "2026-10-01T00:00:00Z", "--to", "2026-10-02T00:00:00Z",
                  "--cause", "power", "--by", "乙方")  # fmt: skip
        agent.stop()
        before = agent.lines()
        file = tmp_path / "all.jsonl"
        file.write_text("".join(before), encoding="utf-8")
        done = agent.run("import", str(file))
        assert done.returncode == 0, done.stderr
        assert agent.lines() == before
    finally:
        agent.close()


def test_readings_taken_in_by_a_running_agent_are_followed(tmp_path: Path, listeners: Listeners):
    agent = begun(tmp_path, listeners)
    try:
        agent.start()
        until(lambda: agent.status()["counts"]["up"] == 20, "all are up")
        reading = {
            "type": "reading",
            "check": "cam-1/tcp",
            "at": format_instant(now_ms() - 3_600_000),
            "outcome": "fail",
        }
        file = tmp_path / "late.jsonl"
        file.write_text(json.dumps(reading), encoding="utf-8")
        assert agent.run("import", str(file)).returncode == 0
        time.sleep(1.5)
        assert agent.status()["state"] == "running"
        assert agent.status()["counts"]["up"] == 20
        agent.stop()
        assert sum(each["outcome"] == "fail" for each in agent.of_type("reading")) == 1
    finally:
        agent.close()
