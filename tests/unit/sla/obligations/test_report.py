"""Report clauses (docs/obligations.md §4): the document of a month, due by a day of the next one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.clauses import HASH, clause, delivered, result
from tests.support.timelines import at, calendar, contract

OFFICE = {"office": calendar("09:00-17:00", "workdays", "CN")}


def monthly(**keys):
    return clause("report", **({"due": 5} | keys))


def found(keys, *records, month="2026-11", as_of=None, **pieces):
    return result(contract(monthly(**keys), **({"calendars": OFFICE} | pieces)), "", records, month, as_of)


def verdicts(judged):
    return [item.verdict for item in judged.items]


def test_without_any_record_the_document_is_missed():
    judged = found({})
    assert (judged.verdict, judged.value, judged.certain, verdicts(judged)) == ("breached", 0, True, ["missed"])
    assert (judged.items[0].month, judged.items[0].deadline) == ("2026-10", at("11-05 24:00"))


def test_what_came_by_the_end_of_the_day_is_done_and_at_midnight_it_is_not():
    on_time = delivered("d", "2026-10", "11-05 23:59:59.999", by="乙", sha256=HASH)
    judged = found({}, on_time)
    assert (judged.verdict, judged.value, verdicts(judged)) == ("met", 1, ["done"])
    assert (judged.items[0].delivered, judged.items[0].by, judged.items[0].sha256) == (on_time.at, "乙", HASH)
    assert verdicts(found({}, delivered("d", "2026-10", "11-05 24:00"))) == ["missed"]
    assert verdicts(found({"grace": "1d"}, delivered("d", "2026-10", "11-05 24:00"))) == ["late"]


def test_grace_ends_before_its_last_instant():
    grace = {"grace": "3d"}
    assert verdicts(found(grace, delivered("d", "2026-10", "11-08 23:59:59.999"))) == ["late"]
    assert verdicts(found(grace, delivered("d", "2026-10", "11-08 24:00"))) == ["missed"]


def test_the_first_delivery_counts_and_a_corrected_version_does_not_make_it_later():
    both = (delivered("d2", "2026-10", "11-20 09:00"), delivered("d1", "2026-10", "11-04 09:00"))
    assert found({}, *both) == found({}, *reversed(both))
    assert verdicts(found({}, *both)) == ["done"]


def test_a_document_of_another_plan_or_month_is_none():
    others = (delivered("a", "2026-10", "11-01 09:00", plan="other"), delivered("b", "2026-09", "11-01 09:00"))
    assert verdicts(found({}, *others)) == ["missed"]


def test_before_the_deadline_is_over_it_is_pending():
    judged = found({}, as_of="11-05 23:59:59.999")
    assert (judged.verdict, judged.value, judged.certain, verdicts(judged)) == (
        "not_applicable",
        None,
        True,
        ["pending"],
    )
    assert verdicts(found({}, as_of="11-05 24:00")) == ["missed"]
    assert verdicts(found({"grace": "2d"}, as_of="11-07 23:59")) == ["pending"]


def test_a_delivery_said_after_as_of_is_not_known_yet():
    late = delivered("d", "2026-10", "11-04 09:00")
    assert verdicts(found({}, late, as_of="11-04 08:59")) == ["pending"]
    assert verdicts(found({}, late, as_of="11-04 09:00")) == ["done"]


def test_the_fifth_working_day_skips_weekends_and_holidays():
    # November 2026: the 1st is a Sunday; working days 2 3 4 5 6 → the fifth is Friday the 6th
    assert found({"calendar": "office"}).items[0].deadline == at("11-06 24:00")
    # October: 1 to 7 holidays, 8 Thu, 9 Fri, 10 Sat made up, 12 Mon, 13 Tue
    assert found({"calendar": "office"}, month="2026-10").items[0].deadline == at("10-13 24:00")


@pytest.mark.parametrize(("year", "day"), [(2026, "2026-02-28"), (2028, "2028-02-29")])
def test_day_31_is_the_last_day_of_a_short_month(year, day):
    judged = found({"due": 31}, month=f"{year}-02", term=f"{year}-01-01 {year}-12-31", as_of=f"{year}-12-31 23:00")
    assert judged.items[0].deadline == at(f"{day} 24:00")


def test_of_too_few_working_days_the_last_one_counts_and_of_none_the_month_s_last_day():
    # November 2026 has 21 working days, the last is Monday the 30th
    assert found({"due": 31, "calendar": "office"}).items[0].deadline == at("11-30 24:00")
    never = {"rare": calendar("09:00-17:00", "workdays", extra_holidays=())}
    sundays = {"rare": calendar("09:00-17:00", ("sun",))}
    assert found({"due": 9, "calendar": "rare"}, calendars=sundays).items[0].deadline == at("11-29 24:00")
    assert found({"due": 1, "calendar": "rare"}, calendars=never).items[0].deadline == at("11-02 24:00")


def test_a_month_without_any_day_of_the_calendar_owes_it_on_its_last_day():
    gone = {"none": calendar("02:00-03:00", "workdays", extra_holidays=tuple(_weekdays_of_november()))}
    assert found({"due": 3, "calendar": "none"}, calendars=gone).items[0].deadline == at("11-30 24:00")


def _weekdays_of_november():
    return [day for n in range(1, 31) if (day := date(2026, 11, n)).weekday() < 5]


def test_due_in_the_same_month_looks_at_that_month_s_own_document():
    judged = found({"due": 25, "due_in": "same"}, delivered("d", "2026-11", "11-25 12:00"))
    assert [(item.month, item.verdict, item.deadline) for item in judged.items] == [
        ("2026-11", "done", at("11-25 24:00"))
    ]


def test_the_first_month_of_the_term_owes_nothing_and_its_last_owes_two():
    first = found({}, month="2026-01")
    assert (first.verdict, first.value, first.items) == ("not_applicable", None, ())
    # the document of December is due on 2027-01-05, after the term; so it belongs to December
    last = found({}, month="2026-12", as_of="2027-02-01 00:00")
    assert [item.month for item in last.items] == ["2026-11", "2026-12"]
    assert found({}, month="2027-01", as_of="2027-02-01 00:00").items == ()


def test_a_month_that_the_term_cuts_owes_no_document():
    assert found({}, month="2026-11", term="2026-10-02 2026-12-31").items == ()


def test_a_quarter_s_document_is_named_by_its_last_month():
    judged = found({"every": "quarter"}, delivered("d", "2026-09", "10-05 09:00"), month="2026-10")
    assert [(item.month, item.verdict) for item in judged.items] == [("2026-09", "done")]
    assert found({"every": "quarter"}, month="2026-11").items == ()


RULE = {"per_missed": "1000", "per_late": "7", "per_day": "100"}


@pytest.mark.parametrize(
    ("when", "deduction"),
    [
        ("11-05 23:59", "0.00"),
        ("11-05 24:00", "107.00"),  # at the deadline: late, its first day begins
        ("11-06 24:00", "107.00"),  # a whole day
        ("11-07 00:00:00.001", "207.00"),  # the second day has begun
        ("11-08 23:59", "307.00"),
        ("11-09 00:00", "1000.00"),  # the grace of 3 days is over
    ],
)
def test_late_days_are_counted_by_started_days(when, deduction):
    judged = found({"grace": "3d", "deduct": RULE}, delivered("d", "2026-10", when))
    assert judged.deduction == Decimal(deduction)


def test_deductions_are_capped_and_points_bounded():
    keys = {"deduct": {"per_missed": "1000", "cap": "600"}, "points": "5", "lose": {"per_missed": "8"}}
    judged = found(keys)
    assert (judged.deduction, judged.lost) == (Decimal("600.00"), Decimal(5))


def test_of_two_documents_in_december_one_may_be_done():
    judged = found({}, delivered("d", "2026-11", "12-05 09:00"), month="2026-12", as_of="2027-02-01 00:00")
    assert (judged.verdict, judged.value, verdicts(judged)) == ("breached", Fraction(1, 2), ["done", "missed"])


def test_a_year_without_official_holidays_is_named():
    judged = found({"calendar": "office"}, month="2027-02", term="2027-01-01 2027-12-31", as_of="2027-03-01 00:00")
    assert judged.years == {2027}
    assert found({"calendar": "office"}).years == frozenset()


def test_a_day_is_local_and_a_clock_change_moves_its_end():
    # New York: 1 November 2026 has 25 hours; day 1 ends at 05:00 UTC, not at 04:00
    what = contract(monthly(due=1), zone="America/New_York")
    judged = result(what, "", [delivered("d", "2026-10", "2026-11-02T04:59:59.999+00:00")], "2026-11")
    assert [item.verdict for item in judged.items] == ["done"]
    assert judged.items[0].deadline == at("2026-11-02T05:00:00+00:00")
