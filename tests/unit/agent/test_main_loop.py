"""The agent from start to stop, in this very process: what it is asked, told and handed in."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from agent.__main__ import main
from agent.control_socket import ask
from sla.ledger import LedgerView
from tests.support.agents.inside import run_inside
from tests.support.agents.process import Listeners, contract, site, tcp_asset, until
from tests.support.servers.providers import robot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")
CAMERAS = 3


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    found = Listeners(CAMERAS + 1)
    yield found
    found.close()


@pytest.fixture
def place(tmp_path: Path, listeners: Listeners, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of a link with cameras behind it; messages that are refused are tried again at once."""
    monkeypatch.setattr("agent.alerts.outbox.WAITS_MS", (300,))
    assets = tcp_asset("link", listeners.ports[-1], kind="link", reach=True)
    assets += "".join(tcp_asset(f"cam-{n}", listeners.ports[n], behind="link") for n in range(CAMERAS))
    (tmp_path / "site.toml").write_text(site(assets, interval="1s"), encoding="utf-8")
    (tmp_path / "contract.toml").write_text(contract(stable_for="1s"), encoding="utf-8")
    (tmp_path / "vendor.url").touch(0o600)
    (tmp_path / "vendor.url").write_text("json://127.0.0.1:1/nobody")
    return tmp_path


def command(place: Path, *words: str) -> int:
    return main([*words, "--state", str(place / "state"), "--lang", "en"])


def status(place: Path) -> dict:
    return ask(place / "state", {"ask": "status"})


def records(place: Path, kind: str) -> list[dict]:
    view = LedgerView.open(place / "state")
    try:
        return [each for line in view.export() if (each := json.loads(line))["type"] == kind]
    finally:
        view.close()


def all_up(place: Path) -> bool:
    return status(place)["counts"]["up"] == CAMERAS + 1


def test_an_outage_of_the_link_is_followed_told_and_answered(place: Path, listeners: Listeners, capsys):
    def during() -> None:
        until(lambda: all_up(place), "all are up")
        assert command(place, "status") == 0
        listeners.shut(*range(CAMERAS + 1))
        until(lambda: status(place)["counts"]["cut_off"] == CAMERAS, "the cameras are cut off")
        until(lambda: any(each["failures"] for each in status(place)["undelivered"]), "the robot refuses")
        assert command(place, "status") == 1
        told.answer = '{"errcode": 0}'
        until(lambda: records(place, "notified"), "the vendor is notified")
        assert command(place, "record", "acknowledged", "link/tcp", "--by", "王工") == 0
        assert command(place, "record", "arrived", "link/tcp") == 0
        listeners.reopen(*range(CAMERAS + 1))
        until(lambda: all_up(place), "all are up again")
        until(lambda: any("恢复" in each["title"] for each in told.received), "the vendor is told of the end")

    with robot() as told:
        told.answer = '{"errcode": 130101, "errmsg": "send too fast"}'
        (place / "vendor.url").write_text(told.url)
        assert run_inside(place, during) == 0
    assert {each["check"] for each in records(place, "notified")} == {"link/tcp"}
    assert [each["by"] for each in records(place, "acknowledged")] == ["王工"]
    assert len(records(place, "arrived")) == 1
    titles = {each["title"].rpartition("] ")[2] for each in told.received}
    assert titles == {"故障：link", "恢复：link"}
    printed = capsys.readouterr().out
    assert "4 up, 0 down" in printed
    assert "  down: link/tcp since " in printed
    assert "    cuts off 3" in printed
    assert "HTTP 200, but errcode 130101 send too fast" in printed


ANSWERS = (
    ("claim", "C-1", "cam-1", "--from", "2026-10-01T00:00:00Z", "--to", "2026-10-01T01:00:00Z", "--cause", "power"),
    ("ruling", "C-1", "accepted", "--by", "甲方"),
    (
        "maintenance",
        "M-1",
        "--from",
        "2026-10-01T00:00:00Z",
        "--to",
        "2026-10-01T01:00:00Z",
        "--scope",
        "kind=camera",
    ),
    ("inspection", "I-1", "daily", "--covers", "cam-1,cam-2", "--result", "ok"),
    ("settled", "2026-09", "--payable", "160000.00", "--party", "customer"),
    ("approved", "M-1"),
    ("acknowledged", "cam-1/tcp"),
    ("arrived", "cam-1/tcp"),
)


