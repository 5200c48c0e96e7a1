"""The verifier's own parts: heads in any text, the tree, and what it says in two languages."""

from __future__ import annotations

import ast
import hashlib
import string
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sla.ledger.verifier as program
from sla.ledger.verifier import (
    CHANGED,
    PROVEN,
    TEXTS,
    UNCOMPARED,
    UNREADABLE,
    Damaged,
    Tree,
    Verified,
    _entry,
    heads_in,
    instant,
    main,
    verify,
)

HASH = "0123456789abcdef" * 4


def test_it_needs_nothing_but_the_standard_library():
    tree = ast.parse(Path(program.__file__).read_text(encoding="utf-8"))
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "text",
    [
        f"4711 {HASH}",
        f"head 4711 {HASH}",
        f"ledger entry 4711, {HASH}",
        f"台账第 4711 条，{HASH}",
        f"写入时的台账：第 4711 条，{HASH}",
        f'"seq": 4711, "hash": "{HASH}"'.replace('"seq": ', "").replace(', "hash": ', " hash "),
        f"4711 | {HASH.upper()} |",
        f"4711：“{HASH}”",
        f"on 2026-10-01 at 08:00 we were at 4711 {HASH}.",
    ],
)
def test_a_head_is_found_however_a_message_puts_it(text):
    assert heads_in(text) == [(4711, HASH)]


@pytest.mark.parametrize(
    "text",
    [
        HASH,
        f"entry {HASH}",
        f"4711 {HASH[:-1]}",
        f"4711 {HASH}0",
        f"4711{HASH}",
        f"8:4711 {HASH}",
        f"-4711 {HASH}",
        f"v4711 {HASH}",
        f"{'9' * 16} {HASH}",
        f"4711 and then much else before it {HASH}",
        "",
    ],
)
def test_what_is_no_head_is_not_taken_for_one(text):
    assert heads_in(text) == []


@given(st.lists(st.tuples(st.integers(0, 10**15 - 1), st.text("0123456789abcdef", min_size=64, max_size=64))))
def test_every_head_of_a_text_is_found_in_order(heads):
    text = "".join(f"Ledger at the time of writing: entry {seq}, {digest}\n" for seq, digest in heads)
    assert heads_in(text) == heads


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.integers(0, 40))
def test_another_leaf_anywhere_is_another_root(leaves, place):
    def root(found):
        tree = Tree()
        for each in found:
            tree.add(each)
        return tree.root()

    assert root(leaves) == root(list(leaves))
    assert root([*leaves, bytes(32)]) != root(leaves)
    if leaves:
        changed = list(leaves)
        changed[place % len(leaves)] = hashlib.sha256(changed[place % len(leaves)]).digest()
        assert root(changed) != root(leaves)


@pytest.mark.parametrize("key", TEXTS)
def test_every_message_has_the_same_places_in_both_languages(key):
    english, chinese = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in TEXTS[key])
    assert english == chinese


def test_the_exit_code_follows_what_was_found():
    found = Verified()
    assert (found.verdict, found.text("en").splitlines()[-1][:10]) == (UNCOMPARED, "NOT PROVEN")
    found.proven_seq = 7
    assert (found.verdict, found.text("zh").splitlines()[-1][:4]) == (PROVEN, "已证实：")
    found.note("used", count=1, seqs="7")
    assert found.verdict == PROVEN
    found.problem("boot", seq=3)
    assert (found.verdict, found.text("en").splitlines()[-1]) == (CHANGED, "CHANGED: 1 findings")
    assert found.text("en").splitlines()[:2] == [
        "heads of yours that were compared: 1 (entries 7)",
        "entry 3: the clock since boot goes back",
    ]


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "1970-01-01T00:00:00Z"), (999, "1970-01-01T00:00:00Z"), (1_790_812_800_123, "2026-10-01T00:00:00Z")],
)
def test_an_instant_is_shown_to_the_second(ms, text):
    assert instant(ms) == text


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"body":{},"wall_ms":1}', ""),
        (b'{"wall_ms":1,"body":{}}', "canonical"),
        (b'{"body":{},"wall_ms":1.0}', "entry"),
        (b'{"body": {},"wall_ms":1}', "canonical"),
        (b'{"body":[],"wall_ms":1}', "entry"),
        (b'{"body":{}}', "KeyError"),
        (b"[]", "TypeError"),
        (b"{", "JSONDecodeError"),
        (b'{"a":1,"a":1}', "canonical"),
        (b'{"body":{},"wall_ms":1,"x":"\xff"}', "Unicode"),
    ],
)
def test_only_the_one_form_of_an_entry_is_an_entry(line, why):
    if not why:
        assert _entry(line, 5) == {"body": {}, "wall_ms": 1}
        return
    with pytest.raises(Damaged) as caught:
        _entry(line, 5)
    assert caught.value.args[0] == "line"
    assert why in caught.value.args[1]["why"]


def test_a_name_mistyped_is_no_tampering(tmp_path, capsys):
    assert main([str(tmp_path / "none.zip")]) == UNREADABLE
    assert capsys.readouterr().err == f"{tmp_path / 'none.zip'}: No such file or directory\n"
    (tmp_path / "b.zip").write_bytes(b"no zip at all")
    assert main([str(tmp_path / "b.zip"), "--heads", str(tmp_path / "none.txt")]) == UNREADABLE


def test_what_is_no_bundle_is_no_proof(tmp_path, capsys):
    (tmp_path / "b.zip").write_bytes(b"no zip at all")
    assert main([str(tmp_path / "b.zip"), "--lang", "en"]) == CHANGED
    assert capsys.readouterr().out.splitlines() == [
        "cannot be read as a bundle: BadZipFile: File is not a zip file",
        "CHANGED: 1 findings",
    ]


def test_two_heads_of_one_entry_show_two_ledgers(tmp_path):
    (tmp_path / "b.zip").write_bytes(b"")
    heads = [(5, HASH), (5, HASH[::-1]), (6, HASH), (6, HASH)]
    assert [key for key, _ in verify(str(tmp_path / "b.zip"), heads).problems] == ["split", "unreadable"]
