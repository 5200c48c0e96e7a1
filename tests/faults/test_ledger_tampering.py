"""Eighteen ways to touch a ledger: each shows against a head that the other party kept; six do not without."""

from __future__ import annotations

import hashlib
import json
import random
import shutil

import pytest

from sla.ledger import Entry, Ledger, LedgerView
from sla.ledger.bundle import write_bundle
from sla.ledger.check import check_ledger
from sla.ledger.schema import FILE
from sla.ledger.verifier import CHANGED, PROVEN, UNCOMPARED, heads_in, verify
from tests.faults.forger import BEGIN, MINUTE, Forger, make_ledger, stamp

MIDDLE = 10


def edited(forger):
    (data,) = forger.connection.execute("SELECT data FROM entries WHERE seq = 4").fetchone()
    return data.replace(b'"interval_s":60', b'"interval_s":90').replace("王".encode(), "李".encode())


def edit_body(forger):
    forger.connection.execute("UPDATE entries SET data = ? WHERE seq = 4", (edited(forger),))


def edit_body_and_hash(forger):
    digest = hashlib.sha256(edited(forger)).digest()
    forger.connection.execute("UPDATE entries SET data = ?, hash = ? WHERE seq = 4", (edited(forger), digest))


def delete_row(forger):
    forger.connection.execute("DELETE FROM entries WHERE seq = ?", (MIDDLE,))


def swap_rows(forger):
    a, b = (forger.connection.execute("SELECT data FROM entries WHERE seq = ?", (n,)).fetchone()[0] for n in (9, 10))
    forger.connection.execute("UPDATE entries SET data = ? WHERE seq = 9", (b,))
    forger.connection.execute("UPDATE entries SET data = ? WHERE seq = 10", (a,))


def insert_and_rechain(forger):
    forger.rechain([*forger.entries[:MIDDLE], dict(forger.entries[4]), *forger.entries[MIDDLE:]])


def cut_tail(forger):
    kept = forger.entries[:-6]
    forger.connection.execute("DELETE FROM entries WHERE seq > ?", (len(kept),))
    newest = max(entry["body"]["batch"] for entry in kept if entry["kind"] == "readings")
    forger.connection.execute("DELETE FROM readings WHERE batch > ?", (newest,))


def cut_one(forger):
    forger.connection.execute("DELETE FROM entries WHERE seq = ?", (len(forger.entries),))


def edit_and_rechain(forger):
    claim = next(entry for entry in forger.entries if entry["kind"] == "claim")
    claim["body"]["cause"] = "customer"
    forger.rechain(forger.entries)


def delete_and_rechain(forger):
    forger.rechain([entry for entry in forger.entries if entry["body"].get("id") != "c5"])


def rewind_clock(forger):
    for entry in forger.entries[-5:]:
        entry["wall_ms"] -= 3_600_000
    forger.rechain(forger.entries)


def change_contract_and_back(forger):
    for entry in forger.entries[8:10]:
        entry["contract"] = "d" * 64
    forger.rechain(forger.entries)


def replace_readings(forger):
    forger.connection.execute("UPDATE readings SET outcome = 1 WHERE outcome = 0")


def without_readings(forger):
    forger.connection.execute("DELETE FROM readings WHERE outcome = 0")


def another_site(forger):
    for entry in forger.entries[8:]:
        entry["site"] = "elsewhere"
    forger.rechain(forger.entries)


SHOWN_BY_THE_CHAIN_ALONE = {
    "1 edit a body": edit_body,
    "2 edit a body and its own hash": edit_body_and_hash,
    "3 delete a middle row": delete_row,
    "4 swap two rows": swap_rows,
    "13 rewind the clock": rewind_clock,
    "15 replace readings, hash kept": replace_readings,
    "15b leave readings out": without_readings,
    "paste entries of another site": another_site,
}
SHOWN_BY_A_HEAD_ONLY = {
    "6 cut the tail": cut_tail,
    "7 cut one row": cut_one,
    "8 edit and chain anew, heads dropped": edit_and_rechain,
    "9 edit and chain anew, with the host's key": edit_and_rechain,
    "10 delete and chain anew": delete_and_rechain,
    "12 another key and chained anew": edit_and_rechain,
}


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "state", make_ledger(tmp_path / "state")