@pytest.mark.parametrize("runs", [True, False], ids=["against a running agent", "against a stopped one"])
def test_every_answer_is_on_record_once(place: Path, runs: bool, capsys):
    def answer() -> None:
        for words in ANSWERS:
            assert command(place, "record", *words) == 0, words
        assert command(place, "record", *ANSWERS[0], "--at", "2026-10-02T00:00:00Z") == 2
        assert command(place, "import", str(file)) == 0
        assert command(place, "import", str(file)) == 0

    file = place / "rounds.jsonl"
    said = {"type": "acknowledged", "check": "cam-2/tcp", "at": "2026-10-02T00:00:00Z", "by": "乙"}
    file.write_text("\ufeff" + json.dumps(said) + "\n\n", encoding="utf-8")
    run_inside(place, answer if runs else lambda: None, contract=False)
    if not runs:
        answer()
    for words in ANSWERS:
        assert len(records(place, words[0])) == (2 if words[0] == "acknowledged" else 1), words[0]
    refused = capsys.readouterr().err
    assert "C-1" in refused
    assert "Nothing of it was taken." in refused


def test_requests_that_make_no_sense_are_refused_and_change_nothing(place: Path, capsys):
    def during() -> None:
        state = place / "state"
        assert ask(state, {"ask": "the way"})["error"].startswith("ask: wanted ")
        assert "error" in ask(state, {"ask": "take"})
        assert "wanted a JSON object" in ask(state, ["take"])["error"]  # type: ignore[arg-type]
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(state / "agent.sock"))
            caller.sendall(b"{no json")
            caller.shutdown(socket.SHUT_WR)
            assert b"no request" in caller.recv(10_000)
        assert command(place, "import", str(bad)) == 2
        words = ["run", "--site", str(place / "site.toml"), "--state", str(state), "--lang", "en"]
        assert main(words) == 2, "a second agent"

    bad = place / "bad.jsonl"
    bad.write_text('{"type": "ruling"}\nnothing\n{"type": "riddle"}\n')
    run_inside(place, during)
    told = capsys.readouterr().err
    for line in (1, 2, 3):
        assert f"{bad}:{line}: " in told
    assert "another agent" in told
    assert records(place, "ruling") == []


def test_what_ran_before_is_taken_up_again(place: Path, listeners: Listeners):
    with robot() as told:
        (place / "vendor.url").write_text(told.url)
        listeners.shut(0)
        run_inside(place, lambda: until(lambda: records(place, "notified"), "the vendor is notified"))
        listeners.reopen(0)
        run_inside(place, lambda: until(lambda: all_up(place), "it is up again"))
    assert [each["event"] for each in records(place, "agent")] == ["start", "stop", "start", "stop"]
    assert [each["title"].rpartition("] ")[2] for each in told.received] == ["故障：cam-0", "恢复：cam-0"]


def test_readings_from_elsewhere_are_followed_from_then_on(place: Path):
    def during() -> None:
        until(lambda: all_up(place), "all are up")
        assert command(place, "import", str(file)) == 0
        until(lambda: all_up(place), "and it goes on")

    file = place / "late.jsonl"
    reading = {"type": "reading", "check": "cam-1/tcp", "at": "2026-10-01T00:00:00Z", "outcome": "fail"}
    file.write_text(json.dumps(reading))
    run_inside(place, during)
    assert [each["at"] for each in records(place, "reading") if each["outcome"] == "fail"] == ["2026-10-01T00:00:00Z"]


def test_a_stopped_agent_s_state_is_told_as_it_was(place: Path, capsys):
    run_inside(place, lambda: None)
    assert command(place, "status") == 3
    assert command(place, "status", "--json") == 3
    assert command(place, "export", "--from", "2026-10-01T00:00:00Z") == 0
    told = capsys.readouterr().out
    assert "The agent is not running" in told
    assert '"state": "stopped"' in told
    assert '"type": "check"' in told


def test_a_disk_that_fails_ends_the_agent_with_an_error(place: Path, monkeypatch: pytest.MonkeyPatch, caplog):
    def broken(*_arguments, **_more):
        raise OSError(28, "No space left on device")

    def during() -> None:
        until(lambda: all_up(place), "all are up")
        monkeypatch.setattr("sla.ledger.store.Ledger.commit", broken)
        until(lambda: "nothing more is recorded" in caplog.text, "it says so")

    assert run_inside(place, during) == 1
