"""Faults that nobody saw, and what they can cost (docs/obligations.md §2, Range)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.support.clauses import clause, result
from tests.support.timelines import at, contract

CAM = "asset cam-7 camera\ncheck cam-7/rtsp 1m\n"
F1 = {"within": "30d", "repeats": 2, "deduct": {"per_breach": "200", "cap_each": "600", "cap": "5000"}}
TERM = {"term": "2026-09-20 2026-10-31", "stable_for": "10m", "settle": "2m"}


def timeline(*fails, hole=None, check="cam-7/rtsp", begin="09-19 00:00", end="10-31 24:00"):
    """ok all the time, but for ten minutes of failing from each of these instants, and nobody in the hole."""
    changes = []
    for each in fails:
        day, clock = each.split()
        changes.append((each, f"{each} fail {day} {clock[:3]}{int(clock[3:]) + 10:02d} ok"))
    if hole:
        changes.append((hole[0], f"{hole[0]} gap {hole[1]} ok"))
    return " ".join([check, begin, "ok", *(text for _, text in sorted(changes)), end]) + "\n"


def found(said, *, as_of="11-01 00:00", month="2026-10", **keys):
    pieces = {key: keys.pop(key) for key in ("ignore_shorter", "doubt", "stable_for") if key in keys}
    return result(contract(clause("repeat", **(F1 | keys)), **(TERM | pieces)), CAM + said, (), month, as_of)


def money(judged):
    return judged.deduction, judged.least.deduction, judged.most.deduction


THREE = ("09-25 08:00", "10-02 08:00", "10-09 08:00")


def test_half_an_hour_that_nobody_saw_may_hold_four_more():
    # nobody looked from 10-12 08:00 to 08:28; with settle 30 minutes: k = 1 + ⌈30 / 10⌉ = 4; 3 + 3 others > 2
    judged = found(timeline(*THREE, hole=("10-12 08:00", "10-12 08:27")))
    assert (judged.verdict, money(judged)) == ("met", (0, 0, Decimal("600.00")))
    assert money(found(timeline(*THREE))) == (0, 0, 0)


def test_what_was_clearly_seen_is_sure():
    judged = found(timeline(*THREE, "10-20 08:00", hole=("10-12 08:00", "10-12 08:27")))
    assert money(judged) == (Decimal("200.00"), Decimal("200.00"), Decimal("600.00"))
    # nobody saw what was before the fourth: it may be one with what went before it in the dark
    blurred = found(timeline(*THREE, "10-20 08:00", hole=("10-20 07:30", "10-20 07:55")))
    assert (blurred.deduction, blurred.least.deduction) == (Decimal("200.00"), 0)


def test_a_dark_reach_check_above_may_have_explained_it():
    above = "asset switch switch\ncheck switch/ping 1m reach\n"
    behind = "asset cam-7 camera behind=switch\n"
    hole = timeline(hole=("10-20 07:30", "10-20 09:00"), check="switch/ping")
    what = contract(clause("repeat", scope={"kind": "camera"}, **F1), **TERM)
    said = above + behind + "check cam-7/rtsp 1m\n" + timeline(*THREE, "10-20 08:00") + hole
    judged = result(what, said, (), "2026-10", "11-01 00:00")
    assert (judged.deduction, judged.least.deduction) == (Decimal("200.00"), 0)
    whole = said.replace(hole, timeline(check="switch/ping"))
    assert money(result(what, whole, (), "2026-10", "11-01 00:00")) == (Decimal("200.00"),) * 3


def test_blips_count_by_the_doubt_of_either_party():
    # ten minutes by the customer, nine by the vendor
    four = timeline(*THREE, "10-20 08:00")
    assert money(found(four, ignore_shorter="570s")) == (0, 0, Decimal("200.00"))
    assert money(found(four, ignore_shorter="570s", doubt="customer")) == (Decimal("200.00"), 0, Decimal("200.00"))
    assert money(found(four, ignore_shorter="5m")) == (Decimal("200.00"),) * 3
    # in the dark 8 minutes after the fourth it may have gone on, and one more may have followed: k = 1 + ⌈10 / 10⌉
    dark = timeline(*THREE, "10-20 08:00", hole=("10-20 08:13", "10-20 08:20"))
    assert money(found(dark, ignore_shorter="1h", repeats=0))[1:] == (0, Decimal("400.00"))


def test_a_check_of_another_severity_is_of_no_range_unless_it_may_explain_one():
    severe = {"scope": {"severity": "critical"}}
    hole = ("10-12 08:00", "10-12 09:00")
    assert money(found(timeline(hole=hole), **severe)) == (0, 0, 0)
    said = "check cam-7/ping 1m reach minor\ncheck cam-7/rtsp 1m critical\n"
    judged = result(
        contract(clause("repeat", **(F1 | severe)), **TERM),
        "asset cam-7 camera\n" + said + timeline() + timeline(hole=hole, check="cam-7/ping"),
        (), "2026-10", "11-01 00:00",
    )  # fmt: skip
    # k = 1 + ⌈61 / 10⌉ = 8 of each check: up to cap_each twice
    assert money(judged) == (0, 0, Decimal("1200.00"))


def test_an_incident_is_as_severe_as_the_worst_that_it_explains():
    said = "check cam-7/ping 1m reach minor\ncheck cam-7/rtsp 1m critical\n"
    both = "".join(timeline("10-02 08:00", "10-09 08:00", check=name) for name in ("cam-7/ping", "cam-7/rtsp"))
    what = contract(clause("repeat", **(F1 | {"repeats": 0, "scope": {"severity": "critical"}})), **TERM)
    judged = result(what, "asset cam-7 camera\n" + said + both, (), "2026-10", "11-01 00:00")
    assert [(item.check, item.verdict, item.too_many) for item in judged.items] == [
        ("cam-7/ping", "breached", 1),
        ("cam-7/rtsp", "met", 0),
    ]
    assert money(judged) == (Decimal("200.00"),) * 3


def test_an_asset_counts_while_it_is_in_service_and_in_scope():
    gone = "asset cam-7 camera from=2026-10-05T00:00 to=2026-10-08T00:00\n"
    back = gone + "asset cam-7 camera from=2026-10-15T00:00\n"
    judged = found(back + timeline("10-02 08:00", "10-20 08:00"), repeats=0)
    # those on both sides of the break count together; while it was away nobody had to look: all but the minute
    # before the break of the 31 − 7 days was seen
    assert (judged.verdict, judged.deduction) == ("breached", Decimal("200.00"))
    assert judged.items[0].coverage == 1 - Fraction(1, 24 * 1440)
    moved = "asset cam-7 link from=2026-10-15T00:00\n"
    judged = found(moved + timeline("10-02 08:00", "10-20 08:00"), repeats=0, scope={"kind": "camera"})
    assert [each.detected for each in judged.items[0].incidents] == [at("10-02 08:00")]
    assert judged.verdict == "met"
