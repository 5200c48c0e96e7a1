"""Commands that need no agent: files checked, one thing looked at, and what is said when it cannot be done."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from agent.__main__ import main
from probes.registry import PROBES
from tests.support.agents.process import Listeners

EXAMPLES = Path(__file__).parents[4] / "config" / "examples"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main([*words, "--lang", "en"])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_files_that_are_right_are_counted(tmp_path: Path, capsys):
    site = tmp_path / "site.toml"
    site.write_text('site = "s"\nname = "s"\ntimezone = "Asia/Shanghai"\n')
    contract = EXAMPLES / "contract.toml"
    code, out, _ = told(capsys, "validate", "--site", str(site), "--contract", str(contract))
    assert code == 0
    assert "0 assets, 0 checks, 0 channels" in out
    assert "obligations" in out


def test_every_mistake_of_a_site_file_is_told(tmp_path: Path, capsys):
    site = tmp_path / "site.toml"
    site.write_text('site = "s"\nnmae = "s"\ntimezone = "Mars/Olympus"\n')
    code, _, err = told(capsys, "validate", "--site", str(site))
    assert code == 2
    assert "nmae" in err
    assert "Mars/Olympus" in err


def test_one_look_by_hand_is_printed_as_json(capsys):
    listeners = Listeners(1)
    try:
        port = listeners.ports[0]
        code, out, _ = told(capsys, "probe", "tcp", "127.0.0.1", "--set", f"port={port}")
        assert (code, json.loads(out)["outcome"]) == (0, "ok")
        listeners.shut(0)
        code, out, _ = told(capsys, "probe", "tcp", "127.0.0.1", "--set", f"port={port}")
        assert (code, json.loads(out)["outcome"]) == (0, "fail")
    finally:
        listeners.close()


def test_every_mistake_of_an_options_list_is_told_at_once(capsys):
    code, _, err = told(capsys, "probe", "icmp", "127.0.0.1", "--set", "count=many", "--set", "size=no")
    assert code == 2
    assert err.splitlines() == [
        '--set:1: count: got "many", wanted a whole number',
        '--set:2: size: got "no", wanted a whole number',
    ]


def test_without_an_address_a_kind_is_explained_and_without_a_kind_all_are_named(capsys):
    code, out, _ = told(capsys, "probe", "rtsp")
    assert code == 0
    assert "**What it can never see:**" in out
    assert "| `rung` |" in out
    code, out, _ = told(capsys, "probe")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()[:-2]} == set(PROBES)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("probe", "sonar", "127.0.0.1"), "no probe kind 'sonar'; there are "),
        (("probe", "icmp", "127.0.0.1", "--timeout", "0s"), "--timeout: more than nothing is wanted"),
        (("probe", "rtps", "127.0.0.1"), 'did you mean "rtsp"?'),
        (
            ("probe", "icmp", "127.0.0.1", "--set", "conut=1"),
            "--set:1: conut: got an unknown key, wanted one of count",
        ),
        (("probe", "snmp_link", "127.0.0.1"), "wanted either index or port_name"),
        (("probe", "tcp", "127.0.0.1", "--set", "port"), "--set port: wanted KEY=VALUE"),
        (("probe", "tcp", "127.0.0.1", "--set", "port=high"), "port"),
        (("probe", "tcp", "127.0.0.1", "--set", "port=1", "--timeout", "long"), "--timeout long: "),
        (("export", "--from", "yesterday", "--state", "/nonexistent"), "--from: "),
        (("status", "--state", "/nonexistent"), "/nonexistent: no agent is running there"),
        (("import", "/nonexistent/file", "--state", "/nonexistent"), "/nonexistent/file"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(words: tuple[str, ...], reason: str, capsys):
    code, _, err = told(capsys, *words)
    assert code == 2
    assert reason in err


def test_a_file_that_is_no_utf_8_is_refused_with_the_byte(tmp_path: Path, capsys):
    (tmp_path / "gbk.jsonl").write_bytes(b'{"by": "\xcd\xf5"}')
    code, _, err = told(capsys, "import", str(tmp_path / "gbk.jsonl"), "--state", str(tmp_path))
    assert code == 2
    assert "0xcd at byte 9" in err


def test_what_stands_on_the_standard_input_is_taken_too(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("nothing\n"))
    code, _, err = told(capsys, "import", "-", "--state", str(tmp_path))
    assert code == 2
    assert err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("probe", "tcp", "", "--set", "port=1"), "is not a host"),
        (
            ("probe", "tcp", "127.0.0.1", "--set", "port=99999999"),
            "--set:1: port: got 99999999, wanted a port from 1 to 65535",
        ),
        (("probe", "http", "127.0.0.1", "--set", "url=http://["), "Invalid IPv6 URL"),
    ],
)
def test_what_cannot_be_looked_at_is_said_in_a_line(capsys, words, said):
    code, out, err = told(capsys, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_closed_output_is_said_before_anything_is_done(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout", None)
    assert main(["export", "--state", "/nowhere", "--lang", "en"]) == 2
    monkeypatch.undo()
    assert capsys.readouterr().err == "standard output is closed\n"
