"""When people are told, and why not."""

from __future__ import annotations

import pytest

from agent.alerts.decide import STATEMENTS, AlertCase, decide, may_send
from sla.incidents.incident import Incident

DETECTED = 1_000_000
HOUR = 3_600_000


def incident(
    *, restored: int | None = None, closed: bool = False, blip: bool = False, withdrawn: int | None = None
) -> Incident:
    return Incident(
        check="link/icmp",
        detected=DETECTED,
        began_after=DETECTED - 60_000,
        last_fail=DETECTED + 30_000,
        restored=restored,
        closed=closed,
        blip=blip,
        withdrawn=withdrawn,
    )


OPEN = incident()
RESTORED = incident(restored=DETECTED + 40_000)
CLOSED = incident(restored=DETECTED + 40_000, closed=True)


def said(*words, what: Incident | None = OPEN, settled: bool = True, now: int = DETECTED + 45_000) -> str:
    return decide(
        AlertCase(incident=what, statements=words, stated_at=DETECTED if words else None, is_settled=settled), now
    )


def test_an_open_incident_is_told_once():
    assert said() == "detected"
    assert said("detected") == "known"


def test_nothing_is_said_before_what_is_upstream_has_been_looked_at():
    assert said(settled=False) == "hold"


def test_an_incident_that_turns_out_explained_is_never_said():
    assert said(what=None) == "cut_off"


def test_an_incident_that_was_said_and_turns_out_explained_is_taken_back_once():
    assert said("detected", what=None) == "vanished"
    assert said("detected", "vanished", what=None) == "cut_off"


def test_one_that_was_taken_back_and_stands_after_all_is_said_again():
    assert said("detected", "vanished") == "detected"


def test_restoration_is_said_at_the_first_ok():
    assert said("detected", what=RESTORED) == "restored"
    assert said("detected", "restored", what=RESTORED) == "known"
    assert said("detected", "restored", what=CLOSED) == "known"


def test_a_fault_that_ended_before_it_could_be_said_is_said_with_its_end():
    assert said(what=RESTORED) == "restored"


def test_a_relapse_is_said_once_and_its_end_when_it_is_stable():
    assert said("detected", "restored") == "relapsed"
    assert said("detected", "restored", "relapsed") == "known"
    assert said("detected", "restored", "relapsed", what=RESTORED) == "flapping"
    assert said("detected", "restored", "relapsed", what=CLOSED) == "restored"
    assert said("detected", "restored", "relapsed", "restored", what=CLOSED) == "known"


def test_flapping_for_a_day_makes_at_most_four_messages():
    words: tuple[str, ...] = ()
    for turn in range(1_440):
        for what in (OPEN, RESTORED):
            reason = said(*words, what=what, now=DETECTED + 45_000 + turn)
            words += (reason,) if reason in STATEMENTS else ()
    reason = said(*words, what=CLOSED)
    assert (*words, reason) == ("detected", "restored", "relapsed", "restored")


def test_an_open_incident_is_repeated_after_a_day():
    assert said("detected", now=DETECTED + 24 * HOUR - 1) == "known"
    assert said("detected", now=DETECTED + 24 * HOUR) == "repeat"


def test_a_blip_is_not_said():
    blip = incident(restored=DETECTED + 40_000, closed=True, blip=True)
    assert said(what=blip) == "blip"


@pytest.mark.parametrize(("what", "now"), [(CLOSED, DETECTED + HOUR), (RESTORED, DETECTED + 25 * HOUR)])
def test_history_found_at_the_start_is_no_alert(what: Incident, now: int):
    assert said(what=what, now=now) == "over"


def test_one_found_open_after_a_long_pause_is_said():
    assert said(what=OPEN, now=DETECTED + 48 * HOUR) == "detected"


def test_a_storm_is_held_to_one_message_a_minute():
    sent: list[int] = []
    for now in range(0, 600_000, 1_000):
        if may_send(sent, now):
            sent.append(now)
    assert len(sent) <= 5 * 10
    assert may_send([0, 1, 2, 3], 10)
    assert not may_send([0, 1, 2, 3, 4], 10)
    assert may_send([0, 1, 2, 3, 4], 60_000)


LEFT = incident(withdrawn=DETECTED + 40_000)


def test_one_whose_check_left_while_it_was_down_is_told_of_once():
    assert said("detected", what=LEFT) == "withdrawn"
    assert said("detected", "withdrawn", what=LEFT) == "known"
    assert said(what=LEFT) == "withdrawn"
    assert said(what=LEFT, now=DETECTED + 25 * HOUR) == "over"


def test_one_that_was_restored_before_its_check_left_is_restored():
    both = incident(restored=DETECTED + 35_000, withdrawn=DETECTED + 40_000)
    assert said("detected", what=both) == "restored"
