"""The bytes of a ledger are for ever: what was chained, exported and bundled once comes out the same in every version.

The hashes stand here as the version of 2026-11-30 made them. A change of any of them would part a party that kept a
head from the ledger that it kept it of. What is exported has the ledger's stamps since, every definition, and one
`settled` of each party: those hashes are of 2026-12-01.
"""

from __future__ import annotations

import hashlib
import zipfile

import pytest

from sla.evidence.record_json import record_from_json
from sla.evidence.records import Reading
from sla.ledger import Entry, Head, Ledger, LedgerView, Stamp
from sla.ledger.bundle import evidence_of_bundle, write_bundle
from sla.ledger.check import check_ledger

BEGIN = 1_790_812_800_000
HASH = "0123456789abcdef" * 4
SAID = [
    {"type": "asset", "id": "sw", "kind": "switch", "name": "交换机", "tags": ["n"]},
    {"type": "asset", "id": "cam", "kind": "camera", "behind": ["sw"], "behind_any": []},
    {
        "type": "check",
        "id": "cam/icmp",
        "asset": "cam",
        "interval_s": 60,
        "severity": "critical",
        "reach": True,
        "probe": "icmp",
    },
    {"type": "check", "id": "sw/icmp", "asset": "sw", "interval_s": 0.5, "severity": "minor", "counts": False},
    {"type": "agent", "at": "2026-10-01T00:00:00Z", "event": "start", "version": "1", "practice": True},
    {"type": "notified", "check": "cam/icmp", "at": "2026-10-01T01:00:00Z", "channel": "mail"},
    {"type": "acknowledged", "check": "cam/icmp", "at": "2026-10-01T01:10:00Z", "by": "王"},
    {"type": "arrived", "check": "cam/icmp", "at": "2026-10-01T01:20:00Z", "by": "王"},
    {
        "type": "claim",
        "id": "c1",
        "asset": "cam",
        "from": "2026-10-01T00:00:00Z",
        "to": "2026-10-01T09:00:00Z",
        "cause": "power",
        "by": "v",
        "at": "2026-10-02T00:00:00Z",
    },
    {"type": "ruling", "claim": "c1", "accepted": True, "by": "甲", "at": "2026-10-03T00:00:00Z"},
    {
        "type": "maintenance",
        "id": "m1",
        "scope": {"kind": ["camera"]},
        "from": "2026-10-04T00:00:00Z",
        "to": "2026-10-04T09:00:00Z",
        "announced_at": "2026-10-01T00:00:00Z",
        "approved": True,
    },
    {
        "type": "inspection",
        "id": "i1",
        "plan": "P",
        "at": "2026-10-04T00:00:00Z",
        "by": "x",
        "covers": ["cam"],
        "result": "ok",
        "note": {"a": 0.5},
    },
    {
        "type": "delivered",
        "id": "d1",
        "plan": "D1",
        "month": "2026-10",
        "at": "2026-10-05T00:00:00Z",
        "by": "乙",
        "sha256": HASH,
    },
    {"type": "diagnosed", "id": "x1", "asset": "cam", "at": "2026-10-05T00:00:00Z", "by": "王", "part": "电源"},
    {
        "type": "replaced",
        "diagnosis": "x1",
        "at": "2026-10-06T00:00:00Z",
        "by": "王",
        "temporary": True,
        "serial": "S",
    },
    {
        "type": "scored",
        "plan": "M",
        "month": "2026-10",
        "score": "92.5",
        "of": "100",
        "reason": "r",
        "sha256": HASH,
        "at": "2026-10-07T00:00:00Z",
        "by": "甲",
    },
    {
        "type": "settled",
        "month": "2026-09",
        "payable": "1.00",
        "adjustment": "-0.50",
        "at": "2026-10-05T00:00:00Z",
        "by": "b",
    },
    {"type": "asset", "id": "cam", "kind": "camera", "name": "门", "behind": ["sw"], "behind_any": []},
    {"type": "notified", "check": "cam/icmp", "at": "2026-10-01T01:00:00Z", "channel": "mail"},
]
"""One record of each type; an asset that is defined again, and a record that is said again."""


