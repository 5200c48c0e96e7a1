"""The agent whose disk fails: it stops at the first error, tells both parties past the ledger, and starts from disk."""

from __future__ import annotations

import time

import pytest

from sla.ledger.check import check_ledger
from tests.support.agents.process import AgentProcess, Listeners, site, tcp_asset, until
from tests.support.servers.providers import robot


@pytest.fixture
def listeners():
    found = Listeners(3)
    yield found
    found.close()


def made(tmp_path, listeners, url, *prefix):
    assets = "".join(tcp_asset(f"cam-{n}", port) for n, port in enumerate(listeners.ports))
    return AgentProcess(tmp_path, site(assets), robot_url=url, prefix=prefix)


@pytest.mark.needs("strace")
def test_the_first_sync_that_fails_ends_the_agent_and_both_are_told(tmp_path, listeners):
    broken = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=15+"]
    with robot() as told:
        agent = made(tmp_path, listeners, told.url, *broken)
        try:
            agent.start()
            until(lambda: agent._process.poll() is not None, "the agent ends")
            assert agent._process.returncode == 1
            agent._process = None
            assert "nothing more is recorded" in agent.log()
            assert any("未记录" in each["title"] for each in told.received)
        finally:
            agent.close()
        kept = agent.lines()
        again = made(tmp_path, listeners, told.url)
        try:
            again.start()
            until(lambda: again.status()["counts"]["up"] == 3, "it watches again")
            assert again.stop() == 0
            assert set(kept) <= set(again.lines())
            assert not check_ledger(again.state).problems
        finally:
            again.close()


def test_an_agent_whose_disk_does_not_fail_tells_nobody(tmp_path, listeners):
    """The control."""
    with robot() as told:
        agent = made(tmp_path, listeners, told.url)
        try:
            agent.start()
            until(lambda: agent.status()["counts"]["up"] == 3, "all are up")
            time.sleep(2)
            assert agent.stop() == 0
            assert told.received == []
        finally:
            agent.close()


def test_an_agent_started_on_a_damaged_ledger_goes_on_and_tells_both(tmp_path, listeners):
    with robot() as told:
        agent = made(tmp_path, listeners, told.url)
        try:
            agent.start()
            until(lambda: agent.status()["counts"]["up"] == 3, "all are up")
            head = agent.status()["head"]
            agent.kill()
            for name in ("ledger.db", "ledger.db-wal"):
                if (agent.state / name).exists():
                    with (agent.state / name).open("r+b") as file:
                        file.write(bytes(4096))
            agent.start()
            until(lambda: [each for each in told.received if "ledger.damaged-" in each["message"]], "it is told")
            until(lambda: agent.status()["counts"]["up"] == 3, "it watches again")
            assert agent.status()["head"]["seq"] != head["seq"] or agent.status()["head"]["hash"] != head["hash"]
            assert len(list(agent.state.glob("ledger.damaged-*.db"))) == 1
            assert agent.stop() == 0
        finally:
            agent.close()
