"""What waits to be sent: kept in the ledger, so that a restart loses nothing and says nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.alerts.outbox import KINDS, WAITS_MS, IncidentKey, Message, Outbox, failed_entry, sent_entry
from sla.ledger import Ledger, Stamp
from tests.support.agents.parts import BEGIN

LINK, CAMERA = IncidentKey("link/icmp", 1_000), IncidentKey("cam-1/icmp", 2_000)
STAMP = Stamp(wall_ms=BEGIN, boot_ms=0, boot_id="b", synced=True, error_ms=0)


def message(
    number: str, *about: IncidentKey, channel: str = "vendor", statement: str = "detected", at: int = 0
) -> Message:
    return Message(
        id=number,
        channel=channel,
        statement=statement,  # type: ignore[arg-type]
        about=about or (LINK,),
        subject=f"subject {number}",
        body="body",
        written_at=at,
    )


def outbox(*messages: Message) -> Outbox:
    found = Outbox()
    for each in messages:
        found.add(each)
    return found


def numbers(found: Outbox, now: int = 0) -> list[str]:
    return [each.id for each in found.due(now)]


def test_a_message_is_due_until_somebody_says_yes():
    found = outbox(message("1"))
    (due,) = found.due(0)
    assert found.begin(due) == set()
    assert numbers(found) == [], "while it is being sent it is not sent again"
    found.end(due, [0], "", 0)
    assert numbers(found) == []
    assert found.undelivered() == []


def test_a_refusal_is_tried_again_after_longer_and_longer_waits():
    """5 s, 10 s, 30 s and so on; after the last one every 15 minutes, for as long as it takes."""
    found, now = outbox(message("1")), 0
    for wait in (*WAITS_MS, WAITS_MS[-1], WAITS_MS[-1]):
        (due,) = found.due(now)
        found.begin(due)
        found.end(due, [], "send too fast", now)
        assert numbers(found, now + wait - 1) == []
        assert numbers(found, now + wait) == ["1"]
        now += wait
    (waiting,) = found.undelivered()
    assert (waiting["failures"], waiting["why"], waiting["subject"]) == (
        len(WAITS_MS) + 2,
        "send too fast",
        "subject 1",
    )


def test_of_one_channel_and_incident_nothing_overtakes_what_was_written_earlier():
    found = outbox(message("1"), message("2", statement="restored"), message("3", CAMERA))
    assert numbers(found) == ["1", "3"]
    first = found.due(0)[0]
    found.begin(first)
    assert numbers(found) == ["3"]
    found.end(first, [], "refused", 0)
    assert numbers(found) == ["3"], "what waits for its next try still goes first"
    found.begin(first)
    found.end(first, [0], "", 5_000)
    assert numbers(found, 5_000) == ["2", "3"]


def test_channels_do_not_wait_for_each_other():
    found = outbox(message("1", channel="vendor"), message("2", channel="customer"))
    assert numbers(found) == ["1", "2"]


def test_a_message_about_two_incidents_holds_both_back():
    found = outbox(message("1", LINK, CAMERA), message("2", CAMERA, statement="restored"))
    assert numbers(found) == ["1"]


def test_urls_that_said_yes_are_not_asked_again():
    found = outbox(message("1"))
    (due,) = found.due(0)
    found.begin(due)
    found.end(due, [0, 2], "the second refused", 0)
    (again,) = found.due(WAITS_MS[0])
    assert found.begin(again) == {0, 2}


def test_a_try_that_was_broken_off_stays_due():
    found = outbox(message("1"))
    (due,) = found.due(0)
    found.begin(due)
    found.abandon(due)
    assert numbers(found) == ["1"]
    found.begin(due)
    found.end(due, [0], "", 0)
    found.abandon(due)  # it was delivered meanwhile: nothing is left to abandon
    assert numbers(found) == []


def test_what_was_stated_of_an_incident_is_counted_once_however_many_channels_there_are():
    found = outbox(
        message("1", channel="vendor", at=10),
        message("2", channel="customer", at=10),
        message("3", channel="vendor", statement="restored", at=20),
    )
    assert found.statements[LINK] == ["detected", "restored"]
    assert found.stated_at[LINK] == 20


@pytest.fixture
def ledger(tmp_path):
    found = Ledger.open(tmp_path, site="s", software="1")
    yield found
    found.close(STAMP)


def restarted(ledger: Ledger, *entries) -> Outbox:
    """An outbox made of the ledger after these entries were committed, each in a commit of its own."""
    for entry in entries:
        ledger.commit(STAMP, entries=[entry])
    return Outbox(ledger.entries(KINDS))


def test_after_a_start_what_was_written_and_not_sent_is_sent(ledger):
    first = message("1", LINK, CAMERA, at=7)
    found = restarted(ledger, first.entry())
    assert found.due(0) == [first]
    assert found.statements == {LINK: ["detected"], CAMERA: ["detected"]}


def test_after_a_start_what_was_sent_is_not_sent_again_but_known(ledger):
    first = message("1", at=7)
    found = restarted(ledger, first.entry(), sent_entry(first, 0, 9, is_last=True))
    assert found.due(0) == []
    assert found.stated_at == {LINK: 7}


def test_after_a_start_a_channel_s_other_urls_are_still_asked(ledger):
    first = message("1")
    found = restarted(ledger, first.entry(), sent_entry(first, 1, 9, is_last=False))
    (due,) = found.due(0)
    assert found.begin(due) == {1}


def test_after_a_start_refusals_are_remembered_and_it_is_tried_at_once(ledger):
    first = message("1")
    found = restarted(ledger, first.entry(), failed_entry(first, 9, "no"), failed_entry(first, 19, "still no"))
    (waiting,) = found.undelivered()
    assert (waiting["failures"], waiting["why"]) == (2, "still no")
    assert numbers(found, 0) == ["1"]


def test_an_entry_about_a_message_that_is_out_already_is_passed_over(ledger):
    first = message("1")
    sent = sent_entry(first, 0, 9, is_last=True)
    assert restarted(ledger, first.entry(), sent, sent, failed_entry(first, 10, "late")).due(0) == []


steps = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["yes", "no", "abandon"])), max_size=25)


@given(steps)
@settings(max_examples=60, deadline=None)
def test_a_message_is_out_once_and_never_lost(taken):
    """Whatever is refused or broken off: each of four messages ends as sent once, or still waits."""
    found = outbox(*(message(str(n), IncidentKey(f"c{n}", n)) for n in range(4)))
    sent: list[str] = []
    now = 0
    for number, step in taken:
        now += WAITS_MS[-1]
        for due in [each for each in found.due(now) if each.id == str(number)]:
            found.begin(due)
            if step == "abandon":
                found.abandon(due)
            else:
                found.end(due, [0] if step == "yes" else [], "" if step == "yes" else "no", now)
                sent += [due.id] if step == "yes" else []
    waiting = [each["id"] for each in found.undelivered()]
    assert sorted([*sent, *waiting]) == ["0", "1", "2", "3"]
