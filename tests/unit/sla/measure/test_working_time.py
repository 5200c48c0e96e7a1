"""work(a, b) and its inverse (SPEC §4, §7)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.contract.calendars import ALL_HOURS, Calendar
from sla.evidence.intervals import clip, difference, measure, normal
from sla.measure.working_time import WorkTime
from tests.support.timelines import DAY, HOUR, MINUTE, ZONE, at, calendar

OFFICE = calendar("08:00-12:00 14:00-18:00", ("mon", "tue", "wed", "thu", "fri"))
MONDAY = at("10-12 00:00")


FOREVER = (-(10**15), 10**15)


def working(rule=OFFICE, excused=(), within=FOREVER) -> WorkTime:
    return WorkTime(Calendar(rule, ZONE, {}), within, excused)


def test_no_work_is_done_backwards():
    assert working().work(MONDAY + 1, MONDAY + 1) == 0
    assert working().work(MONDAY + 1, MONDAY) == 0


def test_work_is_the_calendar_without_what_is_excused():
    excused = ((at("10-12 09:00"), at("10-12 10:00")), (at("10-12 12:30"), at("10-12 14:30")))
    assert working(excused=excused).work(MONDAY, MONDAY + DAY) == 6 * HOUR + 30 * MINUTE


def test_round_the_clock_all_time_is_work():
    assert working(ALL_HOURS).work(-5, 7) == 12
    assert working(ALL_HOURS).reached(-5, 12) == 7


def test_round_the_clock_excused_time_is_none():
    one = working(ALL_HOURS, ((10, 20),))
    assert (one.work(0, 30), one.reached(0, 10), one.reached(0, 11)) == (20, 10, 21)


def test_an_amount_is_reached_at_the_first_instant():
    # 4 h from Monday 08:00 are done at 12:00, not at 14:00 where work goes on
    assert working().reached(at("10-12 08:00"), 4 * HOUR) == at("10-12 12:00")
    assert working().reached(at("10-12 08:00"), 4 * HOUR + 1) == at("10-12 14:00") + 1


def test_nothing_is_reached_at_once_even_outside_working_time():
    assert working().reached(at("10-11 03:00"), 0) == at("10-11 03:00")


def test_an_amount_is_reached_beyond_a_weekend():
    assert working().reached(at("10-16 17:00"), 2 * HOUR) == at("10-19 09:00")


def test_an_amount_of_many_years_is_reached():
    # 8 h each weekday: 2080 h a year of 52 weeks
    assert working().reached(MONDAY, 10_000 * HOUR) == at("2031-07-25 18:00")


def test_what_no_calendar_ever_reaches_is_never():
    term = (MONDAY, MONDAY + 30 * 366 * DAY)
    assert working(calendar("08:00-18:00", ()), within=term).reached(MONDAY, 1) is None


def test_outside_of_its_term_no_time_is_worked():
    # Monday from 10:00 to Tuesday 10:00: 2 + 4 h, then 2 h
    one = working(within=(at("10-12 10:00"), at("10-13 10:00")))
    assert one.work(MONDAY, MONDAY + 7 * DAY) == 8 * HOUR
    assert one.reached(MONDAY, 8 * HOUR) == at("10-13 10:00")
    assert one.reached(MONDAY, 8 * HOUR + 1) is None


def test_round_the_clock_the_term_bounds_too():
    one = working(ALL_HOURS, within=(10, 20))
    assert (one.work(0, 30), one.work(12, 15), one.work(25, 30)) == (10, 3, 0)
    assert (one.reached(0, 10), one.reached(0, 11), one.reached(30, 1), one.reached(30, 0)) == (20, None, None, 30)


def test_asking_backwards_after_forwards_gives_the_same():
    one = working()
    late = one.work(at("2030-01-01 00:00"), at("2031-01-01 00:00"))
    assert one.work(at("2020-01-01 00:00"), at("2021-01-01 00:00")) > 0
    assert one.work(at("2030-01-01 00:00"), at("2031-01-01 00:00")) == late


spans = st.lists(st.tuples(st.integers(0, 20 * 24), st.integers(0, 20 * 24)), max_size=4).map(
    lambda found: normal((MONDAY + begin * HOUR, MONDAY + end * HOUR) for begin, end in found)
)


@given(spans, st.integers(0, 20 * 24 * 60), st.integers(0, 20 * 24 * 60))
@settings(max_examples=100, deadline=None)
def test_work_is_the_measure_of_calendar_less_excused(excused, first, length):
    begin, end = MONDAY + first * MINUTE, MONDAY + (first + length) * MINUTE
    plain = clip(difference(Calendar(OFFICE, ZONE, {}).spans(begin, end), excused), begin, end)
    assert working(excused=excused).work(begin, end) == measure(plain)


@given(spans, st.integers(0, 20 * 24 * 60), st.integers(1, 200 * 60))
@settings(max_examples=100, deadline=None)
def test_what_is_reached_is_the_first_instant_with_that_much_work(excused, first, minutes):
    start, amount = MONDAY + first * MINUTE, minutes * MINUTE
    one = working(excused=excused)
    reached = one.reached(start, amount)
    assert one.work(start, reached) == amount
    assert one.work(start, reached - 1) == amount - 1
