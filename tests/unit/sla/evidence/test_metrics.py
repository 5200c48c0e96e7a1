"""Metrics of readings (docs/obligations.md §1) from an evidence file and from the ledger's blocks: the same numbers."""

from __future__ import annotations

import json
from random import Random

import numpy as np
import pytest

from sla.evidence.lines import read_lines
from sla.evidence.listed import ListedReadings
from sla.evidence.metrics import MetricReading, MetricReadings, covered, worst_at_each_instant
from sla.evidence.records import Asset, Check, Reading
from sla.ledger import Entry, Ledger, LedgerError, LedgerView, Stamp
from sla.ledger.schema import SLOT_MS
from tests.support.timelines import json_lines

CHECK = Check(id="a/icmp", asset="a", interval_ms=60_000, severity="major")
START = 500_000 * SLOT_MS
DAY = 4 * SLOT_MS


def stamp(at):
    return Stamp(wall_ms=at, boot_ms=at, boot_id="b", synced=True, error_ms=0)


def said(random, at):
    outcome = random.choice(("ok", "ok", "ok", "fail", "none"))
    metrics = random.choice((
        {}, {"rtt_ms": random.randint(0, 50)}, {"rtt_ms": random.randint(0, 50_000) / 1000, "loss_ratio": 0.0},
        {"rtt_ms": random.random()}, {"loss_ratio": 0.25}, {"rtt_ms": -0.0}, {"rtt_ms": 10**12},
    ))  # fmt: skip
    extra = random.choice(({}, {}, {"note": "x"}))
    return Reading(
        check="a/icmp", at=at, outcome=outcome, reason="r" if outcome == "fail" else "", metrics=metrics, extra=extra
    )


def world(seed=1, step=60_000, days=1):
    random = Random(seed)
    return [said(random, at + random.randint(0, 900)) for at in range(START, START + days * DAY, step)]


def stored(tmp_path, readings, seal_after=0):
    ledger = Ledger.open(tmp_path, site="s", software="t")
    entries = [Entry.of(Asset(id="a", kind="link"), actor="t"), Entry.of(CHECK, actor="t")]
    ledger.commit(stamp(START), entries=entries, readings=readings)
    ledger.seal_due(stamp(START + seal_after))
    return ledger


def told(found):
    return [(look.at, look.ok, look.value) for look in found.each()]


def plainly(readings, name, begin, end):
    """What one would write without any thought of speed."""
    rows = [
        (each.at, each.outcome == "ok", None if name not in each.metrics else float(each.metrics[name]))
        for each in readings
        if each.outcome != "none" and begin <= each.at < end
    ]
    return sorted(rows, key=lambda row: row[:2])


