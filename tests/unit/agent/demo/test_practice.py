"""`sla-agent practice` where a step does not come about: it says which, and ends what it started."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys

import pytest

from agent.__main__ import main
from agent.demo import practice as module
from agent.demo.practice import PracticeError, _end, _Practice


@pytest.fixture
def steps(tmp_path):
    with contextlib.ExitStack() as cleanup:
        yield _Practice(tmp_path, "en", cleanup, is_fast=True)


def test_headings_are_numbered_and_what_was_seen_is_indented(steps, capsys):
    steps.say("The fibre is spliced.")
    steps.note("one\ntwo")
    steps.say("Look around:")
    assert capsys.readouterr().out == "\n[1] The fibre is spliced.\n    one\n    two\n\n[2] Look around:\n"


def test_waiting_ends_as_soon_as_it_came_about(steps):
    answers = iter([False, True])
    steps._until("it is up", lambda: next(answers))
    assert next(answers, "asked no more") == "asked no more"


def test_waiting_in_vain_names_the_step_and_the_log(steps, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0)
    with pytest.raises(PracticeError) as late:
        steps._until("every check is up", lambda: False)
    assert "until every check is up" in str(late.value)
    assert "agent.log" in str(late.value)


def test_an_alert_that_never_comes_is_late_and_one_that_comes_is_shown(steps, monkeypatch, capsys):
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    steps._heard = queue.Queue()
    with pytest.raises(PracticeError, match="the vendor is told"):
        steps._hear("the vendor is told")
    steps._heard.put({"title": "故障：link", "message": "两行\n文字"})
    steps._hear("the vendor is told")
    assert "    故障：link\n    两行\n    文字\n" in capsys.readouterr().out


def test_what_has_not_answered_yet_counts_as_nothing(steps):
    """No agent runs in that directory: neither its status nor a judgement can be read."""
    assert steps._status() == {}
    assert steps._count("up") == 0
    assert steps._judgement() == {}
    assert not steps._is_closed()


def test_a_practice_that_fails_ends_with_1_and_says_why(tmp_path, monkeypatch, capsys):
    def fail(_self) -> None:
        raise PracticeError("waited in vain")

    monkeypatch.setattr(_Practice, "run", fail)
    assert main(["practice", "--dir", str(tmp_path / "new"), "--lang", "en"]) == 1
    assert capsys.readouterr().err == "waited in vain\n"
    assert (tmp_path / "new").is_dir()


def test_a_practice_that_is_broken_off_ends_like_any_program(tmp_path, monkeypatch):
    def interrupt(_self) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_Practice, "run", interrupt)
    assert main(["practice", "--dir", str(tmp_path), "--lang", "en"]) == 130


@pytest.mark.parametrize("program", ["import sys; sys.stdin.read()", "import time; time.sleep(60)"])
def test_processes_that_it_started_are_ended(program):
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    _end(process)
    assert process.poll() is not None


def test_its_questions_to_the_judge_are_what_a_person_would_type(steps):
    words = steps._check()
    assert words[0] == "--month"
    assert words[words.index("--ledger") + 1] == str(steps._state)
    assert words[words.index("--lang") + 1] == "en"