def bundle_after(folder, tmp_path, forge=None):
    if forge is not None:
        forger = Forger(folder)
        forge(forger)
        forger.done()
    target = tmp_path / "bundle.zip"
    write_bundle(folder, target)
    return str(target)


def test_an_untouched_ledger_is_proven_up_to_the_last_head(ledger, tmp_path):
    folder, heads = ledger
    findings = verify(bundle_after(folder, tmp_path), heads)
    assert findings.verdict == PROVEN, findings.text("en")
    assert findings.proven_seq == heads[-1][0]
    assert ("readings", {"count": 40, "batches": 20}) in findings.notes


def test_without_a_head_of_ones_own_nothing_is_proven(ledger, tmp_path):
    folder, _ = ledger
    assert verify(bundle_after(folder, tmp_path), []).verdict == UNCOMPARED


@pytest.mark.parametrize("forge", SHOWN_BY_THE_CHAIN_ALONE.values(), ids=SHOWN_BY_THE_CHAIN_ALONE)
def test_a_clumsy_tampering_shows_with_and_without_heads(ledger, tmp_path, forge):
    folder, heads = ledger
    bundle = bundle_after(folder, tmp_path, forge)
    assert verify(bundle, heads).verdict == CHANGED
    assert verify(bundle, []).verdict == CHANGED


@pytest.mark.parametrize("forge", SHOWN_BY_A_HEAD_ONLY.values(), ids=SHOWN_BY_A_HEAD_ONLY)
def test_a_careful_tampering_shows_only_against_a_head_that_the_other_party_kept(ledger, tmp_path, forge):
    folder, heads = ledger
    bundle = bundle_after(folder, tmp_path, forge)
    assert verify(bundle, heads).verdict == CHANGED
    assert verify(bundle, []).verdict == UNCOMPARED  # what a key on the same machine would be worth


def test_5_an_entry_put_in_and_chained_anew_shows(ledger, tmp_path):
    folder, heads = ledger
    assert verify(bundle_after(folder, tmp_path, insert_and_rechain), heads).verdict == CHANGED


def test_11_an_older_backup_shows_only_against_a_later_head(tmp_path):
    folder = tmp_path / "state"
    make_ledger(folder, minutes=8)
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    (folder / FILE).unlink()
    heads = make_ledger(folder)
    bundle = bundle_after(old, tmp_path)
    assert verify(bundle, heads).verdict == CHANGED
    assert verify(bundle, []).verdict == UNCOMPARED


def test_14_two_ledgers_shown_to_two_parties_show_when_they_compare_their_heads(ledger, tmp_path):
    folder, heads = ledger
    others = make_ledger(tmp_path / "other", contract_hash="e" * 64)
    findings = verify(bundle_after(folder, tmp_path), [*heads, *others])
    assert ("split", others[0][0]) in {(key, values.get("seq")) for key, values in findings.problems}


def test_16_a_contract_changed_and_changed_back_is_told(ledger, tmp_path):
    folder, _ = ledger
    findings = verify(bundle_after(folder, tmp_path, change_contract_and_back), [])
    assert [values["contract"][0] for key, values in findings.notes if key == "origin"] == ["c", "d", "c"]


def test_17_a_report_that_is_not_the_one_in_the_ledger_shows(ledger, tmp_path):
    folder, _ = ledger
    report = tmp_path / "report.html"
    report.write_text("应付 100.00", encoding="utf-8")
    opened = Ledger.open(folder, site="zhanhe", software="1.0")
    digest = hashlib.sha256(report.read_bytes()).hexdigest()
    head = opened.commit(stamp(30), entries=[Entry(kind="report", body={"sha256": digest}, actor="agent")])
    opened.close(stamp(30))
    bundle = bundle_after(folder, tmp_path)
    assert verify(bundle, [(head.seq, head.hash)], [str(report)]).verdict == PROVEN
    report.write_text("应付 900.00", encoding="utf-8")
    assert verify(bundle, [(head.seq, head.hash)], [str(report)]).verdict == CHANGED


