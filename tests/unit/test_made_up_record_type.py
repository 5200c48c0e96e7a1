"""A record type that nobody else knows: a dataclass and one row of the table, and it goes through the whole chain.

JSON line → record → contradictions and references → evidence as of an instant → the ledger's chain, export, bundle
and proof → the same JSON line. The type stands in this file only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

import sla.evidence.records as record_files
from agent.__main__ import main as sla_agent
from agent.cli.record_types import RECORD_COMMANDS, Argument, RecordCommand
from agent.ledger import intake
from config.text.sentence import Sentence
from sla.evidence import values
from sla.evidence.instants import parse_instant
from sla.evidence.keys import AT, BY, ID, RecordKey
from sla.evidence.lines import read_lines, record_of
from sla.evidence.record_json import record_to_json
from sla.evidence.record_type import RecordType
from sla.evidence.records import RECORDS, Asset, Claim
from sla.evidence.refusals import EvidenceError
from sla.history.known import known as known_at
from sla.ledger import Entry, Ledger, LedgerView, Stamp
from sla.ledger.bundle import evidence_of_bundle, write_bundle
from sla.ledger.check import check_ledger
from sla.ledger.verifier import PROVEN, main

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """The vendor lent spares for an asset."""

    record_type: ClassVar[str] = "lent"
    id: str
    asset: str
    pieces: int
    at: int
    by: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def pieces_of(value: Any) -> int:
    if not isinstance(value, int):
        raise values.wrong(value, "a number of pieces")
    return value


def mistake(lent: Lent) -> Sentence | None:
    return None if lent.pieces else Sentence("{key}: got {got}, wanted {wanted}", key="pieces", got=0, wanted="some")


LENT = RecordType(
    record=Lent,
    keys={
        "id": ID,
        "asset": RecordKey("asset", values.name, refers_to="asset"),
        "pieces": RecordKey("pieces", pieces_of),
        "at": AT,
        "by": BY,
    },
    identity=("id",),
    noun="loan",
    mistake=mistake,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A loan is over. It may be said any number of times."""

    record_type: ClassVar[str] = "returned"
    loan: str
    at: int
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


RETURNED = RecordType(record=Returned, keys={"loan": RecordKey("loan", values.name, refers_to="lent"), "at": AT})
ASSET = {"type": "asset", "id": "cam", "kind": "camera", "name": "门口", "tags": [], "behind": [], "behind_any": []}
SAID = {
    "type": "lent",
    "id": "l1",
    "asset": "cam",
    "pieces": 2,
    "at": "2026-10-02T08:00:00Z",
    "by": "乙",
    "note": [1],
}
LINE = json.dumps(SAID, ensure_ascii=False)
AT_MS = parse_instant("2026-10-02T08:00:00Z")


ASSET_LINE = json.dumps({**ASSET, "recorded_at": "2026-10-02T08:00:01Z"}, ensure_ascii=False)
KEPT = {**{key: SAID[key] for key in SAID if key != "note"}, "recorded_at": "2026-10-02T08:00:02Z", "note": [1]}
KEPT_LINE = json.dumps(KEPT, ensure_ascii=False)
"""What the ledger gives back of it: stamped with when it was taken in."""


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(RECORDS, "lent", LENT)


def evidence(*records):
    return read_lines([json.dumps(each).encode() for each in records], "e.jsonl")


def refusal(*records):
    with pytest.raises(EvidenceError) as caught:
        evidence(*records)
    return str(caught.value)


def contradiction(*records):
    with pytest.raises(EvidenceError) as caught:
        known_at(evidence(*records), None, AT_MS)
    return str(caught.value)


def stamp(second):
    return Stamp(wall_ms=AT_MS + second * 1000, boot_ms=second * 1000, boot_id="b", synced=True, error_ms=0)


@pytest.fixture
def state(tmp_path):
    """A ledger with the asset, and the record said twice by two people."""
    folder = tmp_path / "state"
    ledger = Ledger.open(folder, site="s", software="t")
    ledger.commit(stamp(1), entries=[Entry.of(record_of(json.dumps(ASSET)), actor="agent")])
    ledger.commit(stamp(2), entries=[Entry.of(record_of(LINE), actor="cli")])
    ledger.commit(stamp(3), entries=[Entry.of(record_of(LINE), actor="again")])
    ledger.close(stamp(4))
    return folder


def test_without_its_row_it_is_no_record(monkeypatch):
    monkeypatch.delitem(RECORDS, "lent")
    with pytest.raises(ValueError, match="^type: got 'lent', wanted one of asset, check, reading, .*, agent$"):
        record_of(LINE)
    assert "type: got 'lent'" in refusal(ASSET, SAID)


