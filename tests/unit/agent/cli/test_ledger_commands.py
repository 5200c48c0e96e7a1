"""Commands that look after the ledger, in this process and without an agent: real files, real SQLite."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from agent.__main__ import main
from agent.cli.export import VERIFIER
from agent.state_dir import STATUS_FILE
from sla.evidence.instants import parse_instant
from sla.evidence.records import Asset, Check, Diagnosed, Reading
from sla.ledger import Entry, Ledger, LedgerView, Stamp
from sla.ledger.place import FILE

FIRST = parse_instant("2026-08-10T00:00:00+08:00")
HOUR = 3_600_000


def stamp(hours: float) -> Stamp:
    ms = round(hours * HOUR)
    return Stamp(wall_ms=FIRST + ms, boot_ms=ms, boot_id="b", synced=True, error_ms=0)


@pytest.fixture
def state(tmp_path):
    """A ledger with a camera that was seen each minute for a day, in August."""
    folder = tmp_path / "state"
    ledger = Ledger.open(folder, site="zhanhe", software="test 1")
    records = (Asset(id="cam-1", kind="camera"), Check(id="cam-1/tcp", asset="cam-1", interval_ms=60_000))
    readings = [Reading(check="cam-1/tcp", at=FIRST + n * 60_000, outcome="ok") for n in range(24 * 60)]
    ledger.commit(stamp(24), entries=[Entry.of(each, actor="agent") for each in records], readings=readings)
    ledger.close(stamp(24))
    return folder


@pytest.fixture
def run(state, capsys):
    """Runs a command on that ledger: its exit code, what it printed, and what it complained of."""

    def command(*words: str, state_dir=state) -> tuple[int, str, str]:
        code = main([*words, *(["--state", str(state_dir)] if state_dir else []), "--lang", "en"])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def entries(state, kind: str) -> list:
    view = LedgerView.open(state)
    try:
        return [entry.body for entry in view.entries((kind,))]
    finally:
        view.close()


def head(state) -> tuple[int, str]:
    view = LedgerView.open(state)
    try:
        return view.head.seq, view.head.hash
    finally:
        view.close()


def sha256(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# export


def test_everything_is_printed_as_evidence_one_record_a_line(run):
    code, out, _ = run("export")
    assert code == 0
    records = [json.loads(line) for line in out.splitlines()]
    assert [each["type"] for each in records[:2]] == ["asset", "check"]
    assert sum(each["type"] == "reading" for each in records) == 24 * 60


def test_an_export_can_be_cut_the_beginning_included_and_the_end_not(run):
    code, out, _ = run("export", "--from", "2026-08-10T01:00:00+08:00", "--to", "2026-08-10T01:03:00+08:00")
    readings = [each for line in out.splitlines() if (each := json.loads(line))["type"] == "reading"]
    assert code == 0
    assert [each["at"] for each in readings] == [f"2026-08-09T17:0{n}:00Z" for n in range(3)]


def test_what_was_exported_can_be_imported_elsewhere(run, tmp_path):
    _, out, _ = run("export")
    other = tmp_path / "other"
    Ledger.open(other, site="zhanhe", software="test 1").close(stamp(30))
    file = tmp_path / "all.jsonl"
    file.write_text(out, encoding="utf-8")
    code, printed, _ = run("import", str(file), state_dir=other)
    assert code == 0
    assert f"{len(out.splitlines())} records" in printed
    _, again, _ = run("export", state_dir=other)
    assert unstamped(again) == unstamped(out), "the stamps are the other ledger's own"


def unstamped(lines):
    stamps = {"recorded_at", "recorded_elsewhere_at"}
    records = [json.loads(each) for each in lines.splitlines()]
    return sorted(str({key: each for key, each in record.items() if key not in stamps}) for record in records)


def test_a_bundle_has_the_verifier_beside_it_and_is_on_record(run, state, tmp_path):
    bundle = tmp_path / "b.zip"
    code, out, _ = run("export", "--bundle", str(bundle))
    assert code == 0
    with ZipFile(bundle) as found:
        assert found.testzip() is None
    verifier = tmp_path / VERIFIER
    assert f"SHA-256 of {verifier}: {sha256(verifier)}" in out
    (noted,) = entries(state, "bundle")
    assert (noted["file"], noted["sha256"]) == ("b.zip", sha256(bundle))
    assert "/" not in noted["file"], "directories may tell more than they should"


def test_a_bundle_after_a_head_is_of_what_follows(run, state, tmp_path):
    seq, digest = head(state)
    whole, rest = tmp_path / "whole.zip", tmp_path / "rest.zip"
    assert run("export", "--bundle", str(whole))[0] == 0
    assert run("export", "--bundle", str(rest), "--after", f"{seq} {digest}")[0] == 0
    assert rest.stat().st_size < whole.stat().st_size


@pytest.mark.parametrize("after", ["", "x", "12", "12 abc", "1 " + "a" * 64 + " and 2 " + "b" * 64])
def test_what_is_no_head_is_refused(run, tmp_path, after):
    code, _, err = run("export", "--bundle", str(tmp_path / "b.zip"), "--after", after)
    assert code == 2
    assert "wanted a head" in err
    assert not (tmp_path / "b.zip").exists()


# backup and restore


def test_a_backup_is_a_ledger_of_its_own_and_is_on_record(run, state, tmp_path):
    copy = tmp_path / "copy.db"
    seq, digest = head(state)
    code, out, _ = run("backup", str(copy))
    assert code == 0
    assert f"{copy}: entries up to {seq}, {digest}" in out
    (noted,) = entries(state, "backup")
    assert noted == {"file": "copy.db", "sha256": sha256(copy), "head": {"seq": seq, "hash": digest}}


def test_a_backup_is_restored_and_what_was_there_is_kept(run, state, tmp_path):
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    run("record", "diagnosed", "x1", "cam-1", "--at", "2026-08-12T09:00:00+08:00")
    (state / STATUS_FILE).write_text("{}", encoding="utf-8")
    seq, digest = head(state)
    code, out, _ = run("restore", str(copy))
    assert code == 0
    assert f"its last entry was {seq}, {digest}" in out
    assert entries(state, "diagnosed") == []
    (noted,) = entries(state, "restore")
    assert (state / noted["kept"]["file"]).exists()
    assert not (state / STATUS_FILE).exists(), "it named a head that was given up knowingly"
    assert run("ledger", "check")[0] == 0


def test_a_backup_is_restored_where_there_is_nothing(run, tmp_path):
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    fresh = tmp_path / "fresh"
    code, out, _ = run("restore", str(copy), state_dir=fresh)
    assert (code, "What was there" in out) == (0, False)
    assert head(fresh)[0] > 0


def test_a_file_that_is_no_backup_changes_nothing(run, state, tmp_path):
    before = head(state)
    (tmp_path / "junk.db").write_bytes(b"junk" * 1_000)
    code, _, err = run("restore", str(tmp_path / "junk.db"))
    assert code == 2
    assert "junk.db" in err
    assert head(state) == before


# ledger stats, compact, check, name


def test_how_much_there_is_for_people_and_for_programs(run, state):
    code, out, _ = run("ledger", "stats")
    assert code == 0
    assert "Site zhanhe: " in out
    assert "1440 readings" in out
    code, out, _ = run("ledger", "stats", "--json")
    found = json.loads(out)
    assert (found["site"], found["head"]["seq"]) == ("zhanhe", head(state)[0])
    assert found["plain_readings"] + found["sealed_readings"] == 1440


def test_what_is_due_is_sealed_now_and_then_there_is_nothing_more(run):
    _, first, _ = run("ledger", "compact")
    count, _, words = first.partition(" ")
    assert int(count) >= 1
    assert words == "blocks sealed\n"
    assert run("ledger", "compact")[1] == "0 blocks sealed\n"
    assert "in 0 sealed blocks" not in run("ledger", "stats")[1]


def test_a_ledger_that_was_touched_is_found_out(run, state):
    assert run("ledger", "check")[0] == 0
    data = (state / FILE).read_bytes()
    place = data.find(b"camera")
    assert place > 0
    (state / FILE).write_bytes(data[:place] + b"camara" + data[place + 6 :])
    code, out, err = run("ledger", "check")
    assert code in (1, 2)
    assert "what is on disk is not what was written" in out
    assert err


def test_a_file_is_put_on_record_with_its_hash(run, state, tmp_path):
    report = tmp_path / "report.pdf"
    report.write_bytes(b"%PDF-1.7")
    code, out, _ = run("ledger", "name", str(report))
    assert code == 0
    (noted,) = entries(state, "report")
    assert noted == {"file": "report.pdf", "sha256": sha256(report)}
    assert f"ledger entry {head(state)[0]}" in out


@pytest.mark.parametrize("words", [("ledger", "name"), ("ledger", "name", "/nonexistent.pdf")])
def test_without_a_file_there_is_nothing_to_put_on_record(run, state, words):
    before = head(state)
    code, _, err = run(*words)
    assert code == 2
    assert err
    assert head(state) == before


# seal and countersign


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "vendor.pem"
    path.touch(0o600)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    return path


def test_a_month_is_sealed_signed_with_a_key_and_put_on_record(run, state, tmp_path, key):
    code, text, _ = run("seal", "2026-08")
    assert code == 0
    assert run("seal", "2026-08")[1] == text, "the same text however often it is asked for"
    note = tmp_path / "seal.txt"
    note.write_text(text, encoding="utf-8")
    code, out, _ = run("countersign", str(note), "--key", str(key), "--name", "zhanhe/vendor", state_dir=None)
    assert code == 0
    verification = out.splitlines()[-1]
    code, out, _ = run("seal", "2026-08", "--signed", str(note), "--key", verification, "--by", "李")
    assert code == 0
    assert "2026-08 signed by vendor" in out
    assert run("seal", "2026-08", "--on-paper", "--party", "customer", "--by", "甲")[0] == 0
    found = entries(state, "countersigned")
    assert [(each["party"], each["how"], each["by"]) for each in found] == [
        ("vendor", "ed25519", "李"),
        ("customer", "paper", "甲"),
    ]


def test_a_signature_by_another_key_is_refused(run, state, tmp_path, key):
    note = tmp_path / "seal.txt"
    note.write_text(run("seal", "2026-08")[1], encoding="utf-8")
    run("countersign", str(note), "--key", str(key), "--name", "zhanhe/vendor", state_dir=None)
    before = head(state)
    code, _, err = run("seal", "2026-08", "--signed", str(note), "--key", "zhanhe/vendor+00000000+AA==")
    assert code == 2
    assert err
    assert head(state) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("seal", "2026-13"), "month"),
        (("seal", "2999-01"), "not over yet"),
        (("seal", "2026-08", "--on-paper"), "seal it first"),
        (("seal", "2026-08", "--signed", "/nonexistent.txt"), "/nonexistent.txt"),
    ],
)
def test_what_cannot_be_sealed_or_signed_is_refused(run, state, words, why):
    before = head(state)
    code, _, err = run(*words)
    assert code == 2
    assert why in err
    assert head(state) == before


@pytest.mark.parametrize("name", ["has space", "plus+sign"])
def test_a_signer_s_name_that_would_break_the_note_is_refused_and_the_file_stays(run, tmp_path, key, name):
    note = tmp_path / "seal.txt"
    note.write_text("text\n", encoding="utf-8")
    code, _, err = run("countersign", str(note), "--key", str(key), "--name", name, state_dir=None)
    assert code == 2
    assert str(key) in err
    assert note.read_text(encoding="utf-8") == "text\n"


# records from files and the standard input


def test_what_is_imported_twice_is_there_once(run, state, tmp_path):
    file = tmp_path / "rounds.jsonl"
    record = {"type": "diagnosed", "id": "x1", "asset": "cam-1", "at": "2026-08-12T09:00:00+08:00", "by": "王"}
    file.write_text("\ufeff" + json.dumps(record, ensure_ascii=False) + "\n\n", encoding="utf-8")
    assert run("import", str(file))[0] == 0
    assert run("import", str(file))[0] == 0
    view = LedgerView.open(state)
    assert len(view.evidence().of(Diagnosed)) == 1
    view.close()


def test_the_standard_input_is_taken_as_a_file(run, state, monkeypatch):
    record = {"type": "diagnosed", "id": "x1", "asset": "cam-1", "at": "2026-08-12T09:00:00+08:00", "by": "王"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(record) + "\n"))
    assert run("import", "-")[0] == 0
    assert [each["id"] for each in entries(state, "diagnosed")] == ["x1"]


def test_a_file_with_one_bad_line_is_refused_whole(run, state, tmp_path):
    good = {"type": "diagnosed", "id": "x1", "asset": "cam-1", "at": "2026-08-12T09:00:00+08:00", "by": "王"}
    file = tmp_path / "rounds.jsonl"
    file.write_text(json.dumps(good) + '\n{"type": "riddle"}\n', encoding="utf-8")
    before = head(state)
    code, out, err = run("import", str(file))
    assert (code, out) == (2, "")
    assert f"{file}:2: " in err
    assert "Nothing of it was taken." in err
    assert head(state) == before


@pytest.mark.parametrize(
    "words",
    [
        ("export",),
        ("backup", "copy.db"),
        ("ledger", "stats"),
        ("ledger", "compact"),
        ("ledger", "check"),
        ("seal", "2026-08"),
        ("record", "arrived", "cam-1/tcp"),
    ],
)
def test_where_there_is_no_ledger_nothing_is_made(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    code, _, err = run(*words, state_dir=nowhere)
    assert code == 2
    assert err
    assert list(nowhere.iterdir()) == []
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_of_the_state_directory_answers_like_the_original(run, state, tmp_path):
    other = tmp_path / "copy"
    shutil.copytree(state, other)
    assert run("ledger", "stats")[1] == run("ledger", "stats", state_dir=other)[1]
