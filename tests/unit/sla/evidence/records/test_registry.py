"""The one table of record types: each row whole, and all rows alike in what is asked of any."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings

from sla.evidence.instants import parse_instant
from sla.evidence.lines import read_lines, record_of
from sla.evidence.record_json import record_from_json, record_to_json
from sla.evidence.records import RECORDS, Asset, Check, Reading
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import EvidenceError
from tests.support.records_said import AT, EVERYTHING, EXAMPLES, example, said

ROWS = list(RECORDS.values())
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def line(found):
    return json.dumps(found, ensure_ascii=False).encode() + b"\n"


def evidence(*found):
    return read_lines([line(each) for each in found], "e")


def reasons(*found):
    with pytest.raises(EvidenceError) as caught:
        evidence(*found)
    return str(caught.value).splitlines()


def test_the_record_types_are_those_of_the_text():
    assert set(RECORDS) == {
        "asset", "check", "reading", "notified", "acknowledged", "arrived",
        "claim", "ruling", "maintenance", "inspection", "settled", "agent",
        "delivered", "diagnosed", "replaced", "scored",
    }  # fmt: skip


def test_there_is_an_example_of_every_type():
    assert list(EXAMPLES) == list(RECORDS)


@each_row
def test_every_attribute_of_a_dataclass_is_a_key_or_keeps_what_is_no_key(row):
    attributes = {each.name for each in dataclasses.fields(row.record)}
    assert {key.name for key in row.keys.values()} | {row.extra} == attributes
    assert {*row.identity, *([row.known_at] if row.known_at else [])} <= attributes


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
def test_the_same_record_said_again_is_one_where_it_has_an_identity(row):
    found = evidence(*EVERYTHING, example(row.name))
    count = len(found.of(row.record))
    if row.record in (Asset, Check, Reading):
        assert count == 0
    else:
        assert count == (1 if row.identity else 2)


@pytest.mark.parametrize(
    ("name", "changed", "shown"),
    [
        ("asset", {"kind": "link"}, "asset cam"),
        ("check", {"interval_s": 30}, "check cam/icmp"),
        ("claim", {"by": "丙"}, "claim c1"),
        ("ruling", {"accepted": False}, f"ruling at one instant on claim c1 at {parse_instant(AT)}"),
        ("maintenance", {"approved": False}, "maintenance m1"),
        ("inspection", {"result": "fault"}, "inspection i1"),
        ("delivered", {"by": "丙"}, "delivered d1"),
        ("diagnosed", {"part": "镜头"}, "diagnosed x1"),
        (
            "scored",
            {"score": "80"},
            f"scored record at one instant of plan M for 2026-10 at {parse_instant(AT)}",
        ),
        ("settled", {"payable": "2.00"}, f"settled record at one instant of month 2026-09 at {parse_instant(AT)}"),
    ],
)
def test_what_has_an_identity_is_contradicted_by_other_words(name, changed, shown):
    first = list(EXAMPLES).index(name) + 1
    assert reasons(*EVERYTHING, example(name, **changed)) == [
        f"e:{len(EVERYTHING) + 1}: {shown} contradicts the one on line {first}; both are refused"
    ]


def test_all_that_can_be_contradicted_is_tried_above():
    assert {row.name for row in ROWS if row.identity} == {
        "asset", "check", "claim", "ruling", "maintenance", "inspection", "delivered", "diagnosed", "scored", "settled",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changed", "reason"),
    [
        ("asset", {"id": "b", "behind": ["gone"]}, "behind: no asset 'gone'"),
        ("asset", {"id": "b", "behind_any": ["cam", "gone"]}, "behind_any: no asset 'gone'"),
        ("check", {"id": "b", "asset": "gone", "reach": False}, "asset: no asset 'gone'"),
        ("reading", {"check": "gone"}, "check: no check 'gone'"),
        ("notified", {"check": "gone"}, "check: no check 'gone'"),
        ("acknowledged", {"check": "gone"}, "check: no check 'gone'"),
        ("arrived", {"check": "gone"}, "check: no check 'gone'"),
        ("claim", {"id": "c2", "asset": "gone"}, "asset: no asset 'gone'"),
        ("ruling", {"claim": "gone"}, "claim: no claim 'gone'"),
        ("inspection", {"id": "i2", "covers": ["cam", "gone"]}, "covers: no asset 'gone'"),
        ("diagnosed", {"id": "x2", "asset": "gone"}, "asset: no asset 'gone'"),
        ("replaced", {"diagnosis": "gone"}, "diagnosis: no diagnosis 'gone'"),
    ],
)
def test_what_a_record_points_to_must_be_there(name, changed, reason):
    assert reasons(*EVERYTHING, example(name, **changed)) == [f"e:{len(EVERYTHING) + 1}: {reason} in this evidence"]


def test_all_that_points_to_anything_is_tried_above():
    pointing = {row.name for row in ROWS if any(key.refers_to for key in row.keys.values())}
    assert pointing == {
        "asset", "check", "reading", "notified", "acknowledged", "arrived", "claim", "ruling", "inspection",
        "diagnosed", "replaced",
    }  # fmt: skip


@each_row
def test_what_is_pointed_to_is_exported_whole_and_has_an_id(row):
    for key in row.keys.values():
        if key.refers_to:
            aim = RECORDS[key.refers_to]
            assert aim.is_exported_whole or row.record is Reading
            assert aim.identity == ("id",)


@each_row
def test_a_record_is_known_from_the_instant_at_which_it_was_said(row):
    record = record_from_json(example(row.name))
    known = row.known_from(record)
    if row.is_definition:
        assert known is None
    else:
        assert known == parse_instant(example(row.name)["announced_at" if row.name == "maintenance" else "at"])


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.known_at and row.record is not Reading], ids=lambda row: row.name
)
def test_as_of_the_instant_before_it_a_dated_record_is_forgotten(row):
    found = evidence(*EVERYTHING)
    known = row.known_from(record_from_json(example(row.name)))
    assert len(found.upto(known).of(row.record)) == 1
    assert found.upto(known - 1).of(row.record) == ()
    assert (found.upto(known - 1).assets, found.upto(known - 1).checks) == (found.assets, found.checks)


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
    return {k: Decimal(v) if k in ("payable", "adjustment", "score", "of") else v for k, v in found.items()}


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
