"""A row of the table of record types: what is derived from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from config.text.sentence import Sentence
from sla.evidence import values
from sla.evidence.intervals import BEGINNING
from sla.evidence.keys import AT, BY, ID, SPAN, RecordKey
from sla.evidence.record_type import RecordType, empty_span
from sla.evidence.records import Claim, Maintenance, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """Made up for these tests."""

    record_type: ClassVar[str] = "visited"
    id: str
    sites: tuple[str, ...]
    host: str = ""
    begin: int = 0
    end: int = 1
    at: int
    by: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


KEYS = {
    "id": ID,
    "sites": RecordKey("sites", values.names, list, refers_to="site"),
    "host": RecordKey("host", values.text, refers_to="person", is_required=True),
    **SPAN,
    "at": AT,
    "by": BY,
}
ROW = RecordType(record=Visited, keys=KEYS, identity=("id", "at"), shown_as="visit {id} of {at}")
PLAIN = RecordType(record=Visited, keys=KEYS)
BARE = RecordType(record=Visited, keys=KEYS, identity=("id",))
VISIT = Visited(id="v", sites=("a", "b"), host="李", at=7)


def test_its_name_is_that_of_its_dataclass():
    assert ROW.name == "visited"


def test_required_is_what_has_no_default_and_what_a_key_says():
    assert ROW.required == {"id", "sites", "at", "host"}
    assert RecordType(record=Visited, keys={"id": ID}).required == {"id", "sites", "at"}


def test_an_identity_is_the_type_and_the_attributes_that_name_it():
    assert ROW.identity_of(VISIT) == ("visited", "v", 7)
    assert BARE.identity_of(VISIT) == ("visited", "v")
    assert PLAIN.identity_of(VISIT) is None


def test_a_sentence_calls_it_by_its_identity():
    assert ROW.shown(VISIT) == Sentence("visit {id} of {at}", id="v", at=7)
    assert BARE.shown(VISIT).text() == "visited v"


def test_it_points_to_every_id_of_a_key_that_refers():
    assert list(ROW.references(VISIT)) == [
        ("sites", "site", "a"), ("sites", "site", "b"), ("host", "person", "李"),
    ]  # fmt: skip
    assert list(ROW.references(Visited(id="v", sites=(), host="x", at=7))) == [("host", "person", "x")]


def test_it_is_known_from_one_of_its_instants():
    assert ROW.known_from(VISIT) == 7
    assert RecordType(record=Visited, keys=KEYS, known_at="begin").known_from(VISIT) == 0


def test_a_definition_is_known_from_its_stamp_or_its_begin_or_always_was():
    row = RecordType(record=Visited, keys=KEYS, known_at="begin", is_definition=True)
    assert row.known_from(VISIT) == 0
    assert row.known_from(replace(VISIT, begin=None)) == BEGINNING
    assert row.known_from(replace(VISIT, begin=100, recorded_at=50)) == 50


@pytest.mark.parametrize(("stamp", "recorded", "known"), [(None, 7, 7), (9, 9, 9), (5, 5, 7)])
def test_the_ledger_s_stamp_is_r_and_what_lies_in_the_future_is_known_when_it_has_come(stamp, recorded, known):
    visit = replace(VISIT, recorded_at=stamp)
    assert (ROW.recorded(visit), ROW.known_from(visit)) == (recorded, known)


def test_no_row_finds_a_mistake_unless_it_says_so():
    assert ROW.mistake(VISIT) is None


@pytest.mark.parametrize(("begin", "end", "is_empty"), [(0, 1, False), (1, 1, True), (2, 1, True), (-1, 0, False)])
def test_a_span_is_empty_unless_it_ends_after_it_begins(begin, end, is_empty):
    claim = Claim(id="c", asset="a", begin=begin, end=end, cause="power", at=0)
    work = Maintenance(id="m", scope=Scope(), begin=begin, end=end, announced_at=0, approved=True)
    for found in (empty_span(claim), empty_span(work)):
        assert (found is not None) == is_empty
        if found is not None:
            assert found.text().startswith("to: got 1970-01-01T00:00:00.001Z, wanted an instant after from, ")
            assert found.text("zh").startswith("to：实为 1970-01-01T00:00:00.001Z，应为 晚于 from（")
