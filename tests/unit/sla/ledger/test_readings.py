"""Readings as the ledger has them: blocks, plain rows and both together answer as one plain list would."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.evidence.intervals import BEGINNING, END
from sla.evidence.listed import ListedReadings
from sla.evidence.records import Reading
from sla.evidence.runs import Runs
from sla.ledger import Ledger, LedgerError, Stamp
from sla.ledger.schema import SLOT_MS

MINUTE = 60_000
FIRST = 82_908
BEGIN = FIRST * SLOT_MS
FOREVER = 1 << 50


def stamp(at):
    return Stamp(wall_ms=at, boot_ms=at - BEGIN, boot_id="b")


def reading(minute, outcome="ok", check="a/icmp", **more):
    return Reading(check=check, at=BEGIN + minute * MINUTE, outcome=outcome, **more)


def kept(folder, *groups, sealed=True):
    """A ledger that took these groups of readings; after each, all slots so far are sealed (or none)."""
    ledger = Ledger.open(folder, site="s", software="t")
    for group in groups:
        ledger.commit(stamp(BEGIN), readings=group)
        if sealed:
            ledger.seal_due(stamp(BEGIN + 9 * SLOT_MS))
    return ledger


def plain(*groups):
    source = ListedReadings()
    for group in groups:
        for each in group:
            source.add(each)
    return source


def same(ledger, source, *, gaps=(MINUTE, 2 * MINUTE, 500 * MINUTE), checks=("a/icmp",)):
    stored = ledger.evidence().readings
    for check in checks:
        assert list(stored.samples(check, 0, FOREVER, FOREVER)) == list(source.samples(check, 0, FOREVER))
        for gap in gaps:
            for until in (BEGIN, BEGIN + 100 * MINUTE, BEGIN + SLOT_MS, FOREVER):
                for span in ((BEGINNING, END), (BEGIN + 50 * MINUTE, BEGIN + 400 * MINUTE)):
                    assert stored.runs(check, gap, until, *span) == source.runs(check, gap, until, *span)


@pytest.fixture
def closing():
    opened = []
    yield lambda ledger: opened.append(ledger) or ledger
    for each in opened:
        each.close(stamp(BEGIN + 10 * SLOT_MS))


STEADY = [reading(minute) for minute in range(720)]
FLAPPING = [reading(minute, "fail" if minute % 7 < 2 else "ok", reason="timeout") for minute in range(400)]
HOLES = [reading(minute) for minute in range(800) if minute % 100 < 60]
SILENT = [reading(minute, "none", reason="no uplink") for minute in range(30)]


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("group", [[], STEADY, FLAPPING, HOLES, SILENT, STEADY[:1]], ids=len)
def test_sealed_or_not_readings_answer_the_same(tmp_path, closing, group, sealed):
    same(closing(kept(tmp_path, group, sealed=sealed)), plain(group))


def test_readings_that_came_after_their_slot_was_sealed_are_among_them(tmp_path, closing):
    first, later = FLAPPING[::2], FLAPPING[1::2]
    same(closing(kept(tmp_path, first, later)), plain(first, later))


def test_plain_rows_go_on_where_blocks_end(tmp_path, closing):
    ledger = closing(kept(tmp_path, STEADY[:360]))
    ledger.commit(stamp(BEGIN), readings=STEADY[360:500])
    same(ledger, plain(STEADY[:500]))
    assert (
        ledger.evidence().readings.runs("a/icmp", MINUTE, FOREVER, BEGINNING, END).runs[0].last
        == BEGIN + 499 * MINUTE
    )


def test_a_slot_is_cut_where_judging_ends_within_it(tmp_path, closing):
    stored = closing(kept(tmp_path, STEADY)).evidence().readings
    for minute in (0, 1, 359, 360, 400):
        (run,) = stored.runs("a/icmp", MINUTE, BEGIN + minute * MINUTE, BEGINNING, END).runs
        assert (run.first, run.last) == (BEGIN, BEGIN + minute * MINUTE)
    assert stored.runs("a/icmp", MINUTE, BEGIN - 1, BEGINNING, END) == Runs(MINUTE, (), ())


def test_a_gap_shorter_than_a_blocks_own_asks_for_its_readings(tmp_path, closing):
    stored = closing(kept(tmp_path, HOLES)).evidence().readings
    assert len(stored.runs("a/icmp", 40 * MINUTE, FOREVER, BEGINNING, END).runs) == 8
    assert len(stored.runs("a/icmp", 41 * MINUTE, FOREVER, BEGINNING, END).runs) == 1


def test_samples_of_a_span_are_half_open(tmp_path, closing):
    stored = closing(kept(tmp_path, STEADY)).evidence().readings
    found = [each.at for each in stored.samples("a/icmp", BEGIN + 359 * MINUTE, BEGIN + 361 * MINUTE, FOREVER)]
    assert found == [BEGIN + 359 * MINUTE, BEGIN + 360 * MINUTE]
    assert list(stored.samples("a/icmp", BEGIN + 5, BEGIN + 5, FOREVER)) == []


def test_what_a_reading_said_comes_back_whole(tmp_path, closing):
    group = [
        reading(0, metrics={"rtt_ms": 0.12345, "n": 1}),
        reading(1, "fail", reason="断线", extra={"note": {"a": [1]}}),
        reading(2, metrics={"名": -0.5}, extra={"x": None}),
    ]
    for folder, sealed in (("plain", False), ("sealed", True)):
        ledger = closing(kept(tmp_path / folder, group, sealed=sealed))
        assert list(ledger.evidence().readings.samples("a/icmp", 0, FOREVER, FOREVER)) == group


def test_a_check_that_was_never_read_has_nothing(tmp_path, closing):
    stored = closing(kept(tmp_path, STEADY[:5])).evidence().readings
    assert stored.number_of("b/tcp") is None
    assert list(stored.samples("b/tcp", 0, FOREVER, FOREVER)) == []
    assert stored.runs("b/tcp", MINUTE, FOREVER, BEGINNING, END) == Runs(MINUTE, (), ())
    assert stored.metric("b/tcp", "rtt_ms", 0, FOREVER, FOREVER).ats.tolist() == []
    assert stored.checks() == ["a/icmp"]


def test_the_latest_instant_is_that_of_blocks_and_rows_together(tmp_path, closing):
    ledger = closing(kept(tmp_path, STEADY[:10]))
    assert ledger.evidence().readings.latest_at() == BEGIN + 9 * MINUTE
    ledger.commit(stamp(BEGIN), readings=[reading(800, "none")])
    assert ledger.evidence().readings.latest_at() == BEGIN + 800 * MINUTE
    assert closing(kept(tmp_path / "empty")).evidence().readings.latest_at() is None


def test_what_retention_gave_up_is_asked_for_in_vain_and_never_silently(tmp_path, closing):
    ledger = closing(kept(tmp_path, FLAPPING, [reading(1, check="b/tcp")]))
    ledger.erase(stamp(BEGIN + 9 * SLOT_MS), BEGIN + 9 * SLOT_MS)
    stored = ledger.evidence().readings
    assert len(stored.runs("a/icmp", 500 * MINUTE, FOREVER, BEGINNING, END).fails) == sum(
        each.outcome == "fail" for each in FLAPPING
    )
    with pytest.raises(LedgerError) as caught:
        stored.runs("a/icmp", 500 * MINUTE, BEGIN + 50 * MINUTE, BEGINNING, END)
    assert str(caught.value) == (
        "readings of a/icmp of 2026-10-01 were given up by retention, and judging asks for them; judge a copy"
    )
    assert caught.value.text("zh") == "a/icmp 在 2026-10-01 的读数已按保存期限删除，而判定需要它们；请用副本判定"


outcomes = st.sampled_from(["ok", "ok", "ok", "fail", "none"])
groups = st.lists(
    st.lists(st.tuples(st.integers(0, 1_100), outcomes, st.sampled_from(["a/icmp", "b/tcp"])), max_size=40),
    min_size=1,
    max_size=4,
)


@given(groups, st.lists(st.booleans(), min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_however_sealed_the_ledger_answers_as_a_plain_list(found, sealing):
    with tempfile.TemporaryDirectory() as made:  # one for each example
        said = [[reading(minute, outcome, check) for minute, outcome, check in group] for group in found]
        distinct = {repr(each): each for group in said for each in group}.values()
        ledger = Ledger.open(Path(made), site="s", software="t")
        for group, is_sealed in zip(said, sealing, strict=False):
            ledger.commit(stamp(BEGIN), readings=group)
            if is_sealed:
                ledger.seal_due(stamp(BEGIN + 9 * SLOT_MS))
        same(ledger, plain(distinct), checks=("a/icmp", "b/tcp"))
        ledger.close(stamp(BEGIN + 10 * SLOT_MS))
