"""Slots into blocks, months into roots, and what retention gives up."""

from __future__ import annotations

import base64
import hashlib

import pytest

from sla.evidence.records import Reading
from sla.ledger import Ledger, LedgerError, LedgerView
from sla.ledger.bundle import write_bundle
from sla.ledger.check import check_ledger
from sla.ledger.schema import SLOT_MS
from sla.ledger.verifier import CHANGED, PROVEN, Tree, heads_in, verify
from tests.faults.forger import BEGIN, MINUTE, SITE, Forger, make_ledger, stamp

LATER = 60 * 24


@pytest.fixture
def folder(tmp_path):
    make_ledger(tmp_path / "state")
    return tmp_path / "state"


def opened(folder):
    return Ledger.open(folder, site=SITE, software="1.0")


def test_sealing_changes_no_reading(folder):
    before = list(LedgerView.open(folder).export())
    ledger = opened(folder)
    assert ledger.seal_due(stamp(LATER)) == 2
    ledger.close(stamp(LATER))
    assert list(LedgerView.open(folder).export()) == before
    assert LedgerView.open(folder).stats()["plain_readings"] == 0


def test_no_more_blocks_are_sealed_at_once_than_asked_for(folder):
    ledger = opened(folder)
    assert [ledger.seal_due(stamp(LATER), limit=1) for _ in range(3)] == [1, 1, 0]
    ledger.close(stamp(LATER))


def test_a_slot_that_may_still_get_readings_is_not_sealed(folder):
    ledger = opened(folder)
    end_of_slot = ((BEGIN // SLOT_MS + 1) * SLOT_MS - BEGIN) // MINUTE
    assert ledger.seal_due(stamp(end_of_slot + 9)) == 0
    assert ledger.seal_due(stamp(end_of_slot + 10)) == 2
    ledger.close(stamp(LATER))


def test_readings_sealed_before_their_batch_was_chained_are_chained_first(folder):
    ledger = opened(folder)
    ledger.commit(stamp(LATER), readings=[Reading(check="a/icmp", at=BEGIN + 77, outcome="ok")])
    ledger.seal_due(stamp(LATER))
    ledger._database.close()  # as if killed
    assert not check_ledger(folder).problems


def test_readings_taken_in_twice_count_once_after_they_were_sealed(folder):
    readings = list(LedgerView.open(folder).evidence().readings.samples("a/icmp", 0, 1 << 50))
    ledger = opened(folder)
    ledger.seal_due(stamp(LATER))
    head = ledger.commit(stamp(LATER), readings=readings)
    assert head == ledger.commit(stamp(LATER + 5), readings=readings)
    ledger.close(stamp(LATER + 9))
    assert list(LedgerView.open(folder).evidence().readings.samples("a/icmp", 0, 1 << 50)) == readings


def test_a_month_is_sealed_once(folder):
    ledger = opened(folder)
    text = ledger.seal_month(stamp(30), "2026-10")
    assert ledger.seal_month(stamp(31), "2026-10") == text
    origin, size, root, head, _ = text.split("\n")
    assert origin == "sla-ledger/1/zhanhe/2026-10"
    hashes = [bytes.fromhex(each.hash) for each in ledger.entries()][: int(size)]
    assert base64.b64decode(root) == slow_root(hashes)
    assert head == f"head {size} {hashes[-1].hex()}"
    assert heads_in(text) == [(int(size), hashes[-1].hex())]
    ledger.close(stamp(32))


def test_a_seal_over_other_entries_shows(folder, tmp_path):
    ledger = opened(folder)
    ledger.seal_month(stamp(30), "2026-10")
    ledger.close(stamp(32))
    forger = Forger(folder)
    forger.entries[5]["actor"] = "x"
    forger.rechain(forger.entries)
    forger.done()
    write_bundle(folder, tmp_path / "b.zip")
    assert [key for key, _ in verify(str(tmp_path / "b.zip"), []).problems] == ["seal"]


def slow_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1 word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashlib.sha256(b"\0" + hashes[0]).digest()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + slow_root(hashes[:k]) + slow_root(hashes[k:])).digest()


@pytest.mark.parametrize("size", range(18))
def test_the_tree_root_is_that_of_rfc_6962(size):
    hashes = [hashlib.sha256(bytes([n])).digest() for n in range(size)]
    tree = Tree()
    for digest in hashes:
        tree.add(digest)
    assert tree.root() == slow_root(hashes).hex()


def test_what_retention_gave_up_is_told_and_the_chain_stays(folder, tmp_path):
    ledger = opened(folder)
    ledger.seal_due(stamp(LATER))
    assert ledger.erase(stamp(LATER + 1), BEGIN + 400 * MINUTE) == 1
    head = ledger.head
    ledger.close(stamp(LATER + 2))
    write_bundle(folder, tmp_path / "b.zip")
    findings = verify(str(tmp_path / "b.zip"), [(head.seq, head.hash)])
    assert findings.verdict == PROVEN, findings.text("en")
    assert ("erased", {"seq": head.seq, "count": 20}) in findings.notes
    assert not check_ledger(folder).problems


def test_readings_that_are_gone_without_an_entry_show(folder, tmp_path):
    ledger = opened(folder)
    ledger.seal_due(stamp(LATER))
    ledger.close(stamp(LATER))
    forger = Forger(folder)
    forger.connection.execute("DELETE FROM payloads")
    forger.done()
    write_bundle(folder, tmp_path / "b.zip")
    assert verify(str(tmp_path / "b.zip"), []).verdict == CHANGED
    assert check_ledger(folder).problems


def test_judging_never_takes_readings_that_were_given_up_for_none(folder):
    ledger = opened(folder)
    ledger.seal_due(stamp(LATER))
    ledger.erase(stamp(LATER + 1), BEGIN + 400 * MINUTE)
    with pytest.raises(LedgerError, match="given up by retention"):
        ledger.evidence().readings.runs("a/icmp", 3 * MINUTE, BEGIN + 5 * MINUTE)
    assert ledger.evidence().readings.runs("a/icmp", 3 * MINUTE, BEGIN + LATER * MINUTE).runs
    ledger.close(stamp(LATER + 2))
