"""The four times of availability: they add up, they stay in their bounds, and worse readings never help."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.evidence.records import Reading
from tests.support.timelines import (
    HOUR,
    MINUTE,
    at,
    availability,
    calendar,
    contract,
    evidence_of,
    records,
    repair,
    result,
)

BEGIN = at("10-01 00:00")
PLACE = records(
    """
    asset link link
    asset cam camera behind=link
    check link/icmp 10m reach
    check cam/rtsp 10m
    check cam/icmp 7m reach
    """
)
WORKS = """
maintenance m1 10-01 02:00 05:00 said 09-30 01:00
maintenance m2 kind=link 10-01 04:00 07:00 said 09-30 01:00
claim c1 link 10-01 06:00 09:00 power said 12:00 accepted 13:00
"""
CALENDARS = {"hours": calendar("01:30-06:00 08:00-24:00")}
CHECKS = ("link/icmp", "cam/rtsp", "cam/icmp")

readings = st.lists(
    st.builds(
        Reading,
        check=st.sampled_from(CHECKS),
        at=st.integers(-12, 170).map(lambda step: BEGIN + step * 10 * MINUTE),
        outcome=st.sampled_from(["ok", "ok", "ok", "fail", "none"]),
    ),
    max_size=60,
)
rules = st.fixed_dictionaries(
    {
        "doubt": st.sampled_from(["vendor", "customer", "split"]),
        "unknown": st.sampled_from(["exclude", "up", "down"]),
        "excused": st.sampled_from(["remove", "up"]),
        "min_countable": st.sampled_from(["0s", "15m"]),
        "max_gap": st.sampled_from(["1", "3", "6.5"]),
    }
)
clauses = st.builds(
    availability,
    target=st.sampled_from(["50%", "90%", "99.9%"]),
    measure=st.sampled_from(["fleet", "each"]),
    calendar=st.sampled_from(["always", "hours"]),
)


def judge(clause, said, with_works, measurement, as_of="10-02 00:00"):
    what = contract(clause, term="2026-10-01 2026-10-01", calendars=CALENDARS, **measurement)
    return result(what, evidence_of([*PLACE, *(records(WORKS) if with_works else []), *said]), as_of=as_of)


@given(clauses, readings, st.booleans(), rules)
@settings(max_examples=150, deadline=None)
def test_up_down_changing_and_unknown_add_up_to_the_service_time(clause, said, with_works, measurement):
    found = judge(clause, said, with_works, measurement)
    whole = 24 * HOUR if clause.calendar == "always" else 20 * HOUR + 30 * MINUTE
    for item in found.items:
        service = item.up + item.down + item.changing + item.unknown
        assert min(item.up, item.down, item.changing, item.unknown) >= 0
        if not with_works or measurement["excused"] == "up":
            assert service == whole
        else:
            assert 0 < service < whole


@given(clauses, readings, st.booleans(), rules)
@settings(max_examples=150, deadline=None)
def test_the_value_lies_between_its_bounds_unless_unknown_time_is_left_out(clause, said, with_works, measurement):
    for item in judge(clause, said, with_works, measurement).items:
        assert 0 <= item.low <= item.high <= 1
        assert 0 <= item.coverage <= 1
        if item.value is not None:
            assert 0 <= item.value <= 1
        if measurement["unknown"] != "exclude":
            assert item.low <= item.value <= item.high


@given(clauses, readings, rules)
@settings(max_examples=100, deadline=None)
def test_a_certain_verdict_holds_for_every_doubt_and_every_view_of_unknown_time(clause, said, measurement):
    item = judge(clause, said, False, measurement).items[0]
    if not item.certain:
        return
    for doubt in ("vendor", "customer", "split"):
        for unknown in ("up", "down"):
            other = judge(clause, said, False, measurement | {"doubt": doubt, "unknown": unknown}).items[0]
            assert (other.value >= clause.target) == (item.low >= clause.target)


order = {"met": 0, "breached": 1}


@given(readings, rules, st.integers(0, 143), st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_a_longer_outage_never_improves_availability(said, measurement, first, length):
    # the same looks, of which some ok ones failed: no unknown time comes or goes
    begin, end = BEGIN + first * 10 * MINUTE, BEGIN + (first + length) * 10 * MINUTE
    worse = [
        Reading(check=each.check, at=each.at, outcome="fail")
        if begin <= each.at < end and each.outcome == "ok"
        else each
        for each in said
    ]
    clause = availability("90%", scope={"kind": "link"})
    rules_of_it = measurement | {"min_countable": "0s"}
    before, after = judge(clause, said, False, rules_of_it), judge(clause, worse, False, rules_of_it)
    assert after.high <= before.high
    assert (after.value is None) == (before.value is None)
    if rules_of_it["doubt"] == "customer" and before.value is not None:
        # to the vendor and to both by halves, a fail between two oks makes two changes of which he has the benefit
        assert after.low <= before.low


@given(st.integers(1, 120), st.integers(0, 60), rules, st.sampled_from(["4h", "1h", "0s"]))
@settings(max_examples=100, deadline=None)
def test_a_longer_outage_is_never_cheaper_to_repair(minutes, more, measurement, limit):
    def outage(length: int):
        first = [Reading(check="link/icmp", at=BEGIN + n * 5 * MINUTE, outcome="ok") for n in range(12)]
        bad = [Reading(check="link/icmp", at=BEGIN + HOUR + n * 5 * MINUTE, outcome="fail") for n in range(length)]
        after = BEGIN + HOUR + length * 5 * MINUTE
        return [
            *first,
            *bad,
            *(Reading(check="link/icmp", at=after + n * 5 * MINUTE, outcome="ok") for n in range(12)),
        ]

    clause = repair(limit, deduct={"per_started": "30m", "amount": "10"})
    short, long = (judge(clause, outage(n), False, measurement, "10-05 00:00") for n in (minutes, minutes + more))
    assert short.deduction <= long.deduction
    if short.items and long.items:
        assert short.items[0].elapsed <= long.items[0].elapsed
        assert order[short.items[0].verdict] <= order[long.items[0].verdict]


@given(readings, rules)
@settings(max_examples=80, deadline=None)
def test_the_fleet_is_the_sum_of_its_assets(said, measurement):
    found = judge(availability("90%"), said, True, measurement)
    service = sum(item.up + item.down + item.changing + item.unknown for item in found.items)
    assert found.low == Fraction(sum(item.up for item in found.items), service)
    assert found.high == 1 - Fraction(sum(item.down for item in found.items), service)
    assert found.coverage == 1 - Fraction(sum(item.unknown for item in found.items), service)
