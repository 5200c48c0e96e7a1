"""What is said too late, and what is said in advance, excuses nothing (SPEC §4)."""

from __future__ import annotations

import pytest

from sla.evidence.records import Claim, Maintenance
from sla.measure.analysis import Analysis
from sla.measure.excuses import approvals, claimed_span, settled_at, standing_rulings
from tests.support.timelines import DAY, at, availability, contract, evidence

CAM = "asset cam camera\n"
WHAT = contract(availability(), term="2026-08-01 2026-12-31")
SIGNED = "settled 2026-09 1.00 0.00 10-05 09:00\n"
CLAIM = "claim c1 cam 09-10 08:00 10:00 power said 09-11 09:00\n"
WINDOW = (at("09-10 08:00"), at("09-10 10:00"))


def analysis(said, as_of="12-31 24:00", what=WHAT):
    return Analysis(what, evidence(CAM + said), at(as_of))


def excused(said, as_of="12-31 24:00", what=WHAT):
    return analysis(said, as_of, what).excuses.of("cam")


# -- claims


def test_nothing_is_claimed_in_advance():
    # claimed at 09:00 for 08:00 to 10:00: the hour up to then
    early = CLAIM.replace("said 09-11 09:00", "said 09-10 09:00") + "ruling c1 accepted 09-12 09:00\n"
    assert excused(early) == ((at("09-10 08:00"), at("09-10 09:00")),)
    stamped = CLAIM.replace("\n", " recorded 09-10 09:30\n")
    (claim,) = analysis(stamped).known.of(Claim)
    assert claimed_span(claim) == (at("09-10 08:00"), at("09-10 09:30"))


def test_a_claim_made_before_its_time_begins_excuses_nothing():
    ahead = CLAIM.replace("said 09-11 09:00", "said 09-09 09:00") + "ruling c1 accepted 09-12 09:00\n"
    assert excused(ahead) == ()


@pytest.mark.parametrize(
    ("rulings", "stands", "too_late"),
    [
        # known at the settlement, 10-05 09:00: the last one then stands
        (["rejected 09-12 09:00", "accepted 10-20 09:00"], False, True),
        (["accepted 09-12 09:00", "rejected 10-20 09:00"], True, True),
        (["rejected 09-12 09:00", "accepted 10-05 09:00"], True, False),  # not after the settlement
        (["rejected 09-12 09:00", "accepted 09-13 09:00 recorded 10-20 09:00"], False, True),
        # none was known then: the first one after it is not too late, nor are those that follow
        (["accepted 10-20 09:00"], True, False),
        (["accepted 10-20 09:00", "rejected 10-21 09:00"], False, False),
    ],
)
def test_a_ruling_after_the_settlement_is_too_late_if_there_was_one_before(rulings, stands, too_late):
    said = CLAIM + SIGNED + "".join(f"ruling c1 {each}\n" for each in rulings)
    assert excused(said) == ((WINDOW,) if stands else ())
    assert standing_rulings(analysis(said).known)["c1"].has_late is too_late


def test_without_a_settlement_the_last_ruling_stands():
    assert excused(CLAIM + "ruling c1 rejected 09-12 09:00\nruling c1 accepted 10-20 09:00\n") == (WINDOW,)


def test_what_counts_is_the_last_month_that_the_claim_touches():
    # from September into October, which nobody has signed
    over = CLAIM.replace("10:00 power said 09-11 09:00", "10-01 00:00:00.001 power said 10-02 09:00")
    said = over + SIGNED + "ruling c1 rejected 10-03 09:00\nruling c1 accepted 10-20 09:00\n"
    assert excused(said) == ((at("09-10 08:00"), at("10-01 00:00:00.001")),)
    # up to the very end of September: its settlement is the last one
    said = said.replace("00:00:00.001", "00:00")
    assert excused(said) == ()


def test_a_ruling_known_before_its_claim_counts_for_nothing():
    assert excused(CLAIM + "ruling c1 accepted 09-11 08:59\n") == ()
    assert excused(CLAIM + "ruling c1 accepted 09-11 09:00\n") == (WINDOW,)


@pytest.mark.parametrize(
    ("taken_back", "stands"),
    [
        ("10-04 09:00", False),  # in time: the rejection before it stands again
        ("10-20 09:00", True),  # too late
    ],
)
def test_taking_a_ruling_back_is_too_late_after_the_settlement(taken_back, stands):
    said = CLAIM + "ruling c1 rejected 09-12 09:00\nruling c1 accepted 09-13 09:00\n" + SIGNED
    found = f"{said}corrected ruling at=2026-09-13T01:00:00Z {taken_back}\n"
    assert excused(found) == ((WINDOW,) if stands else ())
    assert standing_rulings(analysis(found).known)["c1"].has_late is stands


def test_the_only_ruling_taken_back_in_time_leaves_none():
    assert excused(CLAIM + "ruling c1 accepted 09-13 09:00\ncorrected ruling claim=c1 09-20 09:00\n" + SIGNED) == ()


