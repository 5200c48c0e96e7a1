"""The one table of record types: each row whole, and all rows alike in what is asked of any."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings

from sla.evidence.instants import parse_instant
from sla.evidence.intervals import BEGINNING
from sla.evidence.lines import read_lines, record_of
from sla.evidence.record_json import record_from_json, record_to_json
from sla.evidence.records import RECORDS, Approved, Inspection, Reading, Ruling
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import EvidenceError
from sla.history.known import known
from tests.support.records_said import AT, EVERYTHING, EXAMPLES, example, said

ROWS = list(RECORDS.values())
LATER = "2026-12-24T08:00:00Z"
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def line(found):
    return json.dumps(found, ensure_ascii=False).encode() + b"\n"


def evidence(*found):
    return read_lines([line(each) for each in found], "e")


def known_of(*found, as_of=AT):
    return known(evidence(*found), None, parse_instant(as_of))


def problems(*found):
    with pytest.raises(EvidenceError) as caught:
        known_of(*found)
    return str(caught.value).splitlines()


def test_the_record_types_are_those_of_the_text():
    assert set(RECORDS) == {
        "asset", "check", "reading", "notified", "acknowledged", "arrived",
        "claim", "ruling", "maintenance", "approved", "inspection", "settled", "corrected", "agent",
        "delivered", "diagnosed", "replaced", "scored",
    }  # fmt: skip


def test_there_is_an_example_of_every_type():
    assert list(EXAMPLES) == list(RECORDS)


@each_row
def test_every_attribute_of_a_dataclass_is_a_key_or_keeps_what_is_no_key(row):
    attributes = {each.name for each in dataclasses.fields(row.record)}
    assert {key.name for key in row.keys.values()} | {row.extra} == attributes
    assert {*row.identity, *row.unique_at, row.known_at, "recorded_at"} <= attributes


@each_row
def test_a_record_is_frozen_and_has_no_room_for_more(row):
    record = record_from_json(example(row.name))
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, next(iter(row.keys.values())).name, "x")
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(record, "more", 1)


@each_row
def test_whatever_is_required_is_missed_and_nothing_else_is(row):
    for name, key in row.keys.items():
        without = {spelt: value for spelt, value in example(row.name).items() if spelt != name}
        if key.name in row.required:
            with pytest.raises(ValueError, match=f"^{name}: missing in this {row.name}$"):
                record_from_json(without)
        else:
            assert type_of(record_from_json(without)) is row


def test_what_the_text_gives_no_default_is_required_although_the_dataclass_has_one():
    assert {(row.name, key.name) for row in ROWS for key in row.keys.values() if key.is_required} == {
        ("check", "severity"),
        ("inspection", "covers"),
        ("inspection", "result"),
    }


@each_row
def test_the_same_record_said_again_is_one(row):
    found = evidence(*EVERYTHING, example(row.name))
    assert len(found.of(row.record)) == (0 if row.record is Reading else 1)


@pytest.mark.parametrize(
    ("name", "changed", "shown"),
    [
        ("asset", {"kind": "link"}, "asset cam"),
        ("check", {"interval_s": 30}, "check cam/icmp"),
        ("claim", {"by": "丙"}, "claim c1"),
        ("ruling", {"accepted": False}, "ruling at one instant on claim c1"),
        ("maintenance", {"approved": False}, "maintenance m1"),
        ("inspection", {"result": "fault"}, "inspection i1"),
        ("delivered", {"by": "丙"}, "delivered d1"),
        ("diagnosed", {"part": "镜头"}, "diagnosed x1"),
        (
            "scored",
            {"score": "80"},
            "scored record at one instant of plan M for 2026-10",
        ),
        ("settled", {"payable": "2.00"}, "settled record of customer at one instant of month 2026-09"),
    ],
)
def test_what_is_said_in_other_words_contradicts_once_both_are_known(name, changed, shown):
    everything = [each for each in EVERYTHING if each["type"] != "corrected"]
    first = list(EXAMPLES).index(name) + 1
    assert problems(*everything, example(name, **changed)) == [
        f"e:{len(everything) + 1}: {shown} contradicts the one on line {first}; both are refused"
    ]
    later = example(name, **changed, recorded_at=LATER)
    assert len(known_of(*everything, later).records) > 0  # at as_of it was not known yet


def test_all_that_can_be_contradicted_is_tried_above():
    assert {row.name for row in ROWS if row.identity or row.unique_at or row.is_definition} == {
        "asset", "check", "claim", "ruling", "maintenance", "inspection", "delivered", "diagnosed", "scored", "settled",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("asset", {"id": "b", "behind": ["gone"]}),
        ("asset", {"id": "b", "behind_any": ["cam", "gone"]}),
        ("check", {"id": "b", "asset": "gone", "reach": False}),
        ("reading", {"check": "gone"}),
        ("notified", {"check": "gone"}),
        ("acknowledged", {"check": "gone"}),
        ("arrived", {"check": "gone"}),
        ("claim", {"id": "c2", "asset": "gone"}),
        ("inspection", {"id": "i2", "covers": ["cam", "gone"]}),
        ("diagnosed", {"id": "x2", "asset": "gone"}),
    ],
)
def test_an_id_that_no_definition_has_counts_for_nothing_and_is_told_of(name, changed):
    plain = [each for each in EVERYTHING if each["type"] != "corrected"]
    before, after = known_of(*plain), known_of(*plain, example(name, **changed))
    assert after.unknown == {"gone"}
    told = {cls: len(found) for cls, found in before.records.items()}
    if name == "inspection":  # one name among `covers`: the others stand
        assert after.of(Inspection)[-1].covers == ("cam",)
    else:
        assert {cls: len(found) for cls, found in after.records.items()} == told
    assert list(after.checks) == ["cam/icmp"]


def test_a_ruling_on_no_claim_and_an_approval_of_no_maintenance_are_taken():
    plain = [each for each in EVERYTHING if each["type"] != "corrected"]
    found = known_of(*plain, example("ruling", claim="gone"), example("approved", maintenance="gone"))
    assert (len(found.of(Ruling)), len(found.of(Approved))) == (2, 2)


def test_a_swap_of_what_nobody_diagnosed_is_refused():
    plain = [each for each in EVERYTHING if each["type"] != "corrected"]
    assert problems(*plain, example("replaced", diagnosis="gone")) == [
        f"e:{len(plain) + 1}: diagnosis: no diagnosis 'gone' in this evidence"
    ]


@each_row
def test_what_is_pointed_to_is_exported_whole(row):
    for key in row.keys.values():
        if key.refers_to:
            assert RECORDS[key.refers_to].is_exported_whole or row.record is Reading


@each_row
def test_a_record_is_known_from_the_instant_at_which_it_was_said(row):
    record = record_from_json(example(row.name))
    if row.is_definition:
        assert row.known_from(record) == BEGINNING
    else:
        said_at = example(row.name)["announced_at" if row.name == "maintenance" else "at"]
        assert row.recorded(record) == row.known_from(record) == parse_instant(said_at)


@each_row
def test_the_ledger_s_stamp_is_r_and_nothing_is_known_before_its_own_instant(row):
    late = record_from_json(example(row.name, recorded_at=LATER))
    assert row.recorded(late) == row.known_from(late) == parse_instant(LATER)
    early = record_from_json(example(row.name, recorded_at="2026-01-01T00:00:00Z"))
    assert row.recorded(early) == parse_instant("2026-01-01T00:00:00Z")
    if not row.is_definition:
        assert row.known_from(early) == row.known_from(record_from_json(example(row.name)))


@pytest.mark.parametrize(
    "row", [row for row in ROWS if not row.is_definition and row.record is not Reading], ids=lambda row: row.name
)
def test_as_of_the_instant_before_it_a_dated_record_is_forgotten(row):
    found = evidence(*(each for each in EVERYTHING if each["type"] not in ("corrected", "replaced")))
    one = record_from_json(example(row.name))
    if row.name in ("corrected", "replaced"):
        found = evidence(*EVERYTHING)
    at = row.known_from(one)
    before, then = (known(found, None, each) for each in (at - 1, at))
    assert before.of(row.record) == ()
    assert len(then.of(row.record)) == 1
    assert (list(before.assets), list(before.checks)) == (["cam"], ["cam/icmp"])


@pytest.mark.parametrize("name", ["claim", "maintenance"])
def test_a_span_must_end_after_it_begins(name):
    for end in ("2026-10-01T08:00:00Z", "2026-10-01T07:59:59.999Z"):
        with pytest.raises(ValueError, match=f"^to: got {end}, wanted an instant after from, 2026-10-01T08:00:00Z$"):
            record_from_json(example(name, to=end))
    assert record_from_json(example(name, to="2026-10-01T08:00:00.001Z")).end % 1000 == 1


@given(said())
@settings(max_examples=400, deadline=None)
def test_any_record_is_written_back_as_it_was_said(found):
    again = record_to_json(record_from_json(found))
    assert again == found
    assert list(again)[: 1 + len(RECORDS[found["type"]].keys)] == ["type", *RECORDS[found["type"]].keys]


@given(said())
@settings(max_examples=200, deadline=None)
def test_any_record_survives_its_line(found):
    record = record_from_json(found)
    text = json.dumps(record_to_json(record), ensure_ascii=False)
    assert record_of(text) == record
    assert record_of(json.dumps(found)) == record


def amounts_as_numbers(found):
    """`-0.00` is the amount `0.00`, and the score `1.0` is `1.00`."""
    amounts = {"settled": ("payable", "adjustment"), "scored": ("score", "of")}.get(found["type"], ())
    return {key: Decimal(value) if key in amounts else value for key, value in found.items()}


@given(said(), said())
@settings(max_examples=200, deadline=None)
def test_records_are_equal_as_their_lines_are(one, another):
    is_same = record_from_json(one) == record_from_json(another)
    assert is_same == (amounts_as_numbers(one) == amounts_as_numbers(another))


@given(said())
@settings(max_examples=200, deadline=None)
def test_null_says_not_given(found):
    row = RECORDS[found["type"]]
    for name, key in row.keys.items():
        if key.name not in row.required:
            without = {spelt: value for spelt, value in found.items() if spelt != name}
            assert record_from_json(found | {name: None}) == record_from_json(without)