def test_its_line_is_read_strictly_and_written_back_the_same():
    record = record_of(LINE)
    assert record == Lent(id="l1", asset="cam", pieces=2, at=AT_MS, by="乙", extra={"note": [1]})
    assert json.dumps(record_to_json(record), ensure_ascii=False) == LINE


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"pieces": "two"}, "pieces: got 'two', wanted a number of pieces"),
        ({"pieces": None}, "pieces: missing in this lent"),
        ({"pieces": 0}, "pieces: got 0, wanted some"),
        ({"at": "yesterday"}, "at: 'yesterday' is no instant; wanted RFC 3339"),
    ],
)
def test_what_is_wrong_with_it_is_refused_by_its_line_and_key(changed, reason):
    assert refusal(ASSET, SAID | changed).startswith(f"e.jsonl:2: {reason}")


def test_said_twice_it_counts_once_and_in_other_words_it_contradicts():
    assert len(evidence(ASSET, SAID, SAID).of(Lent)) == 1
    assert contradiction(ASSET, SAID, SAID | {"pieces": 3}) == (
        "e.jsonl:3: lent l1 contradicts the one on line 2; both are refused"
    )


def test_another_type_can_point_to_it(monkeypatch):
    monkeypatch.setitem(RECORDS, "returned", RETURNED)
    back = {"type": "returned", "loan": "l1", "at": "2026-10-03T08:00:00Z"}
    assert evidence(ASSET, SAID, back, back).of(Returned) == (Returned(loan="l1", at=AT_MS + 86_400_000),)


def test_of_an_asset_that_nobody_defined_it_counts_for_nothing_and_is_told_of():
    found = known_at(evidence(ASSET, SAID, SAID | {"id": "l2", "asset": "gone"}), None, AT_MS)
    assert ([each.id for each in found.of(Lent)], found.unknown) == (["l1"], {"gone"})


def test_under_another_name_of_its_asset_it_means_the_same():
    new = {"type": "asset", "id": "box", "kind": "camera", "from": "2026-10-01T08:00:00Z", "replaces": "cam"}
    (lent,) = known_at(evidence(ASSET, new, SAID), None, AT_MS).of(Lent)
    assert lent.asset == "box"


def test_evidence_as_of_an_instant_before_it_does_not_know_it():
    found = evidence(ASSET, SAID)
    assert len(known_at(found, None, AT_MS).of(Lent)) == 1
    before = known_at(found, None, AT_MS - 1)
    assert (before.of(Lent), before.left_out) == ((), 1)
    assert found.without(Lent).of(Lent) == ()
    assert found.of(Claim) == ()
    assert before.assets["cam"].latest == Asset(id="cam", kind="camera", name="门口")


def test_the_ledger_s_stamp_says_when_it_was_known():
    late = evidence(ASSET, SAID | {"recorded_at": "2026-10-05T08:00:00Z"})
    assert late.latest_at() == AT_MS + 3 * 86_400_000
    assert known_at(late, None, late.latest_at() - 1).of(Lent) == ()
    assert len(known_at(late, None, late.latest_at()).of(Lent)) == 1


def test_the_ledger_chains_it_once_and_gives_it_back(state):
    view = LedgerView.open(state)
    entries = list(view.entries(["lent"]))
    assert [(each.seq, each.actor, each.body["pieces"]) for each in entries] == [(2, "cli", 2)]
    assert view.evidence().of(Lent) == (record_of(KEPT_LINE),)
    assert list(view.export()) == [ASSET_LINE + "\n", KEPT_LINE + "\n"]
    assert list(view.export(begin=AT_MS + 1)) == [ASSET_LINE + "\n"]
    assert list(view.export(end=AT_MS + 1))[1:] == [KEPT_LINE + "\n"]
    view.close()
    assert check_ledger(state).problems == []


def test_what_others_point_to_is_exported_whatever_the_time(state, monkeypatch):
    row = RecordType(record=Lent, keys=LENT.keys, identity=("id",), is_exported_whole=True)
    monkeypatch.setitem(RECORDS, "lent", row)
    view = LedgerView.open(state)
    assert list(view.export(begin=AT_MS + 1))[1:] == [KEPT_LINE + "\n"]
    view.close()


def test_the_ledger_refuses_what_contradicts_it(state):
    ledger = Ledger.open(state, site="s", software="t")
    other = record_of(json.dumps(SAID | {"pieces": 5}))
    with pytest.raises(EvidenceError, match=r"f:7: lent l1 contradicts entry 2 of the ledger"):
        ledger.refuse_contradictions([(7, other)], "f", stamp(5))
    ledger.refuse_contradictions([(7, record_of(json.dumps(SAID | {"id": "l2"})))], "f", stamp(5))
    ledger.close(stamp(5))


