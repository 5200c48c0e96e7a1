"""Retention: the oldest slots go first, whole, and the chain says of which batches nothing is missing."""

from __future__ import annotations

import pytest

from sla.evidence.records import Reading
from sla.ledger import Ledger, LedgerView, Stamp
from sla.ledger.check import check_ledger
from sla.ledger.retention import erasable_slots, erase_slots
from sla.ledger.schema import SLOT_MS

MINUTE = 60_000
FIRST = 82_908
BEGIN = FIRST * SLOT_MS
CHECKS = ("a/icmp", "b/tcp")


def stamp(at):
    return Stamp(wall_ms=at, boot_ms=at - BEGIN, boot_id="b")


@pytest.fixture
def ledger(tmp_path):
    """Three slots of two checks, a reading an hour, all sealed."""
    found = Ledger.open(tmp_path, site="s", software="t")
    for hour in range(18):
        at = BEGIN + hour * 60 * MINUTE
        found.commit(stamp(at), readings=[Reading(check=check, at=at, outcome="ok") for check in CHECKS])
    found.seal_due(stamp(BEGIN + 5 * SLOT_MS))
    yield found
    found.close(stamp(BEGIN + 6 * SLOT_MS))


def erasable(ledger, before, limit=10):
    return [slot - FIRST for slot in erasable_slots(ledger._database.conn, before, limit)]


@pytest.mark.parametrize(
    ("before", "slots"),
    [
        (BEGIN, []),
        (BEGIN + SLOT_MS - 1, []),
        (BEGIN + SLOT_MS, [0]),
        (BEGIN + 2 * SLOT_MS + 5, [0, 1]),
        (BEGIN + 9 * SLOT_MS, [0, 1, 2]),
    ],
)
def test_a_slot_may_go_once_it_has_ended_by_then(ledger, before, slots):
    assert erasable(ledger, before) == slots


def test_no_more_slots_go_than_are_asked_for(ledger):
    assert erasable(ledger, BEGIN + 9 * SLOT_MS, limit=2) == [0, 1]
    assert erasable(ledger, BEGIN + 9 * SLOT_MS, limit=0) == []


def test_what_was_erased_cannot_be_erased_again(ledger):
    assert ledger.erase(stamp(BEGIN + 5 * SLOT_MS), BEGIN + SLOT_MS) == 1
    assert erasable(ledger, BEGIN + 9 * SLOT_MS) == [1, 2]
    assert ledger.erase(stamp(BEGIN + 5 * SLOT_MS), BEGIN + SLOT_MS) == 0
    assert len(list(ledger.entries(["retention"]))) == 1


def test_the_chain_says_from_which_batch_on_every_reading_is_there(ledger):
    ledger.erase(stamp(BEGIN + 5 * SLOT_MS), BEGIN + 2 * SLOT_MS)
    (entry,) = ledger.entries(["retention"])
    assert entry.body == {"first_batch_kept": 12, "from_ms": BEGIN, "to_ms": BEGIN + 2 * SLOT_MS}


def test_summaries_stay_and_readings_go(ledger, tmp_path):
    before = ledger.evidence().readings.runs("a/icmp", 61 * MINUTE, BEGIN + 9 * SLOT_MS)
    ledger.erase(stamp(BEGIN + 5 * SLOT_MS), BEGIN + 2 * SLOT_MS)
    found = ledger.evidence().readings
    assert found.runs("a/icmp", 61 * MINUTE, BEGIN + 9 * SLOT_MS) == before
    assert [each.at for each in found.samples("a/icmp", 0, 1 << 50)] == [
        BEGIN + hour * 60 * MINUTE for hour in range(12, 18)
    ]
    view = LedgerView.open(tmp_path)
    assert view.stats()["blocks"] == 6
    view.close()
    assert check_ledger(tmp_path).problems == []


def test_readings_of_a_sealed_month_can_be_given_up_and_the_seal_stays(ledger, tmp_path):
    text = ledger.seal_month(stamp(BEGIN + 5 * SLOT_MS), "2026-10")
    ledger.erase(stamp(BEGIN + 5 * SLOT_MS), BEGIN + 9 * SLOT_MS)
    assert ledger.seal_month(stamp(BEGIN + 5 * SLOT_MS), "2026-10") == text
    assert check_ledger(tmp_path).problems == []


def test_payloads_that_hold_nothing_give_up_nothing(ledger):
    with ledger._database.atomic():
        body = erase_slots(ledger._database.conn, [FIRST - 3, FIRST - 2])
    assert body == {"first_batch_kept": 0, "from_ms": BEGIN - 3 * SLOT_MS, "to_ms": BEGIN - SLOT_MS}
