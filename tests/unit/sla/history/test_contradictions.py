"""What contradicts among what was known at one instant, and only there (SPEC §0, §1)."""

from __future__ import annotations

import pytest

from sla.evidence.refusals import EvidenceError
from sla.history.known import known
from tests.support.timelines import at, availability, contract, evidence

WHAT = contract(availability(), term="2026-08-01 2026-12-31")
CAM = "asset cam camera\ncheck cam/icmp 60s\n"


def known_at(said, as_of="12-31 24:00"):
    return known(evidence(CAM + said), WHAT, at(as_of))


def refused(said, as_of="12-31 24:00"):
    with pytest.raises(EvidenceError) as caught:
        known_at(said, as_of)
    return [each.reason.text() for each in caught.value.problems]


CONTRADICTIONS = {
    "two definitions of one from and R": ("asset cam dome\n", "asset cam contradicts the one on line 1"),
    "two checks of one from and R": ("check cam/icmp 30s\n", "check cam/icmp contradicts the one on line 2"),
    "two rulings at one instant": (
        "ruling c1 accepted 09-10 09:00\nruling c1 rejected 09-10 09:00\n",
        "ruling at one instant on claim c1 contradicts",
    ),
    "an id of a claim given twice": (
        "claim c1 cam 09-10 08:00 09:00 power said 10:00\nclaim c1 cam 09-10 08:00 09:00 planned said 10:00\n",
        "claim c1 contradicts",
    ),
    "an id of a round given twice": (
        "inspection i1 I1 cam 09-10 09:00\ninspection i1 I1 cam 09-10 10:00\n",
        "inspection i1 contradicts",
    ),
    "two reach checks at one time": (
        "check cam/a 60s reach\ncheck cam/b 60s reach\n",
        "reach: asset 'cam' has the reach checks 'cam/a' and 'cam/b'; at most one",
    ),
    "a circle": (
        "asset a x behind=b\nasset b x behind=a\n",
        "behind: a circle, ",
    ),
    "a check of another asset": (
        "asset box x\ncheck cam/icmp 60s asset=box from=09-10T00:00\n",
        "asset: check 'cam/icmp' is of 'cam', and cannot become one of 'box'",
    ),
}


@pytest.mark.parametrize(("said", "reason"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_what_contradicts_is_refused(said, reason):
    assert any(each.startswith(reason) for each in refused(said))


@pytest.mark.parametrize(("said", "reason"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_no_later_line_undoes_an_earlier_report(said, reason):
    later = "".join(f"{line} recorded 10-20 09:00\n" for line in said.splitlines())
    assert known_at(later, as_of="10-20 08:59").assets
    if "definitions" in reason:
        assert refused(later)


def test_two_definitions_with_one_from_and_different_r_do_not_contradict():
    assert known_at("asset cam dome recorded 09-10 09:00\n").assets["cam"].latest.kind == "dome"


def test_two_rulings_at_one_instant_with_different_r_do_not_contradict():
    known_at("ruling c1 accepted 09-10 09:00\nruling c1 rejected 09-10 09:00 recorded 09-11 09:00\n")


def test_reach_checks_in_turn_are_one_at_a_time():
    turn = "check cam/a 60s reach to=09-10T00:00\ncheck cam/b 60s reach from=09-10T00:00\n"
    assert set(known_at(turn).checks) == {"cam/icmp", "cam/a", "cam/b"}
    overlap = turn.replace("from=09-10T00:00", "from=09-09T23:59:59.999")
    assert refused(overlap)[0].startswith("reach: asset 'cam' has the reach checks")


def test_a_check_that_becomes_the_reach_check_after_another_no_longer_is():
    turn = "check cam/a 60s reach\ncheck cam/a 60s from=09-10T00:00\ncheck cam/b 60s\ncheck cam/b 60s reach from=09-10T00:00\n"
    assert known_at(turn).checks["cam/b"].latest.reach


def test_circles_at_different_instants_are_none():
    turn = "asset a x behind=b\nasset a x from=09-10T00:00\nasset b x\nasset b x behind=a from=09-10T00:00\n"
    assert set(known_at(turn).assets) == {"cam", "a", "b"}
    assert any(
        "a circle" in each for each in refused(turn.replace("behind=a from=09-10T00:00", "behind=a from=09-09T00:00"))
    )


def test_all_that_contradicts_is_told_at_once():
    said = CONTRADICTIONS["two rulings at one instant"][0] + CONTRADICTIONS["an id of a round given twice"][0]
    assert len(refused(said)) == 2


def test_identical_records_count_once():
    line = "claim c1 cam 09-10 08:00 09:00 power said 10:00\n"
    assert known_at(line + line + CAM).assets