def test_a_ruling_after_the_settlement_may_be_taken_back_where_it_was_not_too_late():
    said = CLAIM + SIGNED + "ruling c1 accepted 10-20 09:00\n"
    assert excused(said + "corrected ruling claim=c1 10-21 09:00\n") == ()


def test_who_judges_as_of_before_sees_what_stood_then():
    said = CLAIM + "ruling c1 rejected 09-12 09:00\nruling c1 accepted 10-20 09:00\n"
    assert excused(said, as_of="10-20 08:59") == ()


# -- maintenance


WORK = "maintenance m1 kind=camera 09-10 08:00 10:00 said 09-01 09:00 unapproved\n"


def test_maintenance_is_approved_by_itself_or_by_a_record():
    assert excused(WORK) == ()
    assert excused(WORK.replace(" unapproved", "")) == (WINDOW,)
    assert excused(WORK + "approved m1 09-11 09:00\n") == (WINDOW,)
    assert excused(WORK + "approved m2 09-11 09:00\n") == ()


@pytest.mark.parametrize(("when", "counts"), [("10-05 09:00", True), ("10-05 09:01", False)])
def test_an_approval_after_the_settlement_is_too_late_and_for_nothing(when, counts):
    said = f"{WORK}{SIGNED}approved m1 {when}\n"
    assert excused(said) == ((WINDOW,) if counts else ())
    assert approvals(analysis(said).known).late == (frozenset() if counts else {"m1"})


def test_one_approval_in_time_is_enough():
    said = f"{WORK}{SIGNED}approved m1 09-20 09:00\napproved m1 10-20 09:00\n"
    assert (excused(said), approvals(analysis(said).known).late) == ((WINDOW,), frozenset())


def test_without_a_settlement_no_approval_is_too_late():
    assert excused(WORK + "approved m1 12-20 09:00\n") == (WINDOW,)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("said 09-09 08:00", True),
        ("said 09-09 08:01", False),
        ("said 09-01 09:00 recorded 09-09 08:00", True),
        ("said 09-01 09:00 recorded 09-09 08:01", False),  # announced when it was told, whatever it says
    ],
)
def test_it_is_announced_at_the_later_of_what_it_says_and_r(said, counts):
    work = f"maintenance m1 kind=camera 09-10 08:00 10:00 {said}\n"
    what = contract(availability(), term="2026-08-01 2026-12-31", notice="1d")
    assert excused(work, what=what) == ((WINDOW,) if counts else ())


def test_its_scope_holds_an_asset_by_the_definition_at_its_begin():
    work = WORK.replace(" unapproved", "")
    box_then = "asset cam box from=09-10T08:00\n"
    box_later = "asset cam box from=09-10T08:00:00.001\n"
    assert excused(box_then + work) == ()
    assert excused(box_later + work) == (WINDOW,)


def test_an_asset_that_was_not_defined_at_its_begin_is_not_maintained():
    said = "asset box camera from=09-10T09:00\n" + WORK.replace(" unapproved", "")
    assert analysis(said).excuses.of("box") == ()


def test_the_settlement_that_counts_is_that_of_the_last_month_touched():
    found = analysis(SIGNED + WORK).known
    (work,) = found.of(Maintenance)
    assert settled_at(found, (work.begin, work.end)) == at("10-05 09:00")
    assert settled_at(found, (work.begin, at("10-01 00:00"))) == at("10-05 09:00")
    assert settled_at(found, (work.begin, at("10-01 00:00") + 1)) is None
    assert settled_at(found, (work.begin, work.begin)) is None
    assert settled_at(found, (work.begin - 60 * DAY, work.begin - 59 * DAY)) is None  # outside of the term


# -- answers and rounds that are put in later


def answers(said, backdate):
    what = contract(availability(), term="2026-08-01 2026-12-31", backdate=backdate)
    found = Analysis(what, evidence(CAM + "check cam/icmp 60s\n" + said), at("12-31 24:00"))
    return [each.counts_at for each in found.acknowledged["cam/icmp"]]


@pytest.mark.parametrize(
    ("recorded", "backdate", "counts_at"),
    [
        ("", "0s", "09-10 09:00"),  # without a stamp R is its `at`
        (" recorded 09-10 09:05", "0s", "09-10 09:05"),
        (" recorded 09-10 09:05", "5m", "09-10 09:00"),
        (" recorded 09-10 09:05:00.001", "5m", "09-10 09:05:00.001"),
        (" recorded 09-10 08:00", "0s", "09-10 09:00"),  # said in advance: at its own instant
    ],
)
def test_an_answer_counts_at_its_instant_or_when_it_was_taken_in(recorded, backdate, counts_at):
    assert answers(f"acknowledged cam/icmp 09-10 09:00{recorded}\n", backdate) == [at(counts_at)]
