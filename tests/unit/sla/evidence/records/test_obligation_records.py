"""Records of docs/obligations.md §0: read strictly, written back, held together, and kept by the ledger."""

from __future__ import annotations

import json

import pytest

from sla.evidence.instants import format_instant
from sla.evidence.lines import read_lines
from sla.evidence.record_json import record_from_json, record_to_json
from sla.evidence.records import Delivered, Diagnosed, Replaced, Scored
from sla.evidence.refusals import EvidenceError
from sla.history.known import known
from sla.ledger import Entry, Ledger, LedgerView, Stamp

HASH = "0123456789abcdef" * 4
AT = "2026-11-05T09:00:00Z"
ASSET = {"type": "asset", "id": "cam", "kind": "camera"}
DELIVERED = {"type": "delivered", "id": "d1", "plan": "D1", "month": "2026-10", "at": AT, "by": "乙", "sha256": HASH}
DIAGNOSED = {"type": "diagnosed", "id": "x1", "asset": "cam", "at": AT, "by": "王工", "part": "电源"}
REPLACED = {"type": "replaced", "diagnosis": "x1", "at": AT, "by": "王工", "temporary": True, "serial": "SN-7"}
SCORED = {
    "type": "scored", "plan": "M1", "month": "2026-10", "score": "92.5", "of": "100",
    "reason": "问卷 41 份", "sha256": HASH, "at": AT, "by": "甲",
}  # fmt: skip
ALL = (DELIVERED, DIAGNOSED, REPLACED, SCORED)


def evidence(*records):
    return read_lines([json.dumps(each).encode() + b"\n" for each in (ASSET, *records)], "e.jsonl")


@pytest.mark.parametrize("said", ALL, ids=lambda said: said["type"])
def test_a_record_is_written_back_as_it_was_said(said):
    assert record_to_json(record_from_json(said)) == said


def test_what_may_be_left_out_has_a_neutral_default():
    assert record_from_json({k: DELIVERED[k] for k in ("type", "id", "plan", "month", "at")}).sha256 == ""
    assert record_from_json({k: REPLACED[k] for k in ("type", "diagnosis", "at")}).temporary is False
    assert record_from_json({**DELIVERED, "sha256": ""}).sha256 == ""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({**DELIVERED, "month": "2026-13"}, "month: .*wanted YYYY-MM"),
        ({**DELIVERED, "sha256": "ABC"}, "sha256: got 'ABC', wanted 64 lower-case hexadecimal digits"),
        ({**REPLACED, "temporary": "no"}, "temporary: got 'no', wanted true or false"),
        ({**SCORED, "score": 92.5}, "score: got 92.5, wanted a score as a string"),
        ({**SCORED, "score": "-1"}, "score: got '-1', wanted a score as a string"),
        ({**SCORED, "score": "100.01"}, "score: got 100.01 of 100, wanted at most `of`"),
        ({**SCORED, "score": "0", "of": "0"}, "score: got 0 of 0, wanted at most `of`, and that above 0"),
        ({**SCORED, "reason": ""}, "reason: got '', wanted a string that is not empty"),
        ({**SCORED, "sha256": ""}, "sha256: got '', wanted 64"),
        ({k: v for k, v in SCORED.items() if k != "reason"}, "reason: missing in this scored"),
    ],
)
def test_a_record_that_says_no_such_thing_is_refused_with_the_reason(said, reason):
    with pytest.raises(ValueError, match=reason):
        record_from_json(said)


def test_records_land_in_the_evidence():
    found = evidence(*ALL)
    kinds = (found.of(Delivered), found.of(Diagnosed), found.of(Replaced), found.of(Scored))
    assert [type(one) for (one,) in kinds] == [Delivered, Diagnosed, Replaced, Scored]


def test_as_of_forgets_what_was_said_later():
    found = evidence(*ALL)
    (scored,) = found.of(Scored)
    assert set(known(found, None, scored.at).records) == {Delivered, Diagnosed, Replaced, Scored}
    assert known(found, None, scored.at - 1).records == {}


def test_only_readings_the_agent_and_the_ledger_s_stamps_say_up_to_when_evidence_reaches():
    assert evidence(*ALL).latest_at() is None
    stamped = evidence(*ALL, SCORED | {"recorded_at": "2026-11-06T09:00:00Z"})
    assert format_instant(stamped.latest_at()) == "2026-11-06T09:00:00Z"


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ((REPLACED,), "e.jsonl:2: diagnosis: no diagnosis 'x1' in this evidence"),
        ((DIAGNOSED, DIAGNOSED | {"part": "镜头"}), "e.jsonl:3: diagnosed x1 contradicts the one on line 2"),
        ((DELIVERED, DELIVERED | {"month": "2026-09"}), "e.jsonl:3: delivered d1 contradicts the one on line 2"),
        (
            (SCORED, SCORED | {"score": "80"}),
            "e.jsonl:3: scored record at one instant of plan M1 for 2026-10 contradicts",
        ),
    ],
)
def test_evidence_that_contradicts_itself_is_refused(records, reason):
    with pytest.raises(EvidenceError) as caught:
        known(evidence(*records), None, 10**13)
    assert str(caught.value).startswith(reason)


def test_the_same_record_said_twice_counts_once():
    twice = evidence(DELIVERED, DIAGNOSED, SCORED, DELIVERED, DIAGNOSED, SCORED)
    assert (len(twice.of(Delivered)), len(twice.of(Diagnosed)), len(twice.of(Scored))) == (1, 1, 1)


def test_the_ledger_takes_them_and_gives_them_back(tmp_path):
    stamp = Stamp(wall_ms=1_762_333_200_000, boot_ms=1, boot_id="b", synced=True, error_ms=0)
    ledger = Ledger.open(tmp_path, site="s", software="t")
    ledger.commit(stamp, entries=[Entry.of(record_from_json(each), actor="cli") for each in (ASSET, *ALL)])
    ledger.close(stamp)
    view = LedgerView.open(tmp_path)
    exported = [json.loads(line) for line in view.export()]
    # a diagnosis is given whatever the time asked for, so that what replaced it points to something
    later = [json.loads(line)["type"] for line in view.export(begin=10**13)]
    view.close()
    kept = [each | {"recorded_at": "2025-11-05T09:00:00Z"} for each in (DIAGNOSED, DELIVERED, REPLACED, SCORED)]
    assert [each for each in exported if each["type"] != "asset"] == kept
    assert later == ["asset", "diagnosed"]
