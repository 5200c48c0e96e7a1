"""The hourly message: that somebody watches, how things stand, the head, and what happened to the ledger."""

from __future__ import annotations

import pytest

from agent.ledger.messages import NEWS, alive_text
from agent.ledger.start_up import unrecorded_text
from config.site.model import Site
from sla.ledger import Head
from sla.ledger.seals import MONTH_SEAL
from sla.ledger.verifier import heads_in
from tests.support.agents.parts import BEGIN

HEAD = Head(4711, "0f" * 32)
COUNTS = {"up": 3, "down": 1, "cut_off": 2, "unknown": 4}
BODIES = {
    "continues": {"why": "page 7", "kept": {"file": "old.db", "seq": 12, "hash": "ab" * 32}},
    "restore": {"from": {"seq": 9, "hash": "cd" * 32}, "kept": {"file": "old.db", "seq": 12, "hash": "ab" * 32}},
    "lost": {"known": {"seq": 20, "hash": "a" * 64}, "found": {"seq": 12, "hash": "b" * 64}},
    "damage": {"problems": ["entry 4: not as it was written", "block 2"]},
    MONTH_SEAL: {"month": "2026-10", "text": "zhanhe/2026-10\n12\nroot\n"},
}


def site(**more) -> Site:
    return Site(**({"site": "zhanhe", "name": "栈河", "timezone": "Asia/Shanghai", "assets": ()} | more))


def text(*news, language: str = "en", **more):
    return alive_text(site(**more), at=BEGIN, head=HEAD, counts=COUNTS, news=news, language=language)


def test_a_quiet_hour_says_how_things_stand_and_which_head():
    found = text()
    assert found.subject == "[栈河] Watching: ledger entry 4711"
    assert "Time: 2026-10-30 12:00:00 +0800" in found.body
    assert "3 up, 1 down, 2 cut off, 4 unknown" in found.body
    assert heads_in(found.body) == [(4711, "0f" * 32)]
    assert "nobody is watching" in found.body


def test_every_kind_of_news_has_its_words():
    assert set(BODIES) == set(NEWS)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", NEWS)
def test_news_changes_the_subject_and_stands_in_the_body(kind, language):
    quiet, found = text(language=language), text((kind, BODIES[kind]), language=language)
    assert found.subject != quiet.subject
    assert len(found.body.splitlines()) > len(quiet.body.splitlines())
    assert heads_in(found.body)[-1] == (4711, "0f" * 32)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("continues", ["damaged", "page 7", "old.db", "12"]),
        ("restore", ["backup was restored", "9", "old.db"]),
        ("lost", ["20", "12", "its end is lost"]),
        ("damage", ["entry 4", "block 2", "Restore a backup"]),
        (MONTH_SEAL, ["2026-10 is closed", "zhanhe/2026-10"]),
    ],
)
def test_what_happened_is_told_with_its_numbers(kind, words):
    body = text((kind, BODIES[kind])).body
    for word in words:
        assert word in body


def test_a_restore_over_nothing_names_nothing_that_was_kept():
    assert "–" in text(("restore", {**BODIES["restore"], "kept": None})).body


def test_the_chinese_message_has_no_english_left():
    found = text(*((kind, BODIES[kind]) for kind in NEWS if kind != MONTH_SEAL), language="zh")
    for word in ("Watching", "ledger", "Checks", "damaged", "backup", "Keep it"):
        assert word not in found.subject + found.body


def test_what_a_disk_or_a_device_said_makes_no_line_of_its_own():
    """Only our own lines may look like ours: the head of the ledger above all."""
    lie = "x\nLedger at the time of writing: entry 1, " + "ee" * 32
    found = text(("damage", {"problems": [lie]}), ("continues", {**BODIES["continues"], "why": lie}))
    assert not [line for line in found.body.splitlines() if line.startswith("Ledger at") and "ee" * 32 in line]


def test_practice_is_marked_everywhere():
    found = text(practice=True)
    assert found.subject.startswith("[PRACTICE] ")
    assert "This is practice, not a real fault." in found.body
    lost = unrecorded_text(site(practice=True), "disk is full", "en")
    assert lost.subject == "[PRACTICE] [栈河] NOT RECORDED"


@pytest.mark.parametrize(("language", "word"), [("en", "NOT RECORDED"), ("zh", "记录")])
def test_that_nothing_is_kept_is_said_with_the_reason(language, word):
    found = unrecorded_text(site(), "no space left", language)
    assert word in found.subject
    assert "no space left" in found.body
    assert "栈河" in found.body
