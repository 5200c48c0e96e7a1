from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.evidence.records import Reading
from sla.judge.judge import judge, judge_months
from sla.judge.period import Period, judge_period, parse_period
from sla.measure.analysis import Analysis
from tests.support.timelines import (
    DAY,
    HOUR,
    MINUTE,
    at,
    availability,
    contract,
    evidence,
    evidence_of,
    inspection,
    judged,
    records,
    repair,
)

# cam fails 3 h on 07-10 (2 h over the limit of 1 h), 30 min on 08-02, and for 2 minutes (a blip) on 08-20;
# pole fails from 08-31 23:00 to 09-01 02:00 (3 h, 2 h over); both were looked at every ten minutes otherwise.
WORLD = """
asset cam camera
asset pole pole
check cam/icmp 600s reach
check pole/icmp 600s
cam/icmp 2026-07-01 00:00 ok 07-10 08:00 fail 11:00 ok 08-02 08:00 fail 08:30 ok 08-20 08:00 fail 08:10 ok 10-01 00:00
pole/icmp 2026-07-01 00:00 ok 08-31 23:00 fail 09-01 02:00 ok 10-01 00:00
inspection i1 I1 cam,pole 2026-07-05 09:00
"""
SPARSE = """
asset cam camera
check cam/icmp 6h
cam/icmp 2026-05-01 00:00 ok 05-10 08:00 fail 05-13 08:00 ok 07-10 08:00 fail 07-11 11:00 ok 08-31 20:00 fail 09-02 08:00 ok 10-01 00:00
"""
LOSS = {"per_started": "1h", "amount": "100", "cap": "10000"}


def agreement(**keys):
    return contract(
        availability(
            "99.8%",
            id="A1",
            points="50",
            lose={"per": "0.1%", "amount": "10"},
            deduct={"per": "0.1%", "amount": "70"},
        ),
        repair("1h", id="R1", deduct=LOSS, points="30", lose={"per_breach": "10"}),
        inspection("month", id="I1", deduct={"per_missed": "200"}),
        ignore_shorter="15m",
        **keys,
    )


def found(period="2026-Q3", said="", as_of="2026-12-31 24:00", world=WORLD, **keys):
    what = agreement(**keys)
    return judge_period(Analysis(what, evidence(world + said), at(as_of)), parse_period(period))


def test_a_quarter_and_a_year_are_spelled_so():
    assert parse_period("2026-Q3") == Period("2026-Q3", ("2026-07", "2026-08", "2026-09"))
    assert parse_period("2026").months == tuple(f"2026-{month:02d}" for month in range(1, 13))


@pytest.mark.parametrize("text", ["2026-Q5", "2026-q1", "26", "0001", "2026-07", "", "2026-Q1 "])
def test_anything_else_is_refused_with_what_was_wanted(text):
    with pytest.raises(ValueError, match="wanted 2026-Q3 or 2026"):
        parse_period(text)


def test_months_are_those_of_the_monthly_reports_to_the_last_figure():
    what, known = agreement(), evidence(WORLD)
    for each in found().judgements:
        assert each == judge(what, known, each.month, at("2026-12-31 24:00"))


def test_money_is_the_sum_of_the_months():
    whole = found()
    alone = [judged(agreement(), WORLD, month).payment for month in whole.period.months]
    for name in ("fee", "earned", "deductions", "payable"):
        assert getattr(whole.sums, name) == sum((getattr(each, name) for each in alone), Decimal(0)), name
    assert whole.sums.due == whole.sums.payable  # nothing is signed, nothing carried
    assert [each.payable for each in whole.payments] == [each.payable for each in alone]


def test_quarters_add_up_to_the_year():
    year, quarters = found("2026"), [found(f"2026-Q{n}") for n in (1, 2, 3, 4)]
    for name in ("fee", "earned", "deductions", "payable", "signed"):
        assert getattr(year.sums, name) == sum((getattr(each.sums, name) for each in quarters), Decimal(0))
    for number, clause in enumerate(year.clauses):
        assert clause.deduction == sum((each.clauses[number].deduction for each in quarters), Decimal(0))


def test_a_clause_over_all_months_is_its_formula_over_all_items():
    a1, r1, i1 = found().clauses
    # S = 2 assets × 92 days less nothing; down: 3 h − 10 min, 20 min and 3 h − 10 min: a stretch of fails reaches from
    # its first to its last; each of the four edges pairs is 10 min changing, to the vendor's benefit.
    down = 170 + 20 + 170
    assert a1.pooled.value == 1 - Fraction(down * MINUTE, 2 * 92 * DAY)
    assert a1.pooled.coverage == 1
    # 07: one breached; 08: met; the blip is not tested; pole is decided on 09-01 at its deadline 00:00
    assert r1.pooled.value == Fraction(1, 3)
    assert [each.value for each in r1.results] == [0, 1, 0]
    assert i1.pooled.value == Fraction(1, 3)
    assert i1.verdicts == {"met": 1, "breached": 2}
    assert i1.deduction == Decimal("400.00")


