"""Readings on their way in: each once, in the batch that is open, and back again when a commit fails."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.evidence.records import Reading
from sla.ledger import Ledger, LedgerView, Stamp
from sla.ledger.schema import FILE
from sla.ledger.store import BATCH_MS

MINUTE = 60_000


def stamp(at):
    return Stamp(wall_ms=at, boot_ms=at, boot_id="b")


def reading(at, check="a/icmp", outcome="ok", **more):
    return Reading(check=check, at=at, outcome=outcome, **more)


@pytest.fixture
def ledger(tmp_path):
    found = Ledger.open(tmp_path, site="s", software="t")
    yield found
    found.close(stamp(10**9))


def rows(folder):
    with closing(sqlite3.connect(folder / FILE)) as connection:
        query = (
            "SELECT id, at, outcome, batch, reason, metrics FROM readings JOIN checks ON no = check_no ORDER BY at"
        )
        return connection.execute(query).fetchall()


def test_a_row_holds_what_the_reading_said(tmp_path, ledger):
    ledger.commit(
        stamp(0),
        readings=[
            reading(5, metrics={"rtt_ms": 0.25}),
            reading(6, outcome="fail", reason="timeout"),
            reading(7, "b/tcp", "none", reason="no uplink", extra={"note": [1]}),
            reading(8, metrics={"名": 1}, extra={"x": None}),
        ],
    )
    assert rows(tmp_path) == [
        ("a/icmp", 5, 1, 0, "", '{"rtt_ms":0.25}'),
        ("a/icmp", 6, 0, 0, "timeout", ""),
        ("b/tcp", 7, 2, 0, "no uplink", '[{},{"note":[1]}]'),
        ("a/icmp", 8, 1, 0, "", '[{"名":1},{"x":null}]'),
    ]


def test_a_number_that_is_none_is_refused_before_anything_is_stored(tmp_path, ledger):
    with pytest.raises(ValueError, match="JSON compliant"):
        ledger.commit(stamp(0), readings=[reading(5), reading(6, metrics={"rtt_ms": float("nan")})])
    assert rows(tmp_path) == []
    ledger.commit(stamp(1), readings=[reading(5)])
    assert len(rows(tmp_path)) == 1


def test_the_same_instant_may_say_several_things_each_once(tmp_path, ledger):
    said = [reading(5), reading(5, outcome="fail"), reading(5, reason="x"), reading(5, metrics={"a": 1}), reading(5)]
    ledger.commit(stamp(0), readings=said)
    ledger.commit(stamp(1), readings=said)
    assert len(rows(tmp_path)) == 4


def test_a_batch_closes_with_the_first_commit_a_minute_after_it_began(ledger):
    for at in (0, BATCH_MS - 1, BATCH_MS, 3 * BATCH_MS):
        ledger.commit(stamp(at), readings=[reading(at)])
    assert [each.body["count"] for each in ledger.entries(["readings"])] == [2, 1]
    assert [each.body["batch"] for each in ledger.entries(["readings"])] == [0, 1]


def test_a_wall_clock_that_goes_back_closes_the_batch_too(ledger):
    ledger.commit(stamp(10 * MINUTE), readings=[reading(1)])
    ledger.commit(stamp(9 * MINUTE), readings=[reading(2)])
    assert [each.body["count"] for each in ledger.entries(["readings"])] == [1]


def test_a_commit_without_readings_leaves_no_batch(ledger):
    for at in (0, BATCH_MS, 5 * BATCH_MS):
        ledger.commit(stamp(at))
    assert list(ledger.entries(["readings"])) == []


def test_a_reading_older_than_any_is_taken_once(tmp_path, ledger):
    ledger.commit(stamp(0), readings=[reading(100)])
    for _ in range(2):
        ledger.commit(stamp(1), readings=[reading(50), reading(50), reading(-5)])
    assert [row[1] for row in rows(tmp_path)] == [-5, 50, 100]


def test_the_open_batch_goes_on_after_a_restart(tmp_path):
    ledger = Ledger.open(tmp_path, site="s", software="t")
    ledger.commit(stamp(0), readings=[reading(1)])
    ledger._database.close()  # as if killed
    os.close(ledger._lock)
    again = Ledger.open(tmp_path, site="s", software="t")
    again.commit(stamp(2), readings=[reading(2)])
    again.close(stamp(3))
    view = LedgerView.open(tmp_path)
    assert [each.body["count"] for each in view.entries(["readings"])] == [2]
    view.close()


instants = st.integers(0, 20)
groups = st.lists(
    st.lists(
        st.builds(
            Reading,
            check=st.sampled_from(["a/icmp", "b/tcp"]),
            at=instants,
            outcome=st.sampled_from(["ok", "fail", "none"]),
            reason=st.sampled_from(["", "timeout"]),
            metrics=st.sampled_from([{}, {"rtt_ms": 1.5}]),
            extra=st.sampled_from([{}, {"x": 1}]),
        ),
        max_size=6,
    ),
    max_size=5,
)


@given(groups, st.data())
@settings(max_examples=40, deadline=None)
def test_however_readings_come_in_each_is_kept_once_and_chained_once(found, data):
    with tempfile.TemporaryDirectory() as made:  # one for each example
        folder = Path(made)
        ledger = Ledger.open(folder, site="s", software="t")
        at = 0
        for group in [*found, *found]:
            ledger.commit(stamp(at), readings=group)
            at += data.draw(st.sampled_from([1, MINUTE]))
            if data.draw(st.booleans()):
                ledger.close(stamp(at))
                ledger = Ledger.open(folder, site="s", software="t")
        ledger.close(stamp(at))
        distinct = {repr(each): each for group in found for each in group}.values()
        view = LedgerView.open(folder)
        source = view.evidence().readings
        kept = [each for check in ("a/icmp", "b/tcp") for each in source.samples(check, 0, 100)]
        assert sorted(map(repr, kept)) == sorted(map(repr, distinct))
        assert sum(each.body["count"] for each in view.entries(["readings"])) == len(distinct)
        view.close()