def test_every_definition_of_a_made_up_type_is_kept_with_its_stamp(tmp_path, monkeypatch):
    row = RecordType(record=Lent, keys=LENT.keys, identity=("id",), is_definition=True, counts_once=False)
    monkeypatch.setitem(RECORDS, "lent", row)
    ledger = Ledger.open(tmp_path, site="s", software="t")
    said = [ASSET, SAID, SAID | {"pieces": 3}, SAID | {"pieces": 3}, SAID]
    for second, each in enumerate(said):
        ledger.commit(stamp(second), entries=[Entry.of(record_of(json.dumps(each)), actor="cli")])
    assert [each.body["pieces"] for each in ledger.entries(["lent"])] == [2, 3, 2]
    assert [(each.pieces, each.recorded_at) for each in ledger.evidence().of(Lent)] == [
        (pieces, AT_MS + second * 1000) for pieces, second in ((2, 1), (3, 2), (2, 4))
    ]
    ledger.close(stamp(9))


def test_its_bundle_is_proven_and_says_the_same_line(state, tmp_path, capsys):
    bundle, heads = tmp_path / "b.zip", tmp_path / "heads.txt"
    head = write_bundle(state, bundle)
    heads.write_text(f"{head}\n", encoding="utf-8")
    assert main([str(bundle), "--heads", str(heads), "--lang", "en"]) == PROVEN
    assert "PROVEN: nothing up to entry 2 was changed" in capsys.readouterr().out
    (line,) = [line for line in evidence_of_bundle(bundle) if '"lent"' in line]
    assert json.dumps(record_to_json(record_of(line)), ensure_ascii=False) == KEPT_LINE


def test_the_agent_takes_it_in(state):
    ledger = Ledger.open(state, site="s", software="t")
    lines = [LINE, json.dumps(SAID | {"id": "l2"}, ensure_ascii=False)]
    receipt = intake.take(ledger, intake.parse(lines, "f"), source="f", actor="li", stamp=stamp(5))
    assert (receipt.records, receipt.is_past, receipt.head.seq) == (2, False, 3)
    assert [each.id for each in ledger.evidence().of(Lent)] == ["l1", "l2"]
    ledger.close(stamp(6))


def test_whoever_follows_readings_starts_afresh_after_a_definition_of_it(state, monkeypatch):
    monkeypatch.setitem(
        RECORDS, "lent", RecordType(record=Lent, keys=LENT.keys, identity=("id",), is_definition=True)
    )
    ledger = Ledger.open(state, site="s", software="t")
    more = json.dumps(SAID | {"id": "l2"}, ensure_ascii=False)
    receipt = intake.take(ledger, intake.parse([more], "f"), source="f", actor="li", stamp=stamp(5))
    assert receipt.is_past
    ledger.close(stamp(6))


def test_a_person_puts_it_on_record(state, monkeypatch, capsys):
    command = RecordCommand(
        "The vendor lent spares",
        (Argument("id", "a number of its own", {}), Argument("asset", "the asset", {}), Argument("pieces", "", {})),
        lambda options: {"id": options.id, "asset": options.asset, "pieces": int(options.pieces)},
    )
    monkeypatch.setitem(RECORD_COMMANDS, "lent", command)
    said = ["--at", "2026-10-03T08:00:00Z", "--by", "乙", "--state", str(state), "--lang", "en"]
    assert sla_agent(["record", "lent", "l3", "cam", "4", *said]) == 0
    assert capsys.readouterr().out.startswith("On record: 1 records; ledger entry 3, ")
    assert sla_agent(["record", "lent", "l3", "cam", "5", *said]) == 2
    assert "lent l3 contradicts entry 3 of the ledger" in capsys.readouterr().err
    view = LedgerView.open(state)
    assert [(each.id, each.pieces, each.by) for each in view.evidence().of(Lent)][1:] == [("l3", 4, "乙")]
    view.close()


def test_without_its_row_nobody_can_put_it_on_record(state, capsys):
    with pytest.raises(SystemExit):
        sla_agent(["record", "lent", "l3", "cam", "4", "--state", str(state)])
    assert "lent" in capsys.readouterr().err


def test_each_type_that_a_person_puts_on_record_is_one_of_the_table():
    assert set(RECORD_COMMANDS) == set(RECORDS) - {"lent", "asset", "check", "reading", "notified", "agent"}


def test_every_type_of_the_table_has_a_file_of_its_name_and_nothing_else_has(monkeypatch):
    monkeypatch.delitem(RECORDS, "lent")
    folder = Path(record_files.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "registry", "scope"}
    assert files == set(RECORDS)
    for name, row in RECORDS.items():
        assert row.name == name
        assert row.record.__module__ == f"{record_files.__name__}.{name}"
        assert getattr(record_files, row.record.__name__) is row.record
