"""`sla-check`: where an answer may go, what may be signed, and where it reads from."""

from __future__ import annotations

import io
import json
import os
import runpy
import sys

import pytest

from sla.cli.program import main
from sla.evidence.record_json import record_from_json
from sla.ledger import Entry, Ledger, LedgerError, LedgerView, Stamp
from tests.support.sla_check import sla_check
from tests.unit.sla.cli.test_program import CONTRACT, DEFINITIONS, readings


@pytest.fixture
def asked(tmp_path) -> list[str]:
    """Options that ask for a month of good readings."""
    contract, evidence = tmp_path / "c.toml", tmp_path / "e.jsonl"
    contract.write_text(CONTRACT, encoding="utf-8")
    lines = [json.dumps(each) for each in [*DEFINITIONS, *readings("ok")]]
    evidence.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["--month", "2026-10", "--contract", str(contract), "--evidence", str(evidence)]


@pytest.fixture
def ledger(tmp_path):
    """The same in a ledger."""
    records = [record_from_json(each) for each in [*DEFINITIONS, *readings("ok")]]
    opened = Ledger.open(tmp_path / "state", site="s", software="t")
    stamp = Stamp(wall_ms=records[-1].at, boot_ms=0, boot_id="b")
    opened.commit(stamp, entries=[Entry.of(each, actor="a") for each in records[:2]], readings=records[2:])
    opened.close(stamp)
    return tmp_path / "state"


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


def test_what_is_no_text_is_not_written_to_a_terminal(asked, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert main([*asked, "--format", "xlsx"]) == 2
    assert "--output FILE" in capsys.readouterr().err


def test_a_reader_that_goes_away_early_ends_the_program_quietly(asked, monkeypatch, tmp_path):
    class Gone(io.TextIOWrapper):
        def write(self, *_: str) -> int:
            raise BrokenPipeError

    with (tmp_path / "pipe").open("wb") as file:
        monkeypatch.setattr(sys, "stdout", Gone(file))
        assert main([*asked, "--lang", "en"]) == 2
        sys.stdout.detach()


def test_every_form_is_written_into_one_directory(asked, tmp_path):
    answered = sla_check([*asked, "--all", str(tmp_path / "out")])
    assert answered.code == 0
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == sorted(line.rsplit(os.sep, 1)[1] for line in answered.out.splitlines())
    assert {"2026-10.json", "2026-10.html", "2026-10.pdf", "2026-10.txt", "2026-10.xlsx"} <= set(written)


def test_only_a_pdf_is_signed(asked, tmp_path):
    answered = sla_check([*asked, "--format", "json", "--sign", str(tmp_path / "none.p12")])
    assert (answered.code, answered.err.startswith("--sign")) == (2, True)


def test_a_certificate_that_is_not_there_is_said(asked, tmp_path):
    answered = sla_check([*asked, "--format", "pdf", "--sign", str(tmp_path / "none.p12")])
    assert (answered.code, "none.p12" in answered.err) == (2, True)


def test_a_file_that_cannot_be_read_is_said(asked, tmp_path):
    answered = sla_check([*asked[:4], "--evidence", str(tmp_path)])
    assert (answered.code, str(tmp_path) in answered.err) == (2, True)


def test_verify_is_a_program_of_its_own(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--help"])
    assert ended.value.code == 0
    assert "--heads HEADS" in capsys.readouterr().out


def test_the_module_is_the_program(asked, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["sla-check", *asked, "--lang", "en"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("sla.cli", run_name="__main__")
    assert ended.value.code == 0
    assert "ZH-1" in capsys.readouterr().out


def test_a_ledger_is_judged_as_it_is_now(asked, ledger):
    by_ledger = sla_check([*asked[:4], "--ledger", str(ledger), "--format", "json"])
    assert by_ledger.result["obligations"][0]["value"] == 1.0
    assert by_ledger.result["as_of"] > "2026-11"


def test_a_report_of_a_ledger_names_its_head(asked, ledger):
    said = sla_check([*asked[:4], "--ledger", str(ledger), "--lang", "en"]).out
    head = LedgerView.open(ledger).head
    assert str(head) in said.replace("\n", "")


def test_a_ledger_that_cannot_be_read_to_its_end_is_refused(asked, ledger, monkeypatch):
    def evidence(_view):
        raise LedgerError("entry 3 is not what its hash says")

    monkeypatch.setattr(LedgerView, "evidence", evidence)
    answered = sla_check([*asked[:4], "--ledger", str(ledger)])
    assert (answered.code, answered.err) == (2, "entry 3 is not what its hash says\n")
