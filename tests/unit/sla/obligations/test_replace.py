"""Replace clauses (docs/obligations.md §5): a part is swapped within days of its diagnosis."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.clauses import clause, diagnosed, replaced, result
from tests.support.timelines import DAY, HOUR, at, calendar, contract

CAM = "asset cam camera\nasset link link\n"
X1 = diagnosed("x1", "cam", "10-02 10:00")
UNITS = {"per_started": "1d", "amount": "50"}


def found(keys, *records, said="", month="2026-10", as_of=None, **pieces):
    keys = {"limit": "15d"} | keys
    return result(contract(clause("replace", **keys), **pieces), CAM + said, records, month, as_of)


def told(judged):
    return [(item.diagnosis, item.verdict, item.carried) for item in judged.items]


def test_without_any_diagnosis_nothing_applies():
    judged = found({})
    assert (judged.verdict, judged.value, judged.certain, judged.items) == ("not_applicable", None, None, ())


def test_a_swap_exactly_at_the_limit_is_met_and_a_millisecond_later_it_is_breached():
    # 10-02 10:00 + 15 × 24 h = 10-17 10:00
    judged = found({}, X1, replaced("x1", "10-17 10:00"))
    assert (judged.verdict, judged.value, judged.certain) == ("met", 1, True)
    (item,) = judged.items
    assert (item.elapsed, item.deadline, item.done, item.decided) == (
        15 * DAY,
        item.done,
        at("10-17 10:00"),
        item.done,
    )
    judged = found({}, X1, replaced("x1", "10-17 10:00:00.001"))
    assert (judged.verdict, judged.value, judged.items[0].decided) == ("breached", 0, at("10-17 10:00"))


def test_while_nobody_swapped_it_is_pending_and_then_breached():
    judged = found({}, X1, as_of="10-17 10:00")
    assert (judged.verdict, told(judged)) == ("not_applicable", [("x1", "pending", False)])
    assert told(found({}, X1, as_of="10-17 10:00:00.001")) == [("x1", "breached", False)]


def test_a_lent_spare_ends_the_stage_substitute_only():
    lent = replaced("x1", "10-02 20:00", temporary=True)
    assert found({"stage": "substitute", "limit": "24h"}, X1, lent).verdict == "met"
    assert found({"limit": "24h"}, X1, lent).verdict == "breached"
    assert found({"stage": "substitute", "limit": "24h"}, X1, replaced("x1", "10-02 20:00")).verdict == "met"


def test_the_first_swap_of_the_diagnosis_counts_in_any_order():
    swaps = [replaced("x1", "10-20 10:00"), replaced("x1", "10-10 10:00"), replaced("x1", "10-01 09:00")]
    judged = found({}, X1, *swaps)  # the one before the diagnosis is no answer to it
    assert judged.items[0].done == at("10-10 10:00")
    assert found({}, *reversed(swaps), X1) == judged


def test_only_assets_in_scope_are_asked():
    other = diagnosed("x2", "link", "10-02 10:00")
    judged = found({"scope": {"kind": "camera"}}, X1, other, replaced("x1", "10-03 10:00"))
    assert [item.asset for item in judged.items] == ["cam"]


def test_excused_time_does_not_run():
    # limit 24 h from 10:00; 12 h excused by a claim: the deadline moves from 10-03 10:00 to 10-03 22:00
    claim = "claim c1 cam 10-02 12:00 10-02 24:00 force_majeure said 10-03 08:00 accepted 10-03 09:00"
    judged = found({"limit": "24h"}, X1, replaced("x1", "10-03 22:00"), said=claim)
    assert (judged.verdict, judged.items[0].deadline) == ("met", at("10-03 22:00"))
    assert found({"limit": "24h"}, X1, replaced("x1", "10-03 22:00")).verdict == "breached"


def test_the_limit_is_working_time_of_the_calendar():
    # holidays to 10-07; 8 working hours a day from Thursday the 8th: 16 h are over on the 9th at 17:00
    office = {"office": calendar("09:00-17:00", "workdays", "CN")}
    keys = {"calendar": "office", "limit": "16h"}
    judged = found(keys, X1, calendars=office)
    assert judged.items[0].deadline == at("10-09 17:00")
    assert judged.items[0].verdict == "breached"


def test_a_diagnosis_before_the_term_runs_from_its_beginning_and_one_after_it_is_none_of_it():
    judged = found({"limit": "1d"}, X1, replaced("x1", "10-06 00:00"), term="2026-10-05 2026-10-31")
    assert (judged.items[0].start, judged.items[0].elapsed, judged.verdict) == (at("10-05 00:00"), DAY, "met")
    assert found({}, X1, replaced("x1", "10-04 00:00"), term="2026-10-05 2026-10-31").items == ()
    assert found({}, X1, month="2026-09", term="2026-09-01 2026-09-30").items == ()


def test_after_the_term_no_working_time_goes_by():
    # diagnosed on 10-02 10:00: 29 days and 14 hours are left of the term, less than 60 days
    judged = found({"limit": "60d"}, X1, term="2026-01-01 2026-10-31")
    assert told(judged) == [("x1", "not_applicable", False)]
    assert (judged.items[0].elapsed, judged.items[0].deadline) == (29 * DAY + 14 * HOUR, None)
    late = found({"limit": "29d"}, X1, term="2026-01-01 2026-10-31")
    assert told(late) == [("x1", "breached", False)]
    assert late.items[0].decided == at("10-31 10:00")


def test_pending_ones_are_listed_from_the_diagnosis_on():
    listed = [
        bool(found({"limit": "90d"}, X1, month=f"2026-{n}", as_of="11-20 00:00").items)
        for n in ("09", "10", "11", "12")
    ]
    assert listed == [False, True, True, False]


def test_without_a_deadline_within_a_century_it_stays_pending():
    never = {"never": calendar("09:00-17:00", ("mon",))}
    judged = found({"calendar": "never", "limit": "100000d"}, X1, calendars=never, as_of="12-31 12:00")
    assert (told(judged), judged.items[0].deadline) == ([("x1", "pending", False)], None)


def test_overtime_days_fall_into_the_months_in_which_they_are_owed():
    # due 10-28 10:00; swapped 11-03 10:00, 6 days late: units at 10-28 … 10-31 10:00 are October's 4, two are November's
    x = diagnosed("x1", "cam", "10-13 10:00")
    swap = replaced("x1", "11-03 10:00")
    october = found({"deduct": UNITS}, x, swap)
    november = found({"deduct": UNITS}, x, swap, month="2026-11")
    assert (october.deduction, november.deduction) == (Decimal("200.00"), Decimal("100.00"))
    assert (told(october), told(november)) == ([("x1", "breached", False)], [("x1", "breached", True)])
    assert (november.verdict, november.value) == ("not_applicable", None)
    assert november.items[0].summary == "carried breached 100.00"


def test_cap_each_bounds_all_months_and_cap_each_month():
    x = diagnosed("x1", "cam", "10-13 10:00")
    swap = replaced("x1", "11-03 10:00")
    rule = UNITS | {"cap_each": "250"}
    assert [found({"deduct": rule}, x, swap, month=f"2026-{n}").deduction for n in (10, 11)] == [
        Decimal(200),
        Decimal(50),
    ]
    assert found({"deduct": UNITS | {"cap": "120"}}, x, swap).deduction == Decimal(120)


@pytest.mark.parametrize(("late", "units"), [(0, 0), (1, 1), (24 * HOUR, 1), (24 * HOUR + 1, 2)])
def test_a_started_day_counts(late, units):
    swap = replaced("x1", "10-17 10:00")
    moved = type(swap)(diagnosis="x1", at=swap.at + late)
    assert found({"deduct": UNITS}, X1, moved).deduction == 50 * units


def test_points_and_a_share_less_than_all():
    x2 = diagnosed("x2", "link", "10-02 10:00")
    keys = {"share": "50%", "deduct": {"per_breach": "70"}, "points": "9", "lose": {"per_breach": "4"}}
    judged = found(keys, X1, x2, replaced("x1", "10-03 10:00"))
    assert (judged.verdict, judged.value) == ("met", Fraction(1, 2))
    assert (judged.deduction, judged.lost) == (Decimal("70.00"), Decimal(4))


def test_a_swap_said_after_as_of_is_not_known_yet():
    assert told(found({}, X1, replaced("x1", "10-10 10:00"), as_of="10-10 09:59")) == [("x1", "pending", False)]
    assert found({}, X1, as_of="10-02 09:59").items == ()


def test_a_day_of_a_clock_change_is_still_24_hours():
    what = contract(clause("replace", limit="1d"), zone="America/New_York")
    # New York puts its clocks back on 2026-11-01 at 06:00 UTC: from 12:00 EDT to 11:00 EST next day
    x = type(X1)(id="x1", asset="cam", at=at("2026-10-31T16:00:00+00:00"))
    judged = result(what, CAM, [x], "2026-11")
    assert judged.items[0].deadline == at("2026-11-01T16:00:00+00:00")
    assert judged.items[0].deadline == at("11-01 11:00", "America/New_York")


def test_29_february_is_a_day():
    x = type(X1)(id="x1", asset="cam", at=at("2028-02-28 10:00"))
    judged = found({"limit": "2d"}, x, month="2028-03", term="2028-01-01 2028-12-31", as_of="2028-04-01 00:00")
    assert judged.items[0].deadline == at("2028-03-01 10:00")


def test_a_year_without_official_holidays_is_named():
    office = {"office": calendar("09:00-17:00", "workdays", "CN")}
    x = type(X1)(id="x1", asset="cam", at=at("2027-02-01 10:00"))
    pieces = {"month": "2027-02", "term": "2027-01-01 2027-12-31", "as_of": "2027-03-01 00:00", "calendars": office}
    assert found({"limit": "8h", "calendar": "office"}, x, **pieces).years == {2027}
