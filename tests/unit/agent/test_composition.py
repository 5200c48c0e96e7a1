"""The agent is put together in one place, out of finished parts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import agent
from agent.clock import SystemClock
from agent.composition import Setting, compose
from agent.ending import Ending
from config.site.file import load
from probes.registry import OPTIONS, PROBES
from sla.evidence.records import AgentEvent, Asset, Check, Reading
from sla.ledger import Entry, Ledger
from tests.support.agents.process import site, tcp_asset

FILES = sorted(Path(agent.__file__).parent.rglob("*.py"))
OURS = ("agent", "config", "probes", "sla")
ORIGIN = {"software": "1", "config": "2", "contract": ""}


def assigned(function: ast.AST) -> set[str]:
    """Names of attributes of `self` to which a function binds something."""
    return {
        node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


def born_late(tree: ast.Module) -> list[str]:
    found = []
    for each in [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]:
        fields = {
            name.id
            for node in each.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for name in ast.walk(node)
            if isinstance(name, ast.Name)
        }
        methods = {
            node.name: assigned(node)
            for node in each.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        known = fields | methods.pop("__init__", set())
        found += [f"{each.name}.{name}" for names in methods.values() for name in sorted(names - known)]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_attribute_of_a_part_is_born_in_its_init(path):
    assert born_late(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_an_attribute_that_is_born_late_would_be_seen():
    """The negative control."""
    text = "class Part:\n    def __init__(self):\n        self.a = 1\n    def start(self):\n        self.a = self.b = 2\n"
    assert born_late(ast.parse(text)) == ["Part.b"]


def test_the_main_loop_knows_a_dozen_modules():
    tree = ast.parse((Path(agent.__file__).parent / "main_loop.py").read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert len([name for name in modules if name.partition(".")[0] in OURS]) <= 12


@pytest.fixture
def composed(tmp_path):
    """A main loop that has not begun to run, its ledger, and how to begin it again."""
    (tmp_path / "site.toml").write_text(site(tcp_asset("link", 9, kind="link", reach=True) + tcp_asset("cam-1", 9)))
    (tmp_path / "vendor.url").touch(0o600)
    setting = Setting(load(tmp_path / "site.toml", probe_options=OPTIONS), None, tmp_path, PROBES, ORIGIN)
    ledger = Ledger.open(tmp_path, site="practice", software="1")
    yield setting, ledger
    ledger.close(SystemClock().now())


async def test_the_start_is_on_disk_before_any_part_runs(composed):
    setting, ledger = composed
    main_loop = compose(setting, ledger, SystemClock(), Ending())
    evidence = ledger.evidence()
    assert sorted(each.id for each in evidence.of(Asset)) == ["cam-1", "link"]
    assert sorted(each.id for each in evidence.of(Check)) == ["cam-1/tcp", "link/tcp"]
    assert [each.body["event"] for each in ledger.entries(("agent",))] == ["start"]
    assert main_loop._report.now()["counts"] == {"up": 0, "down": 0, "cut_off": 0, "unknown": 2}
    assert main_loop._report.now()["state"] == "running"
    assert not (setting.state_dir / "agent.sock").exists()


async def test_a_second_start_goes_on_in_the_same_ledger(composed):
    setting, ledger = composed
    for _ in range(2):
        compose(setting, ledger, SystemClock(), Ending())
    kinds = [each.kind for each in ledger.entries()]
    assert kinds.count("agent") == 2
    assert len(ledger.evidence().of(Asset)) == 2


async def test_time_goes_on_from_the_newest_instant_of_the_ledger(composed):
    setting, ledger = composed
    ahead = SystemClock().now().wall_ms + 3_600_000
    records = (Asset(id="a", kind="camera"), Check(id="a/x", asset="a", interval_ms=60_000))
    entries = [Entry.of(each, actor="agent") for each in (*records, AgentEvent(at=ahead, event="stop"))]
    ledger.commit(SystemClock().now(), readings=[Reading(check="a/x", at=ahead, outcome="ok")], entries=entries)
    main_loop = compose(setting, ledger, SystemClock(), Ending())
    assert main_loop._report.progress.started_at >= ahead
    assert not main_loop._clock.is_trusted()


async def test_a_handful_of_jobs_is_enough_however_many_checks_there_are(composed):
    setting, ledger = composed
    main_loop = compose(setting, ledger, SystemClock(), Ending())
    main_loop._timer._scheduler.start(paused=True)
    assert 1 <= len(main_loop._timer._scheduler.get_jobs()) <= 8
    main_loop._timer.stop()