SPANS = [
    (START, START + DAY),
    (START + 7, START + 90_000),
    (START + SLOT_MS - 1, START + 2 * SLOT_MS + 1),
    (0, START),
    (START + 5, START + 5),
]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The same readings from a strictly and a quickly read file, and from ledgers sealed not at all, by half, wholly."""
    lines = [b'{"type": "asset", "id": "a", "kind": "link"}\n', *json_lines([CHECK, *world()])]
    slow = [json.dumps(dict(reversed(json.loads(line).items()))).encode() + b"\n" for line in lines]
    ledgers = [stored(tmp_path_factory.mktemp("l"), world(), after) for after in (0, 2 * SLOT_MS + 700_000, 2 * DAY)]
    found = [read_lines(lines, "e"), read_lines(slow, "e"), *(ledger.evidence() for ledger in ledgers)]
    yield [each.readings for each in found]
    for ledger in ledgers:
        ledger.close(stamp(START + 3 * DAY))


@pytest.mark.parametrize("name", ["rtt_ms", "loss_ratio", "none_such"])
@pytest.mark.parametrize("span", SPANS)
def test_files_and_ledgers_give_the_readings_as_they_were_said(sources, name, span):
    wanted = plainly(world(), name, *span)
    for source in sources:
        assert told(source.metric("a/icmp", name, *span)) == wanted


def test_readings_that_came_after_their_slot_was_sealed_are_among_them(tmp_path):
    first, later = world()[::2], world()[1::2]
    ledger = stored(tmp_path, first, 2 * DAY)
    ledger.commit(stamp(START + 2 * DAY), readings=later)
    wanted = plainly([*first, *later], "rtt_ms", 0, START + DAY)
    assert told(ledger.evidence().readings.metric("a/icmp", "rtt_ms", 0, START + DAY)) == wanted
    ledger.seal_due(stamp(START + 3 * DAY))  # now in two parts
    assert told(ledger.evidence().readings.metric("a/icmp", "rtt_ms", 0, START + DAY)) == wanted
    ledger.close(stamp(START + 3 * DAY))


def test_what_retention_gave_up_is_asked_for_in_vain_and_never_silently(tmp_path):
    ledger = stored(tmp_path, world(), 2 * DAY)
    ledger.erase(stamp(START + 2 * DAY), START + SLOT_MS)
    source = ledger.evidence().readings
    with pytest.raises(LedgerError, match="given up by retention"):
        source.metric("a/icmp", "rtt_ms", START, START + DAY)
    assert len(source.metric("a/icmp", "rtt_ms", START + SLOT_MS, START + DAY).ats) > 0
    ledger.close(stamp(START + 2 * DAY))


def test_a_check_without_any_reading_has_none(tmp_path):
    ledger = stored(tmp_path, [])
    assert told(ledger.evidence().readings.metric("a/icmp", "rtt_ms", 0, 10**15)) == []
    ledger.close(stamp(START))
    assert told(LedgerView.open(tmp_path).evidence().readings.metric("other", "rtt_ms", 0, 10**15)) == []
    assert told(ListedReadings().metric("a/icmp", "rtt_ms", 0, 10**15)) == []


def test_names_of_metrics_are_taken_as_they_are():
    line = '{"type": "reading", "check": "c", "at": "2026-10-01T00:00:00Z", "outcome": "ok", "metrics": {"rtt.ms": 1, "rttxms": 2, "丢包": 3}}\n'
    lines = [
        b'{"type": "asset", "id": "a", "kind": "link"}\n',
        b'{"type": "check", "id": "c", "asset": "a", "interval_s": 60, "severity": "major"}\n',
        line.encode(),
    ]
    source = read_lines(lines, "e").readings
    assert [source.metric("c", name, 0, 10**15).values.tolist() for name in ("rtt.ms", "丢包", "ms")][:2] == [
        [1.0],
        [3.0],
    ]
    assert np.isnan(source.metric("c", "ms", 0, 10**15).values).all()


# -- looks and coverage ------------------------------------------------------------------------------


def test_one_look_an_instant_fail_first_then_the_worst():
    found = MetricReadings.of(
        [
            (1, True, 5),
            (1, True, 9),
            (2, True, None),
            (2, True, 4),
            (3, False, None),
            (3, True, 50),
            (4, True, -7),
            (4, True, 3),
        ]
    )
    largest = worst_at_each_instant(found, 1, absolute=False)
    assert told(largest) == [(1, True, 9), (2, True, 4), (3, False, None), (4, True, 3)]
    assert told(worst_at_each_instant(found, -1, absolute=False)) == [
        (1, True, 5),
        (2, True, 4),
        (3, False, None),
        (4, True, -7),
    ]
    assert told(worst_at_each_instant(found, 1, absolute=True))[-1] == MetricReading(4, True, 7)


def test_covered_time_lies_between_neighbours_of_which_one_carries_the_metric():
    found = MetricReadings.of(
        [(0, True, 1), (10, True, None), (20, True, None), (30, True, 1), (61, True, 1), (70, True, 1)]
    )
    assert covered(found, 30) == [(0, 10), (20, 30), (61, 70)]
    assert covered(found, 31) == [(0, 10), (20, 70)]
    assert covered(MetricReadings.of([(0, True, 1)]), 30) == []
    assert covered(MetricReadings.of([]), 30) == []
