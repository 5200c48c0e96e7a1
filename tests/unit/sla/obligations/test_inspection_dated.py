"""Rounds made good later, put in later, and of assets that come and go (SPEC §1, §4, §8), and their range (§9)."""

from __future__ import annotations

import pytest

from tests.support.timelines import at, contract, inspection, result

SERVERS = "asset s1 server\nasset s2 server\ncheck s1/icmp 60s\n"
THREE = {"term": "2026-10-08 2026-10-10"}


def rounds(
    said, *, as_of="12-31 24:00", every="day", deduct=None, term=THREE, month="2026-10", backdate="0s", **keys
):
    clause = inspection(every, {"kind": "server"}, deduct=deduct, **keys)
    return result(contract(clause, backdate=backdate, **term), SERVERS + said, month, as_of)


def told(found):
    return [(item.verdict, item.covered, item.required) for item in found.items]


def verdicts(found):
    return [item.verdict for item in found.items]


ALL = "inspection {id} I1 s1,s2 10-{day} {more}\n"


def test_a_round_is_of_the_period_that_holds_its_instant():
    assert verdicts(rounds(ALL.format(id="i", day="09", more="00:00"))) == ["missed", "done", "missed"]


def test_a_round_that_names_a_period_is_made_good_for_it():
    said = ALL.format(id="i", day="10", more="08:00 for=2026-10-09")
    assert verdicts(rounds(said, grace="12h")) == ["missed", "late", "missed"]
    assert verdicts(rounds(said, grace="7h")) == ["missed", "missed", "missed"]  # and it is not the 10th's


def test_a_round_in_the_grace_that_names_none_is_of_its_own_day():
    assert verdicts(rounds(ALL.format(id="i", day="10", more="08:00"), grace="12h")) == ["missed", "missed", "done"]


def test_a_round_may_be_of_a_period_that_is_still_to_come():
    # made on the 8th for the 9th: its instant is not in [start, end + grace)
    assert verdicts(rounds(ALL.format(id="i", day="08", more="09:00 for=2026-10-09"))) == ["missed"] * 3


def test_if_no_period_holds_the_day_the_last_one_before_it_is_meant():
    # weeks of the term 10-05 to 10-18 (Monday to Sunday); on 10-19 none is left
    term = {"term": "2026-10-05 2026-10-18"}
    said = "inspection i I1 s1,s2 10-19 08:00\n"
    assert verdicts(rounds(said, every="week", grace="12h", term=term)) == ["missed", "late"]
    before = "inspection i I1 s1,s2 10-04 08:00\n"
    assert verdicts(rounds(before, every="week", grace="12h", term=term)) == ["missed", "missed"]


@pytest.mark.parametrize(
    ("recorded", "backdate", "verdict"),
    [
        ("", "0s", "done"),
        (" recorded 10-09 23:59", "0s", "done"),  # counts at R, still that day
        (" recorded 10-10 08:00", "0s", "late"),  # counts the day after, within the grace
        (" recorded 10-10 08:00", "1d", "done"),
        (" recorded 10-10 12:00", "0s", "missed"),  # the grace is over
        (" recorded 10-11 08:00", "1d", "missed"),
        (" recorded 10-11 08:00", "2d", "done"),
    ],
)
def test_a_round_put_in_later_counts_then_for_the_period_of_its_own_instant(recorded, backdate, verdict):
    said = ALL.format(id="i", day="09", more=f"09:00{recorded}")
    assert verdicts(rounds(said, grace="12h", backdate=backdate)) == ["missed", verdict, "missed"]


def test_required_is_what_is_in_service_and_in_scope_throughout_the_period():
    # s2 leaves at noon of the 9th, s3 comes at noon of the 9th
    said = (
        "asset s2 server from=10-09T12:00 to=10-09T12:00\nasset s3 server from=10-09T12:00\n"
        "inspection a I1 s1,s2 10-08 09:00\ninspection b I1 s1 10-09 09:00\ninspection c I1 s1,s3 10-10 09:00\n"
    )
    assert told(rounds(said)) == [("done", 2, 2), ("done", 1, 1), ("done", 2, 2)]


def test_who_is_out_of_scope_for_an_hour_is_not_required():
    said = "asset s2 box from=10-09T12:00\nasset s2 server from=10-09T13:00\ninspection b I1 s1 10-09 09:00\n"
    assert told(rounds(said))[1] == ("done", 1, 1)


def test_a_period_in_which_nothing_is_required_is_not_listed():
    said = "asset s1 box from=10-09T00:00\nasset s2 box from=10-09T00:00\ninspection a I1 s1,s2 10-08 09:00\n"
    found = rounds(said)
    assert (told(found), found.verdict) == ([("done", 2, 2)], "met")


def test_a_round_under_an_old_name_covers_the_asset():
    said = "asset n2 server from=10-09T00:00 replaces=s2\n" + ALL.format(id="i", day="09", more="09:00")
    assert told(rounds(said))[1] == ("done", 2, 2)


def test_ok_said_of_what_is_down_is_contradicted_at_its_own_instant():
    down = "s1/icmp 10-09 08:00 fail 10:00 ok 20:00\n"
    said = down + ALL.format(id="i", day="09", more="09:00 recorded 10-09 15:00")
    (_, item, _) = rounds(said).items
    assert (item.verdict, item.contradicted) == ("missed", ("s1",))
    (_, item, _) = rounds(said, contradicted="flag").items
    assert (item.verdict, item.contradicted) == ("done", ("s1",))


# -- range


MISSED = {"per_missed": "100", "per_late": "30", "per_asset": "5"}


def stakes(found):
    return found.deduction, found.least.deduction, found.most.deduction


def test_a_pending_period_that_has_begun_may_be_missed():
    # at 12:00 of the 9th, the 8th is missed with both uncovered; of the 9th s1 is covered
    said = "inspection b I1 s1 10-09 09:00\n"
    found = rounds(said, as_of="10-09 12:00", deduct=MISSED)
    assert verdicts(found) == ["missed", "pending", "pending"]
    assert stakes(found) == (110, 110, 110 + 105)


def test_a_period_that_begins_at_as_of_has_begun():
    assert stakes(rounds("", as_of="10-09 00:00", deduct=MISSED)) == (110, 110, 220)
    assert stakes(rounds("", as_of="10-08 23:59:59.999", deduct=MISSED)) == (0, 0, 110)


def test_what_is_decided_has_no_range():
    said = ALL.format(id="i", day="10", more="08:00 for=2026-10-09")
    assert stakes(rounds(said, grace="12h", deduct=MISSED)) == (250, 250, 250)


def test_the_range_is_capped_as_the_month_is():
    assert stakes(rounds("", as_of="10-09 12:00", deduct={"per_missed": "100", "cap": "150"})) == (100, 100, 150)


def test_a_clause_with_days_of_its_own_has_periods_in_them_only():
    found = rounds("", valid="2026-10-09 2026-10-09")
    assert [item.begin for item in found.items] == [at("10-09 00:00")]
    # weeks wholly inside: none
    assert rounds("", every="week", valid="2026-10-06 2026-10-11", term={"term": "2026-10-01 2026-10-31"}).items == ()
