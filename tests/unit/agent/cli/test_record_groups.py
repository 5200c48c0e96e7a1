"""`sla-agent record` for groups, for a round with its exceptions, and before anything is put on record (`--dry-run`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agent.cli.parser import parse
from agent.cli.record_groups import assets_in, scope_of
from config.input.usage import UsageError
from sla.evidence.records import Acknowledged, Asset, Check, Claim, Inspection, Reading
from sla.ledger import Entry, Ledger, LedgerView, Stamp
from tests.golden.test_ledger_of_format_1 import HERE as FORMAT_1

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_798_000_000_000
HOUR = 3_600_000
ASSETS = (
    Asset(id="cam-1", kind="camera", tags=("gate",)),
    Asset(id="cam-2", kind="camera"),
    Asset(id="cam-3", kind="camera", begin=0, end=1),
    Asset(id="link", kind="link", tags=("gate",)),
)


def stamp(ms: int) -> Stamp:
    return Stamp(wall_ms=ms, boot_ms=1, boot_id="b", synced=True, error_ms=0)


@pytest.fixture
def state(tmp_path) -> Path:
    """Three assets in service and one that is not; cam-2 is down since an hour before now."""
    ledger = Ledger.open(tmp_path, site="s", software="t")
    checks = [Check(id=f"{each.id}/icmp", asset=each.id, interval_ms=600_000) for each in ASSETS]
    ledger.commit(stamp(1_000), entries=[Entry.of(each, actor="agent") for each in (*ASSETS, *checks)])
    ledger.close(stamp(2_000))
    return tmp_path


def run(state: Path, *words: str) -> int:
    command, options = parse(["record", *words, "--state", str(state), "--lang", "en"], "en")
    return command.load().run(options)


def on_record(state: Path, kind: type) -> list:
    view = LedgerView.open(state)
    try:
        return list(view.evidence().of(kind))
    finally:
        view.close()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("all", ["cam-1", "cam-2", "link"]),
        ("kind=camera", ["cam-1", "cam-2"]),
        ("tags=gate,other", ["cam-1", "link"]),
        ("ids=cam-2", ["cam-2"]),
        ("cam-9, cam-1", ["cam-9", "cam-1"]),
        ("", []),
    ],
)
def test_a_group_is_what_is_in_service_now(state, text, wanted):
    assert assets_in(state, text) == wanted


@pytest.mark.parametrize("text", ["colour=red", "kind=", "kind"])
def test_what_names_no_group_is_refused(text):
    with pytest.raises(UsageError, match="wanted all, or kind, ids, tags"):
        scope_of([text])


def test_a_whole_round_with_its_exceptions_is_one_command(state):
    words = ["I-1", "I1", "--covers", "all", "--result", "ok", "--fault", "cam-2", "--except", "link"]
    assert run(state, "inspection", *words, "--period", "2026-10-03") == 0
    assert [(each.id, each.covers, each.result, str(each.period)) for each in on_record(state, Inspection)] == [
        ("I-1", ("cam-1",), "ok", "2026-10-03"),
        ("I-1-fault", ("cam-2",), "fault", "2026-10-03"),
    ]


def test_an_answer_to_all_that_is_down_of_a_group(state, monkeypatch, capsys):
    down = [{"check": "cam-2/icmp", "asset": "cam-2"}, {"check": "link/icmp", "asset": "link"}]
    monkeypatch.setattr("agent.requests.alone.LedgerOnDisk.status", lambda _self: {"down": down})
    assert run(state, "acknowledged", "kind=camera") == 0
    assert [each.check for each in on_record(state, Acknowledged)] == ["cam-2/icmp"]
    assert "Mind: acknowledged: cam-2/icmp has no open incident" in capsys.readouterr().err
    with pytest.raises(UsageError, match="ids=cam-1: none of these assets has an open incident"):
        run(state, "acknowledged", "ids=cam-1")


def test_what_is_recorded_now_bears_the_ledgers_own_instant(state):
    """Else every answer would be one that was put on record later than it happened."""
    assert run(state, "acknowledged", "cam-1/icmp") == 0
    (found,) = on_record(state, Acknowledged)
    assert found.at == found.recorded_at


def contract_of_a_check(folder: Path) -> Path:
    text = (FORMAT_1 / "contract.toml").read_text(encoding="utf-8")
    path = folder / "contract.toml"
    path.write_text(text.replace('clock = "notified"', 'clock = "detected"'), encoding="utf-8")
    return path


def test_a_dry_run_shows_what_a_month_would_come_to_and_records_nothing(state, capsys):
    """cam-2 was down for twelve hours: repaired too late, until a claim on them would be accepted."""
    ledger = Ledger.open(state, site="s", software="t")
    begin = 1_788_220_800_000  # 2026-09-01T00:00 in Beijing
    seen = [(hour, "fail" if 10 <= hour / 6 < 22 else "ok") for hour in range(6 * 24 * 30)]
    readings = [Reading(check="cam-2/icmp", at=begin + n * 600_000, outcome=word) for n, word in seen]
    ledger.commit(stamp(begin + 30 * 24 * HOUR), readings=readings)
    span = {"begin": begin + 10 * HOUR, "end": begin + 23 * HOUR}
    claim = Claim(id="C-1", asset="cam-2", **span, cause="power", at=begin + 25 * HOUR)
    ledger.commit(stamp(begin + 25 * HOUR), entries=[Entry.of(claim, actor="x")])
    ledger.close(stamp(begin + 31 * 24 * HOUR))
    agreed = contract_of_a_check(state)
    words = ["ruling", "C-1", "accepted", "--at", "2026-09-30T10:00:00+08:00", "--contract", str(agreed)]
    before = LedgerView.open(state).head
    assert run(state, *words, "--dry-run") == 0
    printed = capsys.readouterr().out
    assert "2026-09: due " in printed
    assert "R2: breached → met" in printed
    assert printed.rstrip().endswith("Nothing was put on record.")
    assert LedgerView.open(state).head == before


def test_a_dry_run_without_a_contract_says_what_is_missing(state):
    with pytest.raises(UsageError, match="--dry-run: wanted --contract too"):
        run(state, "acknowledged", "cam-1/icmp", "--dry-run")
