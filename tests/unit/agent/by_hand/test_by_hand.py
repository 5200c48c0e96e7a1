"""Things asked of this machine once: a probe, an inventory, a camera's usual picture. Without network."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace

import pytest

from agent.__main__ import main
from agent.by_hand import baseline as baseline_module
from agent.by_hand import inventory as inventory_module
from agent.by_hand.baseline import baseline
from agent.by_hand.inventory import discover, inventory
from agent.by_hand.probing import asked_of, kind_of, kinds_text, seconds_of
from config.input.mistakes import ConfigError
from config.input.usage import UsageError
from probes.discovery import Found
from probes.faults import OwnFaultError
from probes.handbook import question
from probes.registry import PROBES
from tests.support.agents.process import Listeners


def options(**given) -> SimpleNamespace:
    usual = {"lang": "en", "kind": "tcp", "address": "127.0.0.1", "set": [], "timeout": None, "out": None}
    return SimpleNamespace(**(usual | given))


# A kind, its options, and how long to wait


@pytest.mark.parametrize("name", PROBES)
def test_every_kind_is_listed_with_its_question(name):
    assert f"{name:<5}" in kinds_text(options())
    assert question(name, "en") in kinds_text(options())


def test_a_kind_that_is_misspelled_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match='did you mean "rtsp"'):
        kind_of(options(kind="rtps"))
    with pytest.raises(UsageError) as refused:
        kind_of(options(kind="zzzzzzzz"))
    assert "did you mean" not in str(refused.value)
    assert all(name in str(refused.value) for name in PROBES)


@pytest.mark.parametrize("word", ["port=554", "port = 554", "port=0x22A"])
def test_an_option_is_written_as_in_the_site_file(word):
    assert asked_of(options(set=[word]), PROBES["tcp"].options).port == 554


def test_a_text_need_not_be_in_quotes():
    found = asked_of(options(set=["url=http://10.0.0.1/", "text=数字城管"]), PROBES["http"].options)
    assert found.text == "数字城管"


def test_all_mistakes_in_options_are_named_with_their_place():
    with pytest.raises(ConfigError) as refused:
        asked_of(options(set=["port=high", "prot=1"]), PROBES["tcp"].options)
    assert {mistake.line for mistake in refused.value.mistakes} == {1, 2}


@pytest.mark.parametrize("text", ["port", ""])
def test_an_option_without_a_value_is_refused(text):
    with pytest.raises(UsageError, match="KEY=VALUE"):
        asked_of(options(set=[text]), PROBES["tcp"].options)


@pytest.mark.parametrize(("text", "seconds"), [(None, 10), ("3s", 3), ("500ms", 0.5), ("1m", 60)])
def test_how_long_to_wait(text, seconds):
    assert seconds_of(options(timeout=text)) == seconds


@pytest.mark.parametrize("text", ["0s", "long", "-1s", ""])
def test_what_is_no_time_to_wait_is_refused(text):
    with pytest.raises(UsageError, match="--timeout"):
        seconds_of(options(timeout=text))


def test_what_was_seen_is_printed_in_both_languages(capsys):
    listeners = Listeners(1)
    try:
        listeners.shut(0)
        code = main(["probe", "tcp", "127.0.0.1", "--set", f"port={listeners.ports[0]}", "--lang", "en"])
    finally:
        listeners.close()
    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["outcome"] == "fail"
    assert found["reason"].startswith("connection refused")
    assert found["reason_zh"] != found["reason"]


# An inventory

FOUND = [
    Found(address="10.1.3.1", kind="camera", name="路口", probes=("icmp", "rtsp"), note="=HYPERLINK(1)"),
    Found(address="fe80::1", kind="host", name="", probes=("icmp",), note="+1"),
]


def rows(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_draft_has_a_row_a_host_and_no_cell_that_a_spreadsheet_would_compute():
    found = rows(inventory(FOUND))
    assert [(each["id"], each["name"]) for each in found] == [
        ("camera-10-1-3-1", "路口"),
        ("host-fe80--1", "fe80::1"),
    ]
    assert [each["note"] for each in found] == ["'=HYPERLINK(1)", "'+1"]
    assert found[0]["probes"] == "icmp;rtsp"


async def answered(_ranges, progress):
    progress("pinging", 1, 2)
    progress("asking", 2, 2)
    return FOUND


def test_a_draft_is_written_to_a_file_that_excel_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(inventory_module, "discovered", answered)
    out = tmp_path / "draft.csv"
    assert discover(options(ranges=["10.1.3.0/24"], out=out)) == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(rows(out.read_text(encoding="utf-8-sig"))) == 2
    assert "2 found; correct the draft by hand" in capsys.readouterr().err


def test_a_draft_that_is_there_is_never_written_over(tmp_path, monkeypatch):
    monkeypatch.setattr(inventory_module, "discovered", answered)
    out = tmp_path / "draft.csv"
    out.write_text("corrected by hand")
    with pytest.raises(UsageError, match="name another file"):
        discover(options(ranges=["10.1.3.0/24"], out=out))
    assert out.read_text() == "corrected by hand"


def test_a_machine_that_may_not_ask_says_so_and_writes_nothing(tmp_path, monkeypatch, capsys):
    async def refused(_ranges, _progress):
        raise OwnFaultError("no permission")

    monkeypatch.setattr(inventory_module, "discovered", refused)
    assert discover(options(ranges=["10.1.3.0/24"], out=tmp_path / "d.csv")) == 2
    assert "no permission" in capsys.readouterr().err
    assert not (tmp_path / "d.csv").exists()


# A camera's usual picture


def picture(monkeypatch, *, reason: str = "", **measures):
    """A camera whose picture has these measures, and is wrong for this reason."""

    async def measured(_address, _asked, _timeout_s, _decoder):
        return {"brightness_ratio": 0.5, "sharpness": 12.0, **measures}

    kind = SimpleNamespace(Options=PROBES["snapshot"].options, measured=measured)
    monkeypatch.setattr(baseline_module, "_PICTURES", {"snapshot": kind})
    monkeypatch.setattr(baseline_module, "verdict", lambda *_: SimpleNamespace(reason=reason))
    monkeypatch.setattr(baseline_module, "with_profile", lambda _file, name, _found: json.dumps({name: 1}))


def usual(tmp_path, **given) -> SimpleNamespace:
    return options(kind="snapshot", file=tmp_path / "cam.json", profile="day", set=["path=/snap.jpg"], **given)


def test_only_a_picture_has_a_baseline(tmp_path):
    with pytest.raises(UsageError, match="a baseline is of a picture"):
        baseline(options(kind="tcp", file=tmp_path / "cam.json", profile="day"))


def test_a_profile_needs_a_name(tmp_path):
    with pytest.raises(UsageError, match="day or night"):
        baseline(options(kind="frame", file=tmp_path / "cam.json", profile="  "))


def test_a_picture_that_is_wrong_is_not_kept(tmp_path, monkeypatch, capsys):
    picture(monkeypatch, reason="too dark")
    monkeypatch.setattr(baseline_module, "asked_of", lambda *_: None)
    assert baseline(usual(tmp_path)) == 2
    assert "nothing was kept" in capsys.readouterr().err
    assert not (tmp_path / "cam.json").exists()


def test_a_usual_picture_is_kept_and_told(tmp_path, monkeypatch, capsys):
    picture(monkeypatch)
    monkeypatch.setattr(baseline_module, "asked_of", lambda *_: None)
    assert baseline(usual(tmp_path)) == 0
    assert json.loads((tmp_path / "cam.json").read_text()) == {"day": 1}
    assert "brightness 0.5, sharpness 12.0" in capsys.readouterr().out
