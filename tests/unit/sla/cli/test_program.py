"""`sla-check` as people call it: exit codes of SPEC §10, what is refused, where the answer goes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sla.cli.program import main, program

PROGRAM = Path(sys.executable).with_name("sla-check")

CONTRACT = """
contract = "ZH-1"
title = "运维"
customer = {name = "甲"}
vendor = {name = "乙"}
term = {from = 2026-10-01, to = 2026-10-31}
timezone = "Asia/Shanghai"
fee = {total = "1000.00", currency = "CNY"}

[[obligations]]
id = "A1"
clause = "3.1"
title = "在线"
kind = "availability"
target = "99%"
deduct = {per = "0.1%", amount = "10.00"}
"""
DEFINITIONS = [
    {"type": "asset", "id": "cam", "kind": "camera", "name": "Cam"},
    {"type": "check", "id": "cam/tcp", "asset": "cam", "interval_s": 3600, "reach": True, "severity": "major"},
]


def readings(outcome: str) -> list[dict[str, str]]:
    """One an hour over all of October in Shanghai."""
    return [
        {"type": "reading", "check": "cam/tcp", "at": f"2026-10-{day:02}T{hour:02}:00:00+08:00", "outcome": outcome}
        for day in range(1, 32)
        for hour in range(24)
    ] + [{"type": "reading", "check": "cam/tcp", "at": "2026-11-01T00:00:00+08:00", "outcome": outcome}]


@pytest.fixture
def files(tmp_path):
    """Writes contract and evidence; gives the arguments that name them."""

    def write(records: list[dict[str, str]], contract: str = CONTRACT) -> list[str]:
        evidence, paper = tmp_path / "e.jsonl", tmp_path / "c.toml"
        evidence.write_text("".join(json.dumps(each) + "\n" for each in [*DEFINITIONS, *records]), encoding="utf-8")
        paper.write_text(contract, encoding="utf-8")
        return ["--month", "2026-10", "--contract", str(paper), "--evidence", str(evidence)]

    return write


@pytest.mark.parametrize(("outcome", "code"), [("ok", 0), ("fail", 1), ("none", 3)])
def test_the_exit_code_tells_the_verdict(files, capsys, outcome, code):
    assert main([*files(readings(outcome)), "--format", "json"]) == code
    verdicts = {0: "met", 1: "breached", 3: "not_assessable"}
    assert json.loads(capsys.readouterr().out)["verdict"] == verdicts[code]


def test_bad_evidence_is_refused_with_its_line(files, capsys):
    bad = [{"type": "reading", "check": "cam/tcp", "at": "2026-10-01", "outcome": "ok"}]
    assert main(files(bad)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "e.jsonl:3" in said.err


def test_a_bad_contract_is_refused_with_its_line(files, capsys):
    assert main(files([], CONTRACT.replace('"99%"', '"lots"'))) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "c.toml:15" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--month", "2026-13"], "--month"),
        (["--as-of", "yesterday"], "--as-of"),
        (["--evidence", "/nowhere/e.jsonl"], "/nowhere/e.jsonl: No such file"),
        (["--contract", "/nowhere/c.toml"], "/nowhere/c.toml"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(files, capsys, arguments, said):
    assert main([*files(readings("ok")), *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_evidence_without_an_instant_needs_as_of(files, capsys):
    assert main(files([])) == 2
    assert "--as-of" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--month", "2026-10"], ["--contract", "c"]])
def test_missing_options_are_named(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "--evidence | --ledger" in capsys.readouterr().err


def test_a_ledger_that_is_not_there_is_said_plainly(files, capsys, tmp_path):
    arguments = files([])[:4]
    assert main([*arguments, "--ledger", str(tmp_path / "none.db")]) == 2
    assert "none.db" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_the_answer_goes_to_the_file_that_was_named(files, capsys, tmp_path, form):
    target = tmp_path / "out"
    assert main([*files(readings("ok")), "--format", form, "--output", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert "ZH-1" in target.read_text(encoding="utf-8")


def test_text_is_chinese_unless_english_is_asked_for(files, capsys):
    arguments = files(readings("fail"))
    main(arguments)
    assert "不合格" in capsys.readouterr().out
    main([*arguments, "--lang", "en"])
    assert "breached" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_closed_output_is_refused_and_is_no_breach(files, form):
    words = [str(PROGRAM), *files(readings("ok")), "--format", form, "--lang", "en"]
    done = subprocess.run(
        ["bash", "-c", 'exec "$@" >&-', "bash", *words], stderr=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "standard output is closed; say --output FILE\n")


def test_a_terminal_that_knows_no_chinese_still_gets_the_figures(files):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    words = [str(PROGRAM), *files(readings("fail"))]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "0.00%" in done.stdout


def test_a_fault_of_ours_does_not_end_like_a_breach(monkeypatch, capsys):
    ended = []
    monkeypatch.setattr("sla.cli.program.main", lambda: 1 // 0)
    monkeypatch.setattr("os._exit", ended.append)
    program()
    assert ended == [2]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_month_that_is_not_over_is_said_to_be_provisional(files, capsys):
    main([*files(readings("ok")), "--as-of", "2026-10-20T00:00:00+08:00"])
    assert "本月尚未结束" in capsys.readouterr().out
    main([*files(readings("ok")), "--as-of", "2026-11-01T00:00:00+08:00"])
    assert "本月尚未结束" not in capsys.readouterr().out


def test_a_bundle_whose_name_is_mistyped_was_not_tampered_with(capsys):
    assert main(["verify", "/nowhere/bundle.zip"]) == 2
    assert "No such file" in capsys.readouterr().err


def test_help_teaches_in_both_languages(capsys):
    for arguments, word in ((["--help"], "退出码"), (["--help", "--lang", "en"], "Exit code")):
        with pytest.raises(SystemExit):
            main(arguments)
        assert word in capsys.readouterr().out
