"""A probe kind that nobody else knows, added as anybody adds one (a file, a row), goes through the whole chain.

Site file → check → look by the runner → reading → ledger → page of the handbook → `sla-agent probe` → status → the
month's report, in both languages.
"""

from __future__ import annotations

import importlib.util
import json
import re
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from agent.__main__ import main
from agent.control_socket import ask
from config.input.mistakes import ConfigError
from config.site.file import load
from probes.handbook import handbook, question
from probes.registry import OPTIONS, PROBES, Kind, row_of
from sla.contract.calendars import local_day
from sla.evidence.instants import month_of
from sla.ledger import LedgerView
from tests.support.agents.inside import run_inside
from tests.support.agents.process import contract, now_ms, site, until
from tests.support.sla_check import sla_check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")

FILE = '''\
"""Whether somebody behind a port greets with the right word.

`ok`: a line came, and it is the word. `fail`: not reached, silent, another word.
What it can never see: whether the greeting is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.models import Port, Word
from probes.address import endpoint, misfit_of
from probes.faults import judged
from probes.net.connection import CONNECT_REASONS, READ_REASONS, Deadline, stream
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import TEXT_MISSING, because

if TYPE_CHECKING:
    from config.text.sentence import Sentence

METRICS = {"greeting_ms": "from the call to the greeting"}
REASONS = (*CONNECT_REASONS, *READ_REASONS, TEXT_MISSING)


class Options(ProbeOptions):
    """Which port, and which word."""

    port: Port
    """the port"""
    word: Word = "hello"
    """the word that must come"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port))


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Connect, read a line, hang up."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    async with stream(endpoint(address, options.port), deadline) as opened:
        word = (await opened.line()).decode("utf-8", "replace")
    metrics = {"greeting_ms": deadline.elapsed_ms()}
    return ok(**metrics) if word == options.word else fail(because(TEXT_MISSING, "got", word), **metrics)
'''
"""All that is written for the kind but its row; its texts have no Chinese yet, so they are shown in English."""


class Greeter:
    """Says a word to whoever connects; `word` can be changed."""

    def __init__(self) -> None:
        self.word = b"hello"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._listener.accept()
            except OSError:
                return
            with guest, suppress(OSError):
                guest.sendall(self.word + b"\n")

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def greeter() -> Iterator[Greeter]:
    found = Greeter()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """The kind's file, and its row in the table."""
    (tmp_path / "greeting.py").write_text(FILE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("probes.kinds.greeting", tmp_path / "greeting.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    row = row_of(module, ("tcp", 0))
    monkeypatch.setitem(PROBES, "greeting", row)  # type: ignore[arg-type]
    monkeypatch.setitem(OPTIONS, "greeting", row.options)  # type: ignore[arg-type]
    return row


def asset(port: int, more: str = "") -> str:
    return f"""
[[assets]]
id = "cam-7"
kind = "camera"
name = "枪机七"
address = "127.0.0.1"
[[assets.checks]]
probe = "greeting"
port = {port}
severity = "critical"
{more}
"""


@pytest.fixture
def place(tmp_path: Path, greeter: Greeter) -> Path:
    found = tmp_path / "site"
    found.mkdir()
    (found / "site.toml").write_text(site(asset(greeter.port)), encoding="utf-8")
    (found / "contract.toml").write_text(contract(stable_for="1s"), encoding="utf-8")
    (found / "vendor.url").touch(0o600)
    (found / "vendor.url").write_text("json://127.0.0.1:1/nobody")
    return found


def readings(place: Path) -> list[dict]:
    view = LedgerView.open(place / "state")
    try:
        return [each for line in view.export() if (each := json.loads(line))["type"] == "reading"]
    finally:
        view.close()


def test_a_site_file_takes_its_keys_and_refuses_others(place: Path, greeter: Greeter):
    (plan,) = load(place / "site.toml", probe_options=OPTIONS).checks
    assert (plan.id, plan.probe, plan.options.word) == ("cam-7/greeting", "greeting", "hello")
    (place / "site.toml").write_text(site(asset(greeter.port, 'wrod = "hi"')), encoding="utf-8")
    with pytest.raises(ConfigError) as mistakes:
        load(place / "site.toml", probe_options=OPTIONS)
    assert "wrod" in str(mistakes.value)
    assert 'did you mean "word"?' in str(mistakes.value)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_handbook_has_its_page(language):
    section = handbook(language).partition("## `greeting`")[2].partition("\n## ")[0]
    assert "Whether somebody behind a port greets with the right word." in section
    assert '| `word` | `"hello"` | the word that must come |' in section
    assert "| `greeting_ms` | from the call to the greeting |" in section
    assert "`expected text missing`" in section
    assert question("greeting", language) == "Whether somebody behind a port greets with the right word."


def test_it_can_be_looked_at_by_hand(greeter: Greeter, capsys: pytest.CaptureFixture[str]):
    assert main(["probe", "--lang", "en"]) == 0
    assert "greeting" in capsys.readouterr().out
    assert main(["probe", "greeting", "--lang", "en"]) == 0
    assert "**What it can never see:** whether the greeting is meant." in capsys.readouterr().out
    words = ["probe", "greeting", "127.0.0.1", "--set", f"port={greeter.port}", "--lang", "en"]
    assert main(words) == 0
    seen = json.loads(capsys.readouterr().out)
    assert (seen["outcome"], seen["reason"], list(seen["metrics"])) == ("ok", "", ["greeting_ms"])
    assert main([*words, "--set", "word=goodbye"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert (seen["outcome"], seen["reason"]) == ("fail", "expected text missing: got: hello")
    assert seen["reason_zh"] == "缺少应有的文字: 实得: hello"


def test_from_the_site_file_to_the_month_s_report(place: Path, greeter: Greeter, capsys: pytest.CaptureFixture[str]):
    state = place / "state"

    def counts() -> dict[str, int]:
        return ask(state, {"ask": "status"})["counts"]

    def during() -> None:
        until(lambda: counts()["up"] == 1, "it is greeted")
        greeter.word = b"go away"
        until(lambda: counts()["down"] == 1, "another word comes")
        capsys.readouterr()
        assert main(["status", "--state", str(state), "--lang", "zh"]) == 1
        assert "缺少应有的文字: 实得: go away" in capsys.readouterr().out
        assert main(["status", "--state", str(state), "--lang", "en"]) == 1
        assert "expected text missing: got: go away" in capsys.readouterr().out
        greeter.word = b"hello"
        until(lambda: counts()["up"] == 1, "it is greeted again")

    assert run_inside(place, during) == 0
    kept = readings(place)
    assert {each["check"] for each in kept} == {"cam-7/greeting"}
    assert "expected text missing: got: go away" in {each["reason"] for each in kept if each["outcome"] == "fail"}
    assert all("greeting_ms" in each["metrics"] for each in kept if each["outcome"] == "ok")

    month = month_of(local_day(now_ms(), "Asia/Shanghai"))
    words = ["--contract", str(place / "contract.toml"), "--ledger", str(state), "--month", month]
    report = sla_check([*words, "--lang", "zh"])
    assert report.code != 2, report.err
    assert "cam-7/greeting" in report.out
    (incident,) = re.findall(r"cam-7/greeting@[^\s│|]+", sla_check([*words, "--explain", "?"]).err)[:1]
    for language, reason in (("zh", "缺少应有的文字: 实得: go away"), ("en", "expected text missing: got: go away")):
        assert reason in sla_check([*words, "--lang", language, "--explain", incident]).out
