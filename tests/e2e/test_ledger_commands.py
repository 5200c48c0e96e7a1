"""What `sla-agent` does with a ledger, beside a running agent and without one."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sla.ledger import LedgerView
from tests.support.agents.process import AgentProcess, Listeners, site, tcp_asset, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MONTH = "2026-10"


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    listeners = Listeners(2)
    assets = "".join(tcp_asset(f"cam-{n}", port) for n, port in enumerate(listeners.ports))
    found = AgentProcess(tmp_path_factory.mktemp("site"), site(assets), robot_url="json://127.0.0.1:1/canary-5f0c2a")
    try:
        found.start()
        until(lambda: found.status()["counts"]["up"] == 2, "all are up")
        yield found
    finally:
        found.close()
        listeners.close()


def words(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False)


def done(agent: AgentProcess, command: str, *arguments: str | Path) -> str:
    found = agent.run(command, *map(str, arguments))
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_a_bundle_of_a_running_agent_is_verified_with_the_file_beside_it_alone(agent: AgentProcess, tmp_path: Path):
    receipt = agent.take({"type": "acknowledged", "check": "cam-0/tcp", "by": "王工"})
    heads = tmp_path / "heads.txt"
    heads.write_text(f"On record: ledger entry {receipt['seq']}, {receipt['hash']}\n")
    bundle = tmp_path / "bundle.zip"
    told = done(agent, "export", "--bundle", bundle)
    verifier = tmp_path / "sla-verifier.py"
    assert str(verifier) in told
    found = words("-I", "-S", verifier, bundle, "--heads", heads, "--lang", "en")
    assert found.returncode == 0, found.stdout
    assert f"PROVEN: nothing up to entry {receipt['seq']}" in found.stdout
    heads.write_text(f"ledger entry {receipt['seq']}, {'0' * 64}\n")
    assert words("-I", "-S", verifier, bundle, "--heads", heads).returncode == 1
    assert words("-I", "-S", verifier, bundle).returncode == 3
    checked = words("-m", "sla.cli", "verify", bundle, "--heads", heads, "--lang", "en")
    assert checked.returncode == 1
    assert f"your head of entry {receipt['seq']} is 000" in checked.stdout


def test_a_bundle_after_a_head_holds_only_what_follows(agent: AgentProcess, tmp_path: Path):
    status = agent.status()["head"]
    head = f"{status['seq']} {status['hash']}"
    agent.take({"type": "arrived", "check": "cam-0/tcp", "by": "王工"})
    done(agent, "export", "--bundle", tmp_path / "end.zip", "--after", head)
    (tmp_path / "heads.txt").write_text(head)
    found = words(
        tmp_path / "sla-verifier.py", tmp_path / "end.zip", "--heads", tmp_path / "heads.txt", "--lang", "en"
    )
    assert found.returncode == 0, found.stdout
    refused = agent.run("export", "--bundle", str(tmp_path / "x.zip"), "--after", f"{status['seq']} {'0' * 64}")
    assert refused.returncode == 2
    assert "no head of this ledger" in refused.stderr


def test_stats_compact_and_check_work_beside_the_agent(agent: AgentProcess):
    stats = json.loads(done(agent, "ledger", "stats", "--json"))
    assert stats["plain_readings"] >= 2
    assert "0 blocks sealed" in done(agent, "ledger", "compact")
    assert "As it was written" in done(agent, "ledger", "check")


def test_a_backup_of_a_running_agent_is_an_entry_and_is_not_restored_beside_it(agent: AgentProcess, tmp_path: Path):
    backup = tmp_path / "ledger-backup.db"
    done(agent, "backup", backup)
    view = LedgerView.open(agent.state)
    assert "ledger-backup.db" in [each.body["file"] for each in view.entries(("backup",))]
    view.close()
    refused = agent.run("restore", str(backup))
    assert refused.returncode == 2
    assert "another agent" in refused.stderr


def test_a_month_is_sealed_signed_with_a_key_and_on_paper(agent: AgentProcess, tmp_path: Path):
    note = tmp_path / "seal.txt"
    note.write_text(done(agent, "seal", MONTH))
    key = tmp_path / "vendor.pem"
    private = Ed25519PrivateKey.generate()
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    command = [
        "-m",
        "agent",
        "countersign",
        str(note),
        "--key",
        str(key),
        "--name",
        "practice/vendor",
        "--lang",
        "en",
    ]
    told = words(*command).stdout
    public = told.splitlines()[-1]
    assert "vendor signed" not in told
    done(agent, "seal", MONTH, "--signed", note, "--key", public, "--by", "李经理")
    done(agent, "seal", MONTH, "--on-paper", "--party", "customer", "--by", "王处长")
    view = LedgerView.open(agent.state)
    signed = [(each.body["party"], each.body["how"], each.body["by"]) for each in view.entries(("countersigned",))]
    view.close()
    assert signed == [("vendor", "ed25519", "李经理"), ("customer", "paper", "王处长")]
    note.write_text(note.read_text().replace("head ", "head 1"))
    refused = agent.run("seal", MONTH, "--signed", str(note), "--key", public)
    assert refused.returncode == 2
    assert "not that of this ledger's seal" in refused.stderr


def test_a_report_that_was_named_is_proven(agent: AgentProcess, tmp_path: Path):
    report = tmp_path / "report.html"
    report.write_text("应付 100.00", encoding="utf-8")
    assert "On record" in done(agent, "ledger", "name", report)
    bundle, head = tmp_path / "b.zip", agent.status()["head"]
    done(agent, "export", "--bundle", bundle)
    (tmp_path / "heads.txt").write_text(f"{head['seq']} {head['hash']}")
    words_of = (tmp_path / "sla-verifier.py", bundle, "--heads", tmp_path / "heads.txt", "--file", report)
    assert words(*words_of).returncode == 0
    report.write_text("应付 900.00", encoding="utf-8")
    assert words(*words_of).returncode == 1
    assert agent.run("ledger", "name").returncode == 2


def test_no_secret_is_in_anything_that_leaves_or_stays(agent: AgentProcess, tmp_path: Path):
    secret = (agent.place / "vendor.url").read_text().strip().rpartition("/")[2].encode()
    done(agent, "export", "--bundle", tmp_path / "b.zip")
    done(agent, "backup", tmp_path / "b.db")
    left = [path for folder in (agent.state, tmp_path) for path in folder.iterdir() if path.is_file()]
    assert {"ledger.db", "b.db", "b.zip"} <= {path.name for path in left}
    assert not [path for path in left if secret in path.read_bytes()]
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert not [name for name in archive.namelist() if secret in archive.read(name)]
    assert secret.decode() not in agent.log() + done(agent, "export")


def test_a_month_that_is_not_over_is_not_sealed(agent: AgentProcess):
    refused = agent.run("seal", "2099-01")
    assert refused.returncode == 2
    assert "not over yet" in refused.stderr


def test_without_an_agent_the_commands_do_it_themselves(tmp_path: Path):
    listeners = Listeners(1)
    agent = AgentProcess(tmp_path, site(tcp_asset("cam-0", listeners.ports[0])))
    try:
        agent.start()
        until(lambda: agent.status()["counts"]["up"] == 1, "it is up")
        assert agent.stop() == 0, agent.log()
        done(agent, "backup", tmp_path / "copy.db")
        told = done(agent, "restore", tmp_path / "copy.db")
        assert "What was there is kept as ledger.replaced-" in told
        agent.start()
        assert [each["event"] for each in agent.of_type("agent")] == ["start", "stop", "start"]
        assert agent.stop() == 0, agent.log()
    finally:
        agent.close()
        listeners.close()