def test_a_line_written_differently_with_the_same_meaning_shows(ledger, tmp_path):
    folder, heads = ledger

    def respell(forger):
        data = json.dumps(forger.entries[4], ensure_ascii=False).encode()  # spaces, another order of keys
        forger.connection.execute("UPDATE entries SET data = ? WHERE seq = 5", (data,))

    assert verify(bundle_after(folder, tmp_path, respell), heads).verdict == CHANGED


@pytest.mark.parametrize("flips", [pytest.param(300), pytest.param(10_000, marks=pytest.mark.faults)])
def test_18_a_flipped_bit_in_a_bundle_is_found_or_changes_nothing(ledger, tmp_path, flips):
    folder, heads = ledger
    bundle = tmp_path / "bundle.zip"
    write_bundle(folder, bundle)
    good = bundle.read_bytes()
    untouched = verify(str(bundle), heads).text("en")
    chance = random.Random(7)
    for _ in range(flips):
        place, bit = chance.randrange(len(good)), chance.randrange(8)
        bundle.write_bytes(good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :])
        findings = verify(str(bundle), heads)
        assert findings.verdict == CHANGED or findings.text("en") == untouched, (place, bit)


@pytest.mark.parametrize("flips", [pytest.param(300), pytest.param(10_000, marks=pytest.mark.faults)])
def test_18_a_flipped_bit_in_the_database_is_found_or_changes_nothing(ledger, tmp_path, flips):
    """Found by the check in place; else neither the entries nor any reading differ."""
    folder, _ = ledger
    opened = Ledger.open(folder, site="zhanhe", software="1.0")
    opened.seal_due(stamp(24 * 60))
    opened.close(stamp(24 * 60))
    path = folder / FILE
    good = path.read_bytes()
    wanted = list(LedgerView.open(folder).export())
    head = check_ledger(path).head
    chance = random.Random(11)
    harmless = 0
    for _ in range(flips):
        place, bit = chance.randrange(len(good)), chance.randrange(8)
        path.write_bytes(good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :])
        found = check_ledger(path)
        if not found.problems:
            harmless += 1
            assert found.head == head, (place, bit)
            assert list(LedgerView.open(folder).export()) == wanted, (place, bit)
    assert harmless < flips  # the control: some flips do hit


def test_the_time_of_a_reading_is_proven_too(ledger, tmp_path):
    folder, heads = ledger

    def later(forger):
        forger.connection.execute("UPDATE readings SET at = at + 1 WHERE at = ?", (BEGIN + 3 * MINUTE + 5,))

    assert verify(bundle_after(folder, tmp_path, later), heads).verdict == CHANGED


HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "text",
    [
        f"Ledger at the time of writing: entry 42, {HASH}",
        f"写信时账本：第 42 条，{HASH}",
        f"写信时账本：第42条，\n{HASH}",
        f'{{"seq": 42, "hash": "{HASH}"}}',
        f'{{"hash":"x","seq":42,"hash":"{HASH.upper()}"}}',
        f"42 {HASH}",
        f"42\t{HASH}\n",
    ],
)
def test_a_head_is_found_however_it_was_kept(text):
    assert heads_in(text) == [(42, HASH)]


@pytest.mark.parametrize(
    "text",
    [
        f"SHA-256 of sla-verifier.py: {HASH}",
        f"SHA-256: {HASH}",
        f"Undelivered: 0\nSite file {HASH}",
        f"2026-10-01 {HASH}",
        f"12:30:05 {HASH}",
        f"entry 42, {HASH}0",
        f"entry 42, {HASH[:-1]}",
    ],
)
def test_another_hash_is_taken_for_no_head(text):
    assert heads_in(text) == []