def test_each_asset_on_its_own_is_pooled_asset_by_asset():
    what = contract(availability("99.8%", measure="each"))
    (only,) = judge_period(Analysis(what, evidence(WORLD), at("2026-12-31 24:00")), parse_period("2026-Q3")).clauses
    assert only.pooled.value == 1 - Fraction(190 * MINUTE, 92 * DAY)  # cam, the worse of the two
    assert only.pooled.verdict == "met"


def test_a_clause_without_items_has_nothing_to_pool():
    what = contract(repair("1h"), inspection("month", scope={"kind": "nothing"}))
    clauses = judge_period(
        Analysis(what, evidence(WORLD.replace("fail", "ok")), at("2026-12-31 24:00")), parse_period("2026-Q3")
    ).clauses
    assert [each.pooled.value for each in clauses] == [None, None]


def test_pending_and_undecided_items_count_for_no_rate():
    running = found(as_of="2026-07-10 08:30")  # 30 min into the outage: within the limit
    assert running.clauses[1].pooled.value is None
    assert running.clauses[1].pooled.verdict == "not_applicable"


def test_an_incident_in_two_months_is_one_incident():
    whole = found()
    assert [(each.check, each.blip) for each in whole.incidents] == [
        ("cam/icmp", False), ("cam/icmp", False), ("cam/icmp", True), ("pole/icmp", False)
    ]  # fmt: skip
    assert sum(len(each.incidents) for each in whole.judgements) == 5  # pole's is listed in August and in September


def test_the_worst_offender_comes_first_with_its_overtime():
    cam, pole = found().checks
    assert (cam.id, cam.incidents, cam.blips, cam.late) == ("cam/icmp", 2, 1, 1)
    # detected 08:00, last fail 10:50 (doubt: vendor): elapsed 2 h 50 min, limit 1 h
    assert cam.overtime == 110 * MINUTE
    assert cam.deduction == Decimal("200.00")
    assert (pole.id, pole.incidents, pole.late, pole.overtime) == ("pole/icmp", 1, 1, 110 * MINUTE)


def test_assets_add_up_their_checks_and_know_their_down_time():
    said = "check cam/rtsp 600s\ncam/rtsp 2026-07-01 00:00 ok 09-15 08:00 fail 08:30 ok 10-01 00:00"
    cam, pole = found(said=said).assets
    assert (cam.id, cam.incidents) == ("cam", 3)
    assert cam.down == (170 + 20 + 20) * MINUTE
    assert (pole.incidents, pole.down) == (1, 170 * MINUTE)


def test_overtime_breaks_ties_and_deductions_of_another_month_are_counted_once():
    whole = found(said="check pole/web 600s\npole/web 2026-07-01 00:00 ok 09-10 08:00 fail 20:00 ok 10-01 00:00")
    assert [each.id for each in whole.checks] == ["cam/icmp", "pole/web", "pole/icmp"]
    assert whole.checks[1].overtime == 12 * HOUR - 10 * MINUTE - HOUR
    billed = sum((each.deduction for each in whole.checks), Decimal(0))
    assert billed == whole.clauses[1].deduction


def test_the_score_is_the_mean_of_the_months():
    whole = found()
    scores = [each.score for each in whole.payments]
    assert None not in scores
    assert whole.score == (sum(scores) / 3).quantize(Decimal("0.01"))
    assert found("2026-Q3", as_of="2026-07-01 00:30").score is not None


def test_no_score_is_no_mean():
    what = contract(inspection("month"))
    assert judge_period(Analysis(what, evidence(WORLD), at("2026-12-31 24:00")), parse_period("2026")).score is None


def test_months_that_have_not_begun_are_left_out_and_named():
    whole = found(as_of="2026-08-15 12:00")
    assert [each.month for each in whole.judgements] == ["2026-07", "2026-08"]
    assert whole.left_out == ("2026-09",)
    assert [each.is_over for each in whole.payments] == [True, False]


def test_months_outside_the_term_are_not_in_it():
    whole = found("2026", term="2026-08-01 2027-01-31")
    assert [each.month for each in whole.judgements] == ["2026-08", "2026-09", "2026-10", "2026-11", "2026-12"]
    with pytest.raises(ValueError, match="2025: the term has no month"):
        found("2025")
    with pytest.raises(ValueError, match="had begun"):
        found("2026-Q4", as_of="2026-10-01 00:00")


def test_the_verdict_is_the_worst_of_the_months():
    assert found().verdict == "breached"
    clean = contract(availability())
    said = evidence(WORLD.replace("fail", "ok"))
    assert judge_period(Analysis(clean, said, at("2026-10-01 00:00")), parse_period("2026-Q3")).verdict == "met"


