"""The text of a month's seal, which both parties sign: origin, size, root, and the head at that size."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

import pytest

from sla.ledger import Ledger, LedgerView
from sla.ledger.schema import FILE
from sla.ledger.seals import MONTH_SEAL, checkpoint, tree_root
from sla.ledger.verifier import Tree, heads_in
from tests.faults.forger import SITE, make_ledger, stamp


@pytest.fixture
def folder(tmp_path):
    make_ledger(tmp_path / "state")
    return tmp_path / "state"


@pytest.fixture
def connection(folder):
    with closing(sqlite3.connect(folder / FILE)) as found:
        yield found


def hashes(folder):
    view = LedgerView.open(folder)
    found = [bytes.fromhex(each.hash) for each in view.entries()]
    view.close()
    return found


def test_the_root_is_that_of_a_tree_over_all_entries(folder, connection):
    tree = Tree()
    for digest in hashes(folder):
        tree.add(digest)
    assert tree_root(connection) == tree.root()
    assert tree.size == len(hashes(folder))


def test_the_text_has_five_lines_of_which_the_last_is_empty(folder, connection):
    seal = {"month": "2026-10", "size": 9, "root": "ab" * 32}
    assert checkpoint(connection, SITE, seal).split("\n") == [
        "sla-ledger/1/zhanhe/2026-10",
        "9",
        base64.b64encode(b"\xab" * 32).decode(),
        f"head 9 {hashes(folder)[8].hex()}",
        "",
    ]


def test_a_seal_of_more_entries_than_there_are_names_no_head(connection):
    text = checkpoint(connection, SITE, {"month": "2026-10", "size": 10**6, "root": "00" * 32})
    assert text.splitlines()[:2] == ["sla-ledger/1/zhanhe/2026-10", "1000000"]
    assert heads_in(text) == []


def test_whoever_keeps_the_text_keeps_a_head(folder):
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    before = ledger.head
    text = ledger.seal_month(stamp(30), "2026-10")
    assert heads_in(text) == [(before.seq, before.hash)]
    (entry,) = ledger.entries([MONTH_SEAL])
    assert (entry.seq, entry.body["size"]) == (before.seq + 1, before.seq)
    ledger.close(stamp(31))


def test_each_month_is_sealed_over_all_that_was_before_it(folder):
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    texts = [ledger.seal_month(stamp(30 + n), month) for n, month in enumerate(("2026-10", "2026-11", "2026-12"))]
    sizes = [int(text.splitlines()[1]) for text in texts]
    assert sizes == [sizes[0], sizes[0] + 1, sizes[0] + 2]
    assert len({text.splitlines()[2] for text in texts}) == 3
    assert [ledger.seal_month(stamp(40), month) for month in ("2026-10", "2026-11", "2026-12")] == texts
    ledger.close(stamp(50))
