"""`sla-agent record` for documents, diagnoses, replacements and scores (docs/obligations.md)."""

from __future__ import annotations

import hashlib

import pytest

from agent.cli.parser import parse
from agent.cli.record import record_of
from agent.cli.record_types import RECORD_COMMANDS
from sla.evidence.record_json import record_from_json
from sla.evidence.records import RECORDS, Asset, Diagnosed
from sla.ledger import Entry, Ledger, LedgerView, Stamp

AT = ["--at", "2026-11-05T09:00:00+08:00", "--by", "李工"]


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7")
    return path


def said(*words):
    return record_from_json(record_of(parse(["record", *words, *AT], "en")[1]))


def test_a_document_is_recorded_with_its_hash(paper):
    found = said("delivered", "d1", "D1", "2026-10", "--file", str(paper))
    assert (found.id, found.plan, found.month, found.by) == ("d1", "D1", "2026-10", "李工")
    assert found.sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert said("delivered", "d1", "D1", "2026-10").sha256 == ""


def test_diagnoses_and_replacements_are_recorded():
    assert said("diagnosed", "x1", "cam-1", "--part", "电源").part == "电源"
    lent = said("replaced", "x1", "--temporary")
    assert (lent.diagnosis, lent.temporary, said("replaced", "x1", "--serial", "SN7").serial) == ("x1", True, "SN7")


def test_a_score_needs_a_reason_and_a_file(paper, capsys):
    found = said("scored", "M1", "2026-10", "92.5", "--reason", "问卷", "--file", str(paper))
    assert (str(found.score), str(found.of), found.reason, len(found.sha256)) == ("92.5", "100", "问卷", 64)
    with pytest.raises(SystemExit):
        said("scored", "M1", "2026-10", "92.5", "--reason", "问卷")
    assert "--file" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        said("delivered", "d1", "D1", "2026-10", "--file", str(tmp_path / "none.pdf"))


MADE_BY_PROGRAMS = {"agent", "asset", "check", "notified", "reading"}


def test_every_type_of_record_that_people_make_can_be_made_on_the_command_line():
    assert set(RECORD_COMMANDS) == set(RECORDS) - MADE_BY_PROGRAMS


def test_without_a_running_agent_it_goes_into_the_ledger_all_the_same(tmp_path, capsys):
    stamp = Stamp(wall_ms=1_000, boot_ms=1, boot_id="b", synced=True, error_ms=0)
    ledger = Ledger.open(tmp_path, site="s", software="t")
    ledger.commit(stamp, entries=[Entry.of(Asset(id="cam-1", kind="camera"), actor="agent")])
    ledger.close(stamp)
    words = ["record", "diagnosed", "x1", "cam-1", "--state", str(tmp_path), "--at", "2026-01-05T09:00:00+08:00"]
    command, options = parse(words, "en")
    assert command.load().run(options) == 0
    assert "On record: 1 records" in capsys.readouterr().out
    view = LedgerView.open(tmp_path)
    assert [each.id for each in view.evidence().of(Diagnosed)] == ["x1"]
    view.close()
