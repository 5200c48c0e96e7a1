"""What people hand in: whole or not at all, and once however often it is handed in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ledger.intake import MOST_PROBLEMS, parse, take
from sla.evidence.record_json import record_from_json
from sla.evidence.records import Acknowledged, AgentEvent
from sla.evidence.refusals import EvidenceError
from tests.support.agents.parts import Watch, kept_ledger, readings_of, small_site

SITE = small_site()
ACKNOWLEDGED = {"type": "acknowledged", "check": "link/icmp", "at": "2026-10-30T12:00:00+08:00", "by": "王工"}
CLAIM = {
    "type": "claim",
    "id": "C-1",
    "asset": "link",
    "from": "2026-10-30T12:00:00+08:00",
    "to": "2026-10-30T13:00:00+08:00",
    "cause": "power",
    "at": "2026-10-30T14:00:00+08:00",
    "by": "乙方",
}
READING = {"type": "reading", "check": "link/icmp", "at": "2026-10-30T11:00:00+08:00", "outcome": "fail"}


def lines(*records: dict) -> list[str]:
    return [json.dumps(each, ensure_ascii=False) for each in records]


@pytest.fixture
def ledger(tmp_path):
    found = kept_ledger(tmp_path, SITE, Watch())
    yield found
    found.close(Watch().now())


def taken(ledger, *records: dict, actor: str = "local:wang"):
    return take(ledger, parse(lines(*records), "file"), source="file", actor=actor, stamp=Watch().now())


def test_empty_lines_are_passed_over_and_lines_are_counted_all_the_same():
    found = parse(["", *lines(ACKNOWLEDGED), "   ", *lines(CLAIM)], "file")
    assert [number for number, _ in found] == [2, 4]
    assert found[0][1] == record_from_json(ACKNOWLEDGED)


def test_every_bad_line_is_named_at_once():
    bad = ["nothing", '{"type": "riddle"}', *lines(ACKNOWLEDGED), '{"type": "ruling"}', "[1]"]
    with pytest.raises(EvidenceError) as refused:
        parse(bad, "rounds.jsonl")
    assert [each.line for each in refused.value.problems] == [1, 2, 4, 5]
    assert "rounds.jsonl:4: " in str(refused.value)


def test_a_file_of_nothing_but_mistakes_is_given_up_after_fifty():
    with pytest.raises(EvidenceError) as refused:
        parse(["nothing"] * 1_000, "file")
    assert len(refused.value.problems) == MOST_PROBLEMS + 1


def test_what_is_nested_too_deeply_is_a_bad_line():
    with pytest.raises(EvidenceError):
        parse(["[" * 100_000], "file")


def test_a_record_is_kept_with_who_handed_it_in(ledger):
    receipt = taken(ledger, ACKNOWLEDGED)
    assert (receipt.records, receipt.head, receipt.is_past) == (1, ledger.head, False)
    (entry,) = ledger.entries(("acknowledged",))
    assert entry.actor == "local:wang"
    assert ledger.evidence().of(Acknowledged)[0].by == "王工"


def test_the_same_record_twice_counts_once(ledger):
    taken(ledger, CLAIM)
    taken(ledger, CLAIM)
    assert len(list(ledger.evidence().records)) == 1
    assert sum(len(found) for found in ledger.evidence().records.values()) == 1


def test_an_event_of_the_agent_is_taken_once_however_often_it_is_imported(ledger):
    event = {"type": "agent", "at": "2026-10-29T00:00:00Z", "event": "start"}
    for _ in range(3):
        taken(ledger, event)
    assert len(ledger.evidence().of(AgentEvent)) == 1


def test_a_contradiction_is_refused_and_nothing_of_the_file_is_kept(ledger):
    taken(ledger, CLAIM)
    before = ledger.head
    with pytest.raises(EvidenceError) as refused:
        taken(ledger, ACKNOWLEDGED, {**CLAIM, "cause": "customer"})
    assert [each.line for each in refused.value.problems] == [2]
    assert ledger.head == before
    assert ledger.evidence().of(Acknowledged) == ()


def test_a_reference_to_what_is_not_there_is_refused(ledger):
    before = ledger.head
    with pytest.raises(EvidenceError, match="nobody/icmp"):
        taken(ledger, {**ACKNOWLEDGED, "check": "nobody/icmp"})
    assert ledger.head == before


@pytest.mark.parametrize(
    "record",
    [
        READING,
        {"type": "asset", "id": "cam-9", "kind": "camera"},
        {"type": "check", "id": "link/new", "asset": "link", "interval_s": 60, "severity": "major"},
    ],
)
def test_readings_and_definitions_are_past_that_others_have_to_take_up_again(ledger, record):
    receipt = taken(ledger, record)
    assert receipt.is_past


def test_a_reading_that_is_there_already_changes_nothing(ledger):
    ledger.commit(Watch().now(), readings=readings_of("link/icmp 0 ok"))
    once = taken(ledger, READING)
    again = taken(ledger, READING)
    assert (once.records, again.records) == (1, 1)
    found = list(ledger.evidence().readings.samples("link/icmp", 0, 1 << 52))
    assert [each.outcome for each in found] == ["fail", "ok"]


texts = st.one_of(
    st.text(max_size=40),
    st.dictionaries(st.sampled_from(["type", "check", "at", "by", "id", "outcome"]), st.text(max_size=8)).map(
        json.dumps
    ),
    st.sampled_from(lines(ACKNOWLEDGED, CLAIM, READING)),
    st.sampled_from(['{"type": []}', '{"type": {}}', "null", "1e999", '{"type":"reading","metrics":{"a":NaN}}']),
)


@given(st.lists(texts, max_size=8))
@settings(max_examples=150, deadline=None)
def test_whatever_is_handed_in_is_records_or_one_refusal(found):
    try:
        records = parse(found, "file")
    except EvidenceError as refused:
        numbers = [each.line for each in refused.problems]
        assert numbers == sorted(numbers)
        assert all(1 <= number <= len(found) for number in numbers)
    else:
        assert [number for number, _ in records] == [n for n, each in enumerate(found, 1) if each.strip()]
