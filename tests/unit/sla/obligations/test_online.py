"""Online clauses (docs/obligations.md §3): roll calls of two or four cameras at fixed times of day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from sla.obligations.online import instants
from tests.support.clauses import clause, result
from tests.support.timelines import at, calendar, contract, evidence

TWO = "asset a camera\nasset b camera\ncheck a/icmp 10m\ncheck b/icmp 10m\n"
DAY_1 = {"term": "2026-10-01 2026-10-01"}
TWO_DAYS = {"term": "2026-10-01 2026-10-02"}


def found(keys, said="", *, month="2026-10", as_of=None, **pieces):
    keys = {"at": ["08:00", "20:00"], "target": "98%"} | keys
    return result(contract(clause("online", **keys), **(DAY_1 | pieces)), TWO + said, (), month, as_of)


def up(check="b/icmp", begin="10-01 00:00", end="10-02 24:00"):
    return f"{check} {begin} ok {end}\n"


def day(judged, number=0):
    item = judged.items[number]
    return item.verdict, item.value, (item.up, item.down, item.changing, item.unknown)


def test_nobody_looked_is_not_assessable():
    judged = found({})
    assert (judged.verdict, judged.value, judged.low, judged.high, judged.coverage) == (
        "not_assessable",
        None,
        0,
        1,
        0,
    )
    assert (judged.certain, judged.worst) == (False, None)
    assert day(judged) == ("not_assessable", None, (0, 0, 0, 4))


def test_without_an_asset_in_scope_nothing_applies():
    judged = found({"scope": {"kind": "link"}}, up())
    assert (judged.verdict, judged.value, judged.certain, judged.items) == ("not_applicable", None, None, ())


def test_all_up_at_every_call_is_met():
    judged = found({}, up() + up("a/icmp"))
    assert (judged.verdict, judged.value, judged.certain, judged.worst) == ("met", 1, True, 1)
    assert day(judged) == ("not_applicable", 1, (4, 0, 0, 0))
    assert (judged.items[0].day, judged.items[0].calls, judged.items[0].certain) == (date(2026, 10, 1), 2, None)


def test_only_the_instant_of_a_call_matters():
    # down [08:10, 19:50): half of the day, and no call saw it; by time it was about 51 %
    judged = found({}, up() + "a/icmp 10-01 00:00 ok 08:10 fail 19:40 ok 10-02 24:00")
    assert (judged.verdict, judged.value) == ("met", 1)


def test_the_mean_is_over_calls():
    # a is down at 08:00 and up at 20:00: (1/2 + 1) / 2
    judged = found({"target": "75%"}, up() + "a/icmp 10-01 00:00 ok 07:30 fail 09:00 ok 10-02 24:00")
    assert (judged.verdict, judged.value) == ("met", Fraction(3, 4))
    assert day(judged) == ("not_applicable", Fraction(3, 4), (3, 1, 0, 0))
    judged = found({"target": "75.1%"}, up() + "a/icmp 10-01 00:00 ok 07:30 fail 09:00 ok 10-02 24:00")
    assert (judged.verdict, judged.certain) == ("breached", True)


def test_each_call_counts_alike_however_many_assets_it_could_count():
    # at 08:00 only a is counted (b is excused) and down: 0; at 20:00 both are up: 1; mean 1/2, pooled it were 2/3
    claim = "claim c1 b 10-01 07:00 10-01 09:00 power said 10-01 10:00 accepted 10-01 11:00\n"
    judged = found({}, up() + "a/icmp 10-01 00:00 ok 07:30 fail 09:00 ok 10-02 24:00\n" + claim)
    assert (judged.value, day(judged)[2]) == (Fraction(1, 2), (2, 1, 0, 0))


@pytest.mark.parametrize(("doubt", "value"), [("vendor", 1), ("split", Fraction(1, 2)), ("customer", 0)])
def test_a_changing_asset_is_who_has_the_benefit_s(doubt, value):
    said = "a/icmp 10-01 07:55 ok 08:05 fail 08:15 ok 08:30\n"
    judged = found({"at": "08:00", "scope": {"ids": "a"}}, said, doubt=doubt)
    assert (judged.value, judged.low, judged.high) == (value, 0, 1)
    assert day(judged)[2] == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("unknown", "verdict", "value"),
    [("exclude", "not_assessable", 1), ("up", "met", 1), ("down", "breached", Fraction(1, 2))],
)
def test_an_unknown_asset_is_left_out_or_counts_as_the_contract_says(unknown, verdict, value):
    judged = found({}, up(), unknown=unknown)  # nobody looks at a
    assert (judged.verdict, judged.value, judged.certain) == (verdict, value, False)
    assert (judged.low, judged.high, judged.coverage) == (Fraction(1, 2), 1, Fraction(1, 2))


@pytest.mark.parametrize("seen", [("10:00", "24:00"), ("00:00", "10:00")])
def test_a_call_in_unknown_time_says_nothing_and_lowers_coverage(seen):
    begin, end = seen
    said = up("a/icmp", f"10-01 {begin}", end) + up("b/icmp", f"10-01 {begin}", end)
    judged = found({}, said)
    assert (judged.verdict, judged.value, judged.coverage) == ("not_assessable", 1, Fraction(1, 2))
    assert found({}, said, min_coverage="50%").verdict == "met"


def test_an_excused_asset_is_not_called_or_counts_as_up():
    claim = "claim c1 a 10-01 00:00 10-02 00:00 power said 10-02 10:00 accepted 10-02 11:00\n"
    down = "a/icmp 10-01 00:00 fail 10-02 24:00\n"
    assert day(found({}, up() + down + claim)) == ("not_applicable", 1, (2, 0, 0, 0))
    assert day(found({}, up() + down + claim, excused="up")) == ("not_applicable", 1, (4, 0, 0, 0))
    rejected = claim.replace("accepted", "rejected")
    assert day(found({}, up() + down + rejected)) == ("not_applicable", Fraction(1, 2), (2, 2, 0, 0))
    # a correction afterwards: known only since the ruling
    assert found({}, up() + down + claim, as_of="10-02 10:59").value == Fraction(1, 2)


def test_maintenance_that_crosses_the_day_excuses_the_calls_within_it():
    works = "maintenance m1 ids=a 09-30 22:00 10-01 08:00:00.001 said 09-20 10:00\nmaintenance m2 ids=a 10-01 07:00 08:00 said 09-20 10:00\n"
    down = "a/icmp 10-01 00:00 fail 10-02 24:00\n"
    assert day(found({}, up() + down + works))[2] == (2, 1, 0, 0)


def test_a_day_on_which_all_are_excused_is_none():
    claims = "".join(
        f"claim c{asset} {asset} 10-01 00:00 10-02 00:00 power said 10-02 10:00 accepted 10-02 11:00\n"
        for asset in "ab"
    )
    judged = found({}, claims, **TWO_DAYS)
    assert [item.day for item in judged.items] == [date(2026, 10, 2)]
    assert found({}, claims).verdict == "not_applicable"


# -- days ---------------------------------------------------------------------------------------

BAD_DAY = up() + "a/icmp 10-01 00:00 fail 24:00 ok 10-02 24:00\n"
"""10-01: a is down at both calls, 1/2; 10-02: all up; the mean is 3/4."""


def test_the_worst_day_is_told_and_without_a_promise_for_it_owes_nothing():
    judged = found({"target": "75%"}, BAD_DAY, **TWO_DAYS)
    assert (judged.verdict, judged.value, judged.worst) == ("met", Fraction(3, 4), Fraction(1, 2))
    assert [item.verdict for item in judged.items] == ["not_applicable", "not_applicable"]


def test_a_day_exactly_at_its_promise_is_met_and_below_it_breaches_the_month():
    judged = found({"target": "75%", "worst_day": "50%"}, BAD_DAY, **TWO_DAYS)
    assert (judged.verdict, judged.certain, [i.verdict for i in judged.items]) == ("met", True, ["met", "met"])
    judged = found({"target": "75%", "worst_day": "50.1%"}, BAD_DAY, **TWO_DAYS)
    assert (judged.verdict, judged.certain, [i.verdict for i in judged.items]) == (
        "breached",
        True,
        ["breached", "met"],
    )


def test_a_breached_day_breaches_a_month_that_could_not_be_assessed():
    said = "a/icmp 10-01 00:00 fail 24:00 fail*3\nb/icmp 10-01 00:00 ok 24:00 ok*3\n"
    judged = found({"target": "10%", "worst_day": "90%"}, said, **TWO_DAYS)
    assert [item.verdict for item in judged.items] == ["breached", "not_assessable"]
    assert (judged.verdict, judged.coverage, judged.certain) == ("breached", Fraction(1, 2), True)


def test_met_is_not_certain_while_a_day_could_have_been_bad():
    # 40 calls of one asset in 20 days, one of them unseen: coverage 39/40
    said = "a/icmp 10-01 00:00 ok 10-20 12:00 gap 10-21 00:00 ok 01:00\n"
    judged = found({"target": "90%", "worst_day": "50.1%", "scope": {"ids": "a"}}, said, term="2026-10-01 2026-10-20")
    assert (judged.verdict, judged.coverage, judged.low, judged.high) == (
        "met",
        Fraction(39, 40),
        Fraction(39, 40),
        1,
    )
    assert (judged.certain, judged.items[-1].verdict, judged.items[-1].certain) == (False, "not_assessable", False)
    without = found({"target": "90%", "scope": {"ids": "a"}}, said, term="2026-10-01 2026-10-20")
    assert (without.verdict, without.certain) == ("met", True)


@pytest.mark.parametrize(
    ("rule", "deduction"),
    [
        ({"per": "1%", "amount": "10"}, "230.00"),  # 98 % − 75 % = 23 steps
        ({"per_day": "200"}, "200.00"),
        ({"per": "10%", "amount": "10", "per_day": "200"}, "230.00"),  # 3 started steps
        ({"per": "1%", "amount": "10", "per_day": "200", "cap": "300"}, "300.00"),
    ],
)
def test_steps_below_the_mean_and_bad_days_cost(rule, deduction):
    judged = found({"worst_day": "90%", "deduct": rule}, BAD_DAY, **TWO_DAYS)
    assert judged.deduction == Decimal(deduction)


def test_points_are_lost_likewise_and_nothing_is_where_the_mean_was_not_assessable():
    keys = {"points": "4", "lose": {"per": "1%", "amount": "1"}, "deduct": {"per": "1%", "amount": "1"}}
    assert found(keys, BAD_DAY, **TWO_DAYS).lost == 4
    blind = found(keys, "a/icmp 10-01 07:00 fail 09:00\n")
    assert (blind.verdict, blind.deduction, blind.lost) == ("not_assessable", 0, 0)
    assert found(keys, up() + up("a/icmp"), **TWO_DAYS).deduction == 0


# -- which calls there are ------------------------------------------------------------------------


def called(month="2026-10", as_of="2026-12-31 24:00", zone="Asia/Shanghai", **keys):
    from sla.measure.analysis import Analysis

    pieces = {key: keys.pop(key) for key in ("term", "calendars") if key in keys}
    what = contract(clause("online", **({"at": ["08:00"], "target": "98%"} | keys)), zone=zone, **pieces)
    (only,) = what.obligations
    return list(instants(only, Analysis(what, evidence(TWO, zone), at(as_of, zone)), month))


def test_a_call_is_in_the_month_in_the_term_and_before_as_of():
    assert len(called()) == 31
    assert len(called(at=["20:00", "08:00"])) == 62
    assert len(called(term="2026-10-30 2026-12-31")) == 2
    assert len(called(as_of="10-03 08:00")) == 2  # service time ends before as_of
    assert len(called(as_of="10-03 08:00:00.001")) == 3
    assert called(as_of="09-30 10:00") == []


def test_a_leap_february_has_29_days_of_calls():
    assert len(called("2028-02", "2028-12-31 24:00", term="2028-01-01 2028-12-31")) == 29


def test_only_calls_in_the_calendar_count():
    office = {"office": calendar("08:00-18:00", "workdays", "CN")}
    # October 2026 has 31 − 7 holidays − 3 Saturdays − 3 Sundays … = 18 working days, Saturday the 10th made up
    assert len(called(calendar="office", calendars=office)) == 18
    assert called(calendar="office", calendars=office, at=["18:00"]) == []


def test_a_time_that_occurs_twice_is_called_once_and_a_skipped_one_at_the_change():
    new_york = {"zone": "America/New_York", "term": "2026-01-01 2026-12-31"}
    # back on 2026-11-01: 01:30 is taken the first time, 05:30 UTC
    assert at("2026-11-01T05:30:00+00:00") in called("2026-11", at=["01:30"], **new_york)
    assert at("2026-11-01T06:30:00+00:00") not in called("2026-11", at=["01:30"], **new_york)
    # forward on 2026-03-08 at 07:00 UTC: 02:15 and 02:45 do not exist, and are one call then
    march = called("2026-03", at=["02:15", "02:45"], **new_york)
    assert (len(march), march.count(at("2026-03-08T07:00:00+00:00"))) == (61, 1)


def test_a_year_without_official_holidays_is_named():
    office = {"office": calendar("08:00-18:00", "workdays", "CN")}
    judged = found(
        {"calendar": "office"},
        month="2027-02",
        term="2027-01-01 2027-12-31",
        as_of="2027-03-01 00:00",
        calendars=office,
    )
    assert judged.years == {2027}
