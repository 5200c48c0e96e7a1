"""The ledger's runs, however sealed and cut, are those of the plain readings."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.evidence.listed import ListedReadings
from sla.evidence.records import Reading
from sla.ledger import Ledger, Stamp
from sla.ledger.schema import SLOT_MS

MINUTE = 60_000


def stamp(at: int) -> Stamp:
    return Stamp(wall_ms=at, boot_ms=at, boot_id="b")


moments = st.integers(0, 3 * SLOT_MS // MINUTE).map(lambda minutes: minutes * MINUTE)
reading = st.builds(
    Reading,
    check=st.sampled_from(["a/icmp", "b/tcp"]),
    at=moments,
    outcome=st.sampled_from(["ok", "ok", "ok", "fail", "none"]),
    reason=st.sampled_from(["", "timeout"]),
    metrics=st.sampled_from([{}, {"rtt_ms": 1.25}, {"rtt_ms": 7, "loss_ratio": 0.1}]),
)
batches = st.lists(st.tuples(st.lists(reading, max_size=25), st.sampled_from([None, 1, 2, 4])), max_size=5)


@given(batches, st.integers(1, 200).map(lambda minutes: minutes * MINUTE), moments)
@settings(max_examples=100, deadline=None)
def test_runs_from_blocks_and_rows_equal_runs_from_plain_readings(taken, gap, until):
    plain = ListedReadings()
    known = set()
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger.open(Path(folder), site="s", software="t")
        for readings, seal_until in taken:
            ledger.commit(stamp(0), readings=readings)
            for each in readings:
                if repr(each) not in known:
                    known.add(repr(each))
                    plain.add(each)
            if seal_until is not None:
                ledger.seal_due(stamp(seal_until * SLOT_MS + 700_000))
        source = ledger.evidence().readings
        for check in ("a/icmp", "b/tcp"):
            assert source.runs(check, gap, until) == plain.runs(check, gap, until)
            found, wanted = source.samples(check, 0, until), plain.samples(check, 0, until)
            assert sorted(map(repr, found)) == sorted(map(repr, wanted))
        ledger.close(stamp(0))