def stamp(minute):
    ms = minute * 60_000
    return Stamp(wall_ms=BEGIN + ms, boot_ms=1_000 + ms, boot_id="b", synced=True, error_ms=3)


def reading(minute, check, **more):
    outcome = "fail" if 100 < minute < 110 else "none" if minute % 97 == 0 else "ok"
    metrics = {"rtt_ms": 0.25 + minute / 7, "n": minute} if outcome == "ok" else {}
    reason = "" if outcome == "ok" else "timeout"
    at = BEGIN + minute * 60_000
    return Reading(check=check, at=at, outcome=outcome, reason=reason, metrics=metrics, **more)


def first_format(said, actor) -> Entry:
    """The entry as that version made it: one `settled` for both parties, no reason of a ruling."""
    found = Entry.of(record_from_json({"party": "customer", **said}), actor=actor)
    new = ("party", "contract", *(("reason",) if found.kind == "ruling" else ()))
    return Entry(kind=found.kind, body={key: each for key, each in found.body.items() if key not in new}, actor=actor)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    folder = tmp_path_factory.mktemp("format") / "state"
    ledger = Ledger.open(folder, site="s", software="t 1", config_hash="f" * 64, contract_hash="c" * 64)
    for n, each in enumerate(SAID):
        ledger.commit(stamp(0), entries=[first_format(each, f"actor {n}")])
    for minute in range(400):
        extra = {"extra": {"x": 1}} if minute % 50 == 1 else {}
        found = [reading(minute, "cam/icmp", **extra), reading(minute, "sw/icmp")]
        ledger.commit(stamp(minute), readings=found)
    ledger.seal_due(stamp(400 + 24 * 60))
    ledger.seal_month(stamp(401 + 24 * 60), "2026-10")
    ledger.close(stamp(402 + 24 * 60))
    return folder


def sha256(parts):
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def test_the_chain_is_the_same(state):
    view = LedgerView.open(state)
    assert view.head == Head(419, "2d3eb594e71336729c8efc8fe144997011dfa3385779e420ed8ed4e75d44130c")
    assert next(view.entries()).hash == "da3d29bd3d1e448ff5a330736d87b74e305d73b6f70f3bc2e2671a48ff780ac2"
    view.close()
    assert check_ledger(state).problems == []


def test_an_export_is_the_same(state):
    view = LedgerView.open(state)
    lines = list(view.export())
    assert lines[0].startswith('{"type": "asset", "id": "sw", "kind": "switch", "name": "交换机", "tags": ["n"], ')
    assert sha256(lines) == "ad2533e2d8a2dd371b39c4e5f35d0cdc67640e9f9adacbaf884faaea9c6645ab"
    assert (
        sha256(view.export(BEGIN + 1, BEGIN + 100 * 60_000))
        == "ea95f836f2989a4aa4756db87d5693731f7df01c630470f5525021c83a8aafb9"
    )
    view.close()


def test_a_bundle_holds_the_same(state, tmp_path):
    bundle = tmp_path / "b.zip"
    write_bundle(state, bundle)
    with zipfile.ZipFile(bundle) as archive:
        found = {name: hashlib.sha256(archive.read(name)).hexdigest()[:16] for name in archive.namelist()}
    del found["README.txt"]
    assert found == {
        "entries.jsonl": "dae7dc62f2aaf29e",
        "readings.jsonl": "db87b835e03df5b1",
        "bundle.json": "401c5914cb61d454",
    }
    assert sha256(evidence_of_bundle(bundle)) == "0f293711fe87ba99f797593973b1adf3d9c0aa35800fafd467adf2bc73db4da9"


def test_a_bundle_is_the_same_file_whenever_it_is_written(state, tmp_path):
    for name in ("one.zip", "another.zip"):
        write_bundle(state, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "another.zip").read_bytes()
