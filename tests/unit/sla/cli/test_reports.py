"""`sla-check` and the forms of a report: where they go, what is refused."""

from __future__ import annotations

import json

import pytest

from sla.cli.options import FORMATS
from sla.cli.program import main
from sla.reports.layout import fonts, typeset
from sla.reports.layout.forms import FORMS
from tests.support.reports.months import EXAMPLE, RICH
from tests.support.timelines import json_lines, records


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    evidence = tmp_path_factory.mktemp("evidence") / "e.jsonl"
    evidence.write_bytes(b"".join(json_lines(records(RICH))))
    return ["--month", "2026-10", "--contract", str(EXAMPLE), "--evidence", str(evidence)]


def test_every_format_is_a_form_or_json():
    assert FORMATS.keys() == FORMS.keys() | {"json"}


def test_all_writes_every_form_into_one_directory(asked, tmp_path, capsys):
    assert main([*asked, "--all", str(tmp_path / "new" / "folder")]) == 1
    found = {path.name: path.read_bytes() for path in (tmp_path / "new" / "folder").iterdir()}
    assert {name.partition(".")[2] for name in found} == {"txt", "json", "html", "pdf", "docx", "xlsx"}
    assert {name.partition(".")[0] for name in found} == {"2026-10"}
    assert found["2026-10.pdf"].startswith(b"%PDF-1.7")
    assert found["2026-10.docx"][:2] == found["2026-10.xlsx"][:2] == b"PK"
    claims = {each["id"]: each["ruling"] for each in json.loads(found["2026-10.json"])["claims"]}
    assert claims["C-17"]["accepted"] is True
    assert claims["C-19"] is None
    assert len(capsys.readouterr().out.splitlines()) == len(FORMATS)


def test_without_fonts_nothing_is_written_and_the_way_out_is_told(asked, tmp_path, capsys, monkeypatch):
    typeset._faces.cache_clear()
    monkeypatch.setattr(fonts, "directories", lambda: ())
    assert main([*asked, "--all", str(tmp_path / "folder")]) == 2
    assert "apt-get install fonts-noto-cjk" in capsys.readouterr().err
    assert not (tmp_path / "folder").exists()
    typeset._faces.cache_clear()


def test_only_a_pdf_can_be_signed(asked, tmp_path, capsys):
    assert main([*asked, "--format", "html", "--sign", str(tmp_path / "c.p12")]) == 2
    assert "--format pdf" in capsys.readouterr().err


def test_a_certificate_that_is_not_there_leaves_no_file(asked, tmp_path, capsys):
    out = tmp_path / "r.pdf"
    assert main([*asked, "--format", "pdf", "--sign", str(tmp_path / "c.p12"), "--output", str(out)]) == 2
    assert "没有文件" in capsys.readouterr().err
    assert not out.exists()


def test_the_head_of_a_ledger_stands_on_the_report(tmp_path, capsys):
    from sla.ledger import Ledger, LedgerView
    from sla.ledger.chain import Entry, Stamp

    stamp = Stamp(wall_ms=1_790_000_000_000, boot_ms=1, boot_id="b")
    state = tmp_path / "state"
    ledger = Ledger.open(state, site="s", software="test")
    definitions = records("asset a camera\ncheck a/x 1h")
    ledger.commit(stamp, entries=[Entry.of(record, actor="test") for record in definitions])
    ledger.close(stamp)
    main(
        ["--month", "2026-10", "--contract", str(EXAMPLE), "--ledger", str(state), "--as-of", "2026-11-01T00:00:00Z"]
    )
    out = capsys.readouterr().out
    assert LedgerView.open(state).head.hash in out
    assert "台账链头" in out