def test_notes_are_told_once():
    from tests.support.timelines import calendar

    what = contract(
        availability(id="A1", calendar="office"), availability(id="A2", calendar="office"),
        term="2031-01-01 2031-12-31", calendars={"office": calendar(days="workdays", holidays="CN")},
    )  # fmt: skip
    said = evidence("asset a x\ncheck a/c 600s\na/c 2031-01-01 00:00 ok 2031-02-28 24:00")
    whole = judge_period(Analysis(what, said, at("2031-12-31 24:00")), parse_period("2031"))
    assert whole.notes == (
        {"note": "calendar_not_official", "year": 2031, "obligations": ["A1", "A2"]},
        {"note": "unsigned", "ids": [f"2031-{month:02d}" for month in range(1, 12)]},
    )


def test_notes_of_a_period_name_what_any_of_its_months_names():
    said = """
    asset cam camera
    asset pole camera
    check cam/icmp 600s
    cam/icmp 2026-07-01 00:00 ok 07-02 00:00
    asset cam kamera from=2026-07-10T00:00
    asset pole kamera from=2026-08-10T00:00
    """
    seen = [
        replace(each, recorded_at=each.at + DAY)
        if isinstance(each, Reading) and each.at < at("2026-07-01 00:30")
        else each
        for each in records(said + "cam/icmp 2026-08-01 00:00 ok 00:10 recorded 2026-08-02 00:00")
    ]
    what = contract(availability(), term="2026-07-01 2026-12-31")
    whole = judge_period(Analysis(what, evidence_of(seen), at("2026-10-01 00:00")), parse_period("2026-Q3"))
    assert {each["note"]: each for each in whole.notes} == {
        "changed": {"note": "changed", "ids": ["cam", "pole"]},
        "imported": {"note": "imported", "ids": ["cam/icmp"], "count": 3 + 2},
        "unsigned": {"note": "unsigned", "ids": ["2026-07", "2026-08"]},
    }


# ---- the payment sheet


def settled(month, payable, adjustment, when):
    return f"settled {month} {payable} {adjustment} {when} 09:00\n"


def test_what_was_signed_is_taken_from_what_is_due():
    payable = judged(agreement(), WORLD, "2026-07").payment.payable
    whole = found(said=settled("2026-07", payable, "0.00", "2026-08-05"))
    assert whole.sums.signed == payable
    assert whole.sums.carried == 0
    assert whole.sums.due == whole.sums.payable - payable


def test_what_an_earlier_quarter_is_still_owed_is_carried():
    whole = found(said=settled("2026-06", "9000.00", "0.00", "2026-07-05"))
    now = judged(agreement(), WORLD, "2026-06").payment.payable
    assert whole.sums.carried == now - Decimal("9000.00")
    assert whole.sums.due == whole.sums.carried + whole.sums.payable


months = st.sampled_from([f"2026-{month:02d}" for month in range(5, 10)])
signing = st.dictionaries(months, st.tuples(st.integers(0, 12000), st.integers(-500, 500)))


@settings(max_examples=40)
@given(signing)
def test_law_a_period_owes_what_its_last_month_would_say_if_all_before_it_were_signed(signed):
    """SPEC §9's adjustment, for any history of signing: due over a period whose last month alone is unsigned."""
    signed = {month: signed.get(month, (10000, 0)) for month in ("2026-07", "2026-08")} | {
        month: each for month, each in signed.items() if month < "2026-07"
    }
    said = "".join(settled(month, f"{a}.00", f"{b}.00", "2026-10-05") for month, (a, b) in sorted(signed.items()))
    whole = found(said=said, world=SPARSE)
    assert whole.sums.due == whole.judgements[-1].payment.due


@settings(max_examples=40)
@given(signing)
def test_law_what_quarters_pay_and_what_was_signed_is_what_was_earned(signed):
    said = "".join(settled(month, f"{a}.00", f"{b}.00", "2026-10-05") for month, (a, b) in sorted(signed.items()))
    year = found("2026", said=said, world=SPARSE)
    assert year.sums.due + year.sums.signed == year.sums.payable
    assert year.sums.carried == 0
    third = found("2026-Q3", said=said, world=SPARSE)
    assert third.sums.due == third.sums.carried + third.sums.payable - third.sums.signed


def test_several_months_at_once_are_the_months_one_by_one():
    said = evidence(
        WORLD + settled("2026-07", "1.00", "0.00", "2026-08-05") + settled("2026-08", "2.00", "0.00", "2026-09-05")
    )
    analysis = Analysis(agreement(), said, at("2026-12-31 24:00"))
    several = judge_months(analysis, ("2026-09", "2026-07", "2026-08"))
    assert [each.month for each in several] == ["2026-09", "2026-07", "2026-08"]
    for each in several:
        assert each == judge(agreement(), said, each.month, at("2026-12-31 24:00"))
    assert judge_months(analysis, ()) == ()
