"""Reading a ledger: its entries, what it says as evidence, and what of it is exported."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.evidence.instants import format_instant, parse_instant
from sla.evidence.lines import read_lines
from sla.evidence.record_json import record_from_json, record_to_json
from sla.evidence.records import RECORDS, Acknowledged, Asset, Check, Claim, Notified
from sla.history.known import known
from sla.ledger import Entry, Head, Ledger, LedgerDamagedError, LedgerView, Stamp
from sla.ledger.schema import FILE
from sla.ledger.view import stored_records
from tests.support.records_said import AT, EVERYTHING, example

KNOWN = parse_instant(AT)
DEFINITIONS = {"asset", "check"}
WHOLE = {"asset", "check", "maintenance", "claim", "diagnosed", "corrected"}


def stamp(second=0):
    return Stamp(wall_ms=KNOWN + second * 1000, boot_ms=second, boot_id="b")


def keep(folder, *found):
    ledger = Ledger.open(folder, site="s", software="t")
    for second, each in enumerate(found):
        record = record_from_json(each)
        if each["type"] == "reading":
            ledger.commit(stamp(second), readings=[record])
        else:
            ledger.commit(stamp(second), entries=[Entry.of(record, actor="cli")])
    ledger.close(stamp(len(found)))
    return LedgerView.open(folder)


@pytest.fixture
def view(tmp_path):
    found = keep(tmp_path, *EVERYTHING)
    yield found
    found.close()


def exported(view, *span):
    return [json.loads(line) for line in view.export(*span)]


def test_entries_come_in_order_of_these_kinds_and_after_a_number(view):
    everything = list(view.entries())
    assert [each.seq for each in everything] == list(range(1, len(everything) + 1))
    assert [each.kind for each in view.entries(["claim", "ruling"])] == ["claim", "ruling"]
    assert [each.seq for each in view.entries(after_seq=14)] == [15, 16, 17, 18]
    assert list(view.entries(["no such kind"])) == []


def test_an_entry_says_who_and_when_and_keeps_its_very_bytes(view):
    (claim,) = view.entries(["claim"])
    assert (claim.actor, claim.stamp) == ("cli", stamp(EVERYTHING.index(example("claim"))))
    assert {"type": "claim", **claim.body} == example("claim")
    assert json.loads(claim.data)["seq"] == claim.seq


def test_the_head_is_the_last_entry(view):
    last = list(view.entries())[-1]
    assert view.head == Head(last.seq, last.hash)
    assert str(view.head) == f"{last.seq} {last.hash}"
    assert view.site == "s"


def test_a_ledger_without_entries_has_a_head_of_nothing(tmp_path):
    view = keep(tmp_path)
    assert view.head == Head(0, "0" * 64)
    assert list(view.export()) == []
    view.close()


def with_stamps():
    """Everything as the ledger gives it back: each record with the stamp that it was taken in with."""
    return [
        each if each["type"] == "reading" else {**each, "recorded_at": format_instant(KNOWN + second * 1000)}
        for second, each in enumerate(EVERYTHING)
    ]


def test_everything_comes_back_as_evidence_with_the_ledger_s_stamp(view):
    wanted = read_lines([json.dumps(each).encode() for each in with_stamps()], "e")
    found = view.evidence()
    assert {cls: found.of(cls) for cls in found.records} == {cls: wanted.of(cls) for cls in wanted.records}
    assert list(found.readings.samples("cam/icmp", 0, 1 << 50)) == list(
        wanted.readings.samples("cam/icmp", 0, 1 << 50)
    )
    assert found.latest_at() == wanted.latest_at()


def test_every_definition_stays_and_is_exported(tmp_path):
    view = keep(
        tmp_path, example("asset"), example("check"), example("asset", name="门"), example("check", interval_s=30)
    )
    found = view.evidence()
    assert [each.name for each in found.of(Asset)] == ["门口", "门"]
    assert [each.interval_ms for each in found.of(Check)] == [60_000, 30_000]
    assert [each["name"] for each in exported(view) if each["type"] == "asset"] == ["门口", "门"]
    assert known(found, None, KNOWN + 9_000).assets["cam"].latest.name == "门"
    view.close()


def test_records_come_in_the_order_in_which_they_were_taken_in(view, tmp_path):
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        records = [record for _, record in stored_records(connection)]
    assert [each.record_type for each in records] == [
        each["type"] for each in EVERYTHING if each["type"] != "reading"
    ]
    assert len(records) == len(RECORDS) - 1


def test_the_stamp_of_another_ledger_stands_beside_the_ledger_s_own(tmp_path):
    elsewhere = "2026-09-01T00:00:00Z"
    view = keep(tmp_path, example("asset"), example("check"), example("acknowledged", recorded_at=elsewhere))
    (found,) = view.evidence().of(Acknowledged)
    assert (found.recorded_at, found.extra) == (KNOWN + 2_000, {"recorded_elsewhere_at": elsewhere})
    view.close()


def test_an_export_begins_with_what_all_else_points_to(view):
    names = [each["type"] for each in exported(view)]
    assert names == [
        "asset", "check", "maintenance", "claim", "diagnosed", "agent", "notified", "acknowledged", "arrived",
        "ruling", "approved", "inspection", "delivered", "replaced", "scored", "settled", "corrected", "reading",
    ]  # fmt: skip
    assert set(names) == set(RECORDS)


def test_an_export_gives_each_record_as_it_was_said_with_its_stamp(view):
    assert sorted(exported(view), key=str) == sorted(with_stamps(), key=str)


@pytest.mark.parametrize(
    ("begin", "end", "is_inside"),
    [(KNOWN, None, True), (KNOWN + 1, None, False), (None, KNOWN + 1, True), (None, KNOWN, False)],
)
def test_of_a_span_all_else_goes_by_its_instant(view, begin, end, is_inside):
    found = {each["type"] for each in exported(view, begin, end)}
    assert found == (set(RECORDS) if is_inside else WHOLE)


def test_an_export_is_read_back_as_the_same_evidence(view):
    again = read_lines([line.encode() for line in view.export()], "export")
    assert {cls: again.of(cls) for cls in again.records} == {
        cls: view.evidence().of(cls) for cls in view.evidence().records
    }


def test_the_figures_count_what_is_there(view, tmp_path):
    stats = view.stats()
    assert stats == {
        "entries": 18,
        "plain_readings": 1,
        "blocks": 0,
        "sealed_readings": 0,
        "payload_bytes": 0,
        "file_bytes": (tmp_path / FILE).stat().st_size,
    }


def test_a_view_beside_a_writer_sees_what_was_committed_since(tmp_path):
    ledger = Ledger.open(tmp_path, site="s", software="t")
    view = LedgerView.open(tmp_path)
    assert view.head.seq == 0
    ledger.commit(stamp(), entries=[Entry.of(record_from_json(example("asset")), actor="agent")])
    assert view.head == ledger.head
    ledger.close(stamp())
    view.close()


def test_a_view_cannot_write(view):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        view._connection.execute("DELETE FROM readings")


def test_a_file_that_was_overwritten_is_told_as_damage(tmp_path):
    keep(tmp_path, *EVERYTHING).close()
    data = bytearray((tmp_path / FILE).read_bytes())
    data[4096:] = b"\0" * (len(data) - 4096)
    (tmp_path / FILE).write_bytes(data)
    view = LedgerView.open(tmp_path)
    with pytest.raises(LedgerDamagedError, match=r"damaged \("):
        view.evidence()
    view.close()


dated = [each for each in EVERYTHING if each["type"] not in (*DEFINITIONS, "reading")]


@given(st.permutations(dated))
@settings(max_examples=20, deadline=None)
def test_the_order_in_which_records_were_put_on_record_is_of_no_matter(order):
    with tempfile.TemporaryDirectory() as made:  # one for each example
        folder = Path(made)
        view = keep(folder, example("asset"), example("check"), *order)
        found = [{key: each[key] for key in each if key != "recorded_at"} for each in exported(view)]
        assert sorted(found, key=str) == sorted([e for e in EVERYTHING if e["type"] != "reading"], key=str)
        assert len(view.evidence().of(Claim)) == len(view.evidence().of(Notified)) == 1
        view.close()


@given(st.sets(st.sampled_from(sorted(set(RECORDS) - {"reading"}))))
@settings(max_examples=20, deadline=None)
def test_records_committed_at_once_are_all_there_and_chained(kinds):
    with tempfile.TemporaryDirectory() as made:  # one for each example
        folder = Path(made)
        ledger = Ledger.open(folder, site="s", software="t")
        said = [each for each in EVERYTHING if each["type"] in kinds]
        ledger.commit(stamp(), entries=[Entry.of(record_from_json(each), actor="x") for each in said])
        assert [{"type": each.kind, **each.body} for each in ledger.entries()] == said
        assert [record_to_json(record_from_json({"type": e.kind, **e.body})) for e in ledger.entries()] == said
        ledger.close(stamp(1))
