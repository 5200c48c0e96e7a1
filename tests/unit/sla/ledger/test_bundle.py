"""What is handed to the other party, and the program with which it is verified."""

from __future__ import annotations

import json
import shutil
import zipfile

import pytest

from sla.evidence.file import read_evidence
from sla.evidence.records import Claim
from sla.ledger import Head, LedgerError, LedgerView
from sla.ledger.bundle import evidence_of_bundle, write_bundle
from sla.ledger.verifier import CHANGED, PROVEN, UNCOMPARED, UNREADABLE, main
from tests.faults.forger import Forger, make_ledger


@pytest.fixture
def folder(tmp_path):
    make_ledger(tmp_path / "state")
    return tmp_path / "state"


@pytest.fixture
def heads(folder, tmp_path):
    view = LedgerView.open(folder)
    path = tmp_path / "heads.txt"
    path.write_text(f"entry {view.head.seq}, {view.head.hash}\n")
    view.close()
    return path


def made(folder, tmp_path, **more):
    write_bundle(folder, tmp_path / "b.zip", **more)
    return str(tmp_path / "b.zip")


def test_the_same_ledger_gives_the_same_bundle(folder, tmp_path):
    write_bundle(folder, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()
    write_bundle(folder, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_bundle_replaces_no_file_and_leaves_none_half_written(folder, tmp_path):
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(LedgerError, match="already"):
        made(folder, tmp_path)
    (tmp_path / "b.zip").unlink()
    with pytest.raises(LedgerError, match="no head of this ledger"):
        made(folder, tmp_path, after=Head(3, "0" * 64))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state"]


def test_what_follows_a_head_is_verified_from_there(folder, tmp_path, heads, capsys):
    entry = list(LedgerView.open(folder).entries())[9]
    bundle = made(folder, tmp_path, after=Head(10, entry.hash))
    assert main([bundle, "--heads", str(heads), "--lang", "en"]) == PROVEN
    assert "entries 11 to" in capsys.readouterr().out
    heads.write_text(f"entry 2, {'0' * 64}\n" + heads.read_text())
    assert main([bundle, "--heads", str(heads), "--lang", "en"]) == PROVEN
    assert "from before this bundle begins, not compared: 1" in capsys.readouterr().out


def test_the_evidence_of_a_bundle_is_that_of_its_ledger(folder, tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_text("".join(evidence_of_bundle(tmp_path / "b.zip" if made(folder, tmp_path) else None)))
    found, wanted = read_evidence(path), LedgerView.open(folder).evidence()
    assert {cls: found.of(cls) for cls in found.records} == {cls: wanted.of(cls) for cls in wanted.records}
    assert wanted.of(Claim)
    for check in wanted.readings.checks():
        assert list(found.readings.samples(check, 0, 1 << 50)) == list(wanted.readings.samples(check, 0, 1 << 50))


def test_the_exit_code_tells_the_verdict(folder, tmp_path, heads, capsys):
    bundle = made(folder, tmp_path)
    assert main([bundle, "--heads", str(heads)]) == PROVEN
    assert "已证实" in capsys.readouterr().out
    assert main([bundle]) == UNCOMPARED
    assert main([bundle, "--heads", str(tmp_path / "none.txt")]) == UNREADABLE
    assert "none.txt" in capsys.readouterr().err
    (tmp_path / "no.zip").write_text("no bundle")
    assert main([str(tmp_path / "no.zip"), "--heads", str(heads), "--lang", "en"]) == CHANGED
    assert "cannot be read as a bundle" in capsys.readouterr().out


def rewritten(bundle, **members):
    """The bundle with other members."""
    with zipfile.ZipFile(bundle) as old:
        found = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(bundle, "w") as new:
        for name, data in {**found, **members}.items():
            if data is not None:
                new.writestr(name, data)


def lines_of(bundle, name):
    with zipfile.ZipFile(bundle) as archive:
        return archive.read(name).splitlines(keepends=True)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda lines: [*lines[:-1], lines[-1].rstrip()], "no end of line"),
        (lambda lines: [*lines[:4], b"[]\n", *lines[5:]], "entry 5: not as it was written"),
        (lambda lines: [*lines[:4], b"{\n", *lines[5:]], "entry 5: not as it was written"),
        (lambda lines: [*lines[:4], lines[4].replace(b'"body":{', b'"body":{"id":1,'), *lines[5:]], "canonical"),
        (lambda lines: [*lines[:4], lines[3], *lines[5:]], "entry 5: not as it was written: seq"),
        (lambda lines: lines[:-1], "the bundle says that it ends at"),
    ],
)
def test_entries_that_were_touched_in_the_bundle_show(  # noqa: PLR0917 - fixtures and cases
    folder, tmp_path, heads, capsys, change, finding
):
    bundle = made(folder, tmp_path)
    rewritten(bundle, **{"entries.jsonl": b"".join(change(lines_of(bundle, "entries.jsonl")))})
    assert main([bundle, "--heads", str(heads), "--lang", "en"]) == CHANGED
    assert finding in capsys.readouterr().out


def test_readings_that_were_added_or_named_twice_show(folder, tmp_path, heads, capsys):
    bundle = made(folder, tmp_path)
    readings = lines_of(bundle, "readings.jsonl")
    rewritten(bundle, **{"readings.jsonl": b"".join([*readings, readings[0]])})
    assert main([bundle, "--heads", str(heads), "--lang", "en"]) == CHANGED
    assert "more than the entries say" in capsys.readouterr().out
    about = json.loads(b"".join(lines_of(bundle, "bundle.json")))
    for batches, finding in (([[0, 1], [1, 2]], "twice"), ([[0, 99]], "no such entry"), ([[0, 3]], "missing")):
        content = json.dumps({**about, "batches": batches})
        rewritten(bundle, **{"readings.jsonl": b"".join(readings), "bundle.json": content})
        assert main([bundle, "--heads", str(heads), "--lang", "en"]) == CHANGED
        assert finding in capsys.readouterr().out


def test_a_bundle_that_says_another_beginning_or_form_is_refused(folder, tmp_path, heads, capsys):
    bundle = made(folder, tmp_path)
    about = json.loads(b"".join(lines_of(bundle, "bundle.json")))
    for other in ({"format": "x"}, {"base": {"seq": 0, "hash": "1" * 64}}):
        rewritten(bundle, **{"bundle.json": json.dumps({**about, **other})})
        assert main([bundle, "--heads", str(heads), "--lang", "en"]) == CHANGED
        assert "cannot be read as a bundle: format" in capsys.readouterr().out


def test_a_clock_that_goes_back_wants_an_entry_that_says_so(folder, tmp_path):
    forger = Forger(folder)
    for entry in forger.entries[8:]:
        entry["boot_ms"] -= 10_000_000
    forger.rechain(forger.entries)
    forger.done()
    bundle = made(folder, tmp_path)
    assert main([bundle]) == CHANGED
    shutil.rmtree(folder)
    make_ledger(folder)
    forger = Forger(folder)
    for entry in forger.entries[8:]:
        entry["wall_ms"] -= 3_600_000
    said = {**forger.entries[8], "kind": "agent", "body": {"at": "2026-10-01T00:00:00Z", "event": "clock_step"}}
    forger.rechain([*forger.entries[:9], said, *forger.entries[9:]])
    forger.done()
    write_bundle(folder, tmp_path / "told.zip")
    assert main([str(tmp_path / "told.zip")]) == UNCOMPARED
