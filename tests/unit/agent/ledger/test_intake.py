"""What people hand in: whole or not at all, and once however often it is handed in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ledger.intake import MOST_PROBLEMS, parse, take
from sla.evidence.instants import parse_instant
from sla.evidence.intervals import END
from sla.evidence.record_json import record_from_json, record_to_json
from sla.evidence.records import Acknowledged, AgentEvent, Claim
from sla.evidence.refusals import EvidenceError
from sla.history.known import known
from tests.support.agents.parts import Watch, kept_ledger, readings_of, small_site
from tests.support.timelines import contract, inspection

SITE = small_site()
ACKNOWLEDGED = {"type": "acknowledged", "check": "link/icmp", "at": "2026-10-30T12:00:00+08:00", "by": "王工"}
CLAIM = {
    "type": "claim",
    "id": "C-1",
    "asset": "link",
    "from": "2026-10-30T08:00:00+08:00",
    "to": "2026-10-30T09:00:00+08:00",
    "cause": "power",
    "at": "2026-10-30T11:59:00+08:00",
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


def taken(ledger, *records: dict, actor: str = "local:wang", ms: int = 0):
    return take(ledger, parse(lines(*records), "file"), source="file", actor=actor, stamp=Watch(ms=ms).now())


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
    assert len(ledger.evidence().of(Claim)) == 1


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


def refused(ledger, *found: dict, **more) -> str:
    """Why these records are refused; nothing of them was kept."""
    before = ledger.head
    with pytest.raises(EvidenceError) as caught:
        taken(ledger, *found, **more)
    assert ledger.head == before
    return str(caught.value)


WORK = {
    "type": "maintenance",
    "id": "M-1",
    "scope": {"ids": ["link"]},
    "from": "2026-11-30T12:00:00+08:00",
    "to": "2026-11-30T13:00:00+08:00",
    "announced_at": "2026-10-30T11:00:00+08:00",
    "approved": True,
}
ROUND = {
    "type": "inspection",
    "id": "I-1",
    "plan": "I1",
    "at": "2026-10-30T11:00:00+08:00",
    "covers": ["cam-1"],
    "result": "ok",
}


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({**ACKNOWLEDGED, "check": "nobody/icmp"}, "check: no check 'nobody/icmp' is known"),
        ({**CLAIM, "asset": "nobody"}, "asset: no asset 'nobody' is known"),
        ({**WORK, "scope": {"ids": ["link", "nobody"]}}, "scope: no asset 'nobody' is known"),
        ({**ROUND, "covers": ["cam-1", "nobody"]}, "covers: no asset 'nobody' is known"),
        ({"type": "ruling", "claim": "C-9", "accepted": True, "at": CLAIM["at"]}, "claim: no claim 'C-9' is known"),
    ],
)
def test_what_nobody_defined_is_named(ledger, record, name):
    assert refused(ledger, record) == f"file:1: {name}"


def test_what_the_same_file_defines_is_known(ledger):
    taken(ledger, {"type": "ruling", "claim": "C-1", "accepted": True, "at": CLAIM["at"]}, CLAIM)


@pytest.mark.parametrize("record", [ACKNOWLEDGED, CLAIM, READING, {"type": "agent", "event": "start"}])
def test_an_instant_ahead_of_the_clock_is_refused(ledger, record):
    """In a year: today it would stop the agent's clock until then."""
    said = refused(ledger, {**record, "at": "2027-10-30T12:00:00+08:00"})
    assert said == "file:1: at: 2027-10-30T04:00:00Z is ahead of the clock, which says 2026-10-30T04:00:00Z"


def test_what_lies_in_the_future_by_nature_is_taken(ledger):
    check = {"type": "check", "id": "link/x", "asset": "link", "interval_s": 60, "severity": "minor"}
    taken(ledger, WORK, {**check, "from": "2027-01-01T00:00:00Z", "to": "2028-01-01T00:00:00Z"})


def test_an_answer_to_no_open_incident_is_minded(ledger):
    ledger.commit(Watch().now(), readings=readings_of("link/icmp -120 ok -60 fail -55 ok"))
    known = {**ACKNOWLEDGED, "at": "2026-10-30T11:01:00+08:00"}
    assert taken(ledger, known).advice == ()
    (advice,) = taken(ledger, ACKNOWLEDGED).advice
    assert str(advice) == (
        "acknowledged: link/icmp has no open incident at 2026-10-30T04:00:00Z; the record answers none"
    )


def test_a_round_outside_of_its_plan_and_an_unknown_plan_are_told_of(ledger):
    clause = inspection("day", {"kind": "link"}, id="I1")
    agreed = contract(clause)
    records = parse(lines({**ROUND, "covers": ["cam-1", "link"]}), "file")
    found = take(ledger, records, source="file", actor="x", stamp=Watch().now(), contract=agreed)
    assert [str(each) for each in found.advice] == ["inspection I-1: outside of what I1 asks for: cam-1"]
    records = parse(lines({**ROUND, "id": "I-2", "plan": "I9"}), "file")
    with pytest.raises(EvidenceError, match="plan: the contract has no obligation 'I9'"):
        take(ledger, records, source="file", actor="x", stamp=Watch().now(), contract=agreed)


def test_work_on_nothing_is_minded(ledger):
    assert [str(each) for each in taken(ledger, {**WORK, "scope": {"kind": ["door"]}}).advice] == [
        "maintenance M-1: its scope holds no asset"
    ]


def test_what_was_a_mistake_is_withdrawn_and_can_be_said_again(ledger):
    taken(ledger, CLAIM)
    mistake = {"type": "corrected", "of": {"type": "claim", "id": "C-1"}, "at": CLAIM["at"], "by": "乙"}
    taken(ledger, mistake)
    taken(ledger, {**CLAIM, "cause": "customer"}, ms=1)
    found = known(ledger.evidence(), None, END)
    assert [each.cause for each in found.of(Claim)] == ["customer"]
    assert "names 0 records" in refused(ledger, {**mistake, "of": {"type": "claim", "id": "C-7"}})


def test_readings_that_are_handed_in_bear_the_stamp_and_count_from_then_on(ledger):
    said = {**READING, "outcome": "ok", "source": "另一系统"}
    taken(ledger, said)
    stored = ledger.evidence().readings
    at, stamp = parse_instant(READING["at"]), Watch().now().wall_ms
    (found,) = stored.samples("link/icmp", 0, END)
    assert (found.recorded_at, found.source) == (stamp, "另一系统")
    assert stored.runs("link/icmp", 1, stamp - 1).runs == ()
    assert list(stored.samples("link/icmp", 0, END, stamp - 1)) == []
    assert len(stored.runs("link/icmp", 1, stamp).runs) == 1
    assert [stored.foreign("link/icmp", at, at + 1, as_of, 60_000) for as_of in (stamp - 1, stamp)] == [0, 1]
    taken(ledger, json.loads(json.dumps(record_to_json(found))))
    assert len(list(ledger.evidence().readings.samples("link/icmp", 0, END))) == 1


def test_a_record_that_says_no_instant_happens_when_it_is_taken():
    without = {key: each for key, each in ACKNOWLEDGED.items() if key != "at"}
    ((_, found),) = parse(lines(without), "file", now=7_000)
    assert found.at == 7_000
    with pytest.raises(EvidenceError, match="at: missing"):
        parse(lines(without), "file")


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
    found = list(ledger.evidence().readings.samples("link/icmp", 0, END, END))
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
