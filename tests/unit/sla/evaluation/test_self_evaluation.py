from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.evaluation.figures import (
    Budget,
    CaseCounts,
    CaseRow,
    CasesWanted,
    EvaluationFigures,
    FundAmount,
    Indicator,
    IndicatorBlock,
    SurveyGroup,
)
from sla.evaluation.scoring import execution, grade_of, ratio_of, satisfaction
from sla.evaluation.self_evaluation import evaluate
from sla.judge.period import judge_period, parse_period
from sla.measure.analysis import Analysis
from tests.support.timelines import at, availability, contract, evidence, inspection, repair


def amount(text):
    share = text.endswith("%")
    return FundAmount(Fraction(text.rstrip("%")) / (100 if share else 1), share, text)


def indicator(target="95%", actual=None, points="10", **keys):
    is_number = keys.get("nature", ">=") != "qualitative"
    known = {
        "block": "产出指标", "group": "质量指标", "name": "甲", "nature": ">=", "unit": "", "cases": None, "survey": None,
        "obligations": (), "degree": None, "rule": "ratio", "reason": "", "is_applicable": True, "line": 1,
    }  # fmt: skip
    return Indicator(
        **known | keys,
        target_text=target,
        target=amount(target) if is_number else None,
        points=None if points is None else Decimal(points),
        actual_text=actual or "",
        actual=amount(actual) if is_number and actual else None,
    )


def budget(executed="90.41", annual="90.41", points="10"):
    return Budget(
        unit="万元", initial=None, annual=Decimal(annual), executed=Decimal(executed),
        points=None if points is None else Decimal(points), sources=(),
    )  # fmt: skip


def figures(*indicators, blocks=None, money=None, **keys):
    whole = sum((each.points or Decimal(0) for each in indicators), Decimal(0))
    known = {"cases": (), "survey": (), "remark_above": Fraction(13, 10), "form": "self"}
    return EvaluationFigures(
        file="f.toml", year=2026, project="项目", department="", unit="单位", vendor="", expected="", achieved="",
        budget=money, blocks=blocks or (IndicatorBlock(name="产出指标", points=whole, score=None),), indicators=indicators,
        **known | keys,
    )  # fmt: skip


def scored(*indicators, **keys):
    return evaluate(figures(*indicators, **keys), None)


def one(each, **keys):
    """The only indicator, scored."""
    (found,) = scored(each, **keys).scored
    return found


# ---- rules


@pytest.mark.parametrize(
    ("nature", "target", "actual", "points"),
    [
        (">=", "95%", "95%", "10"),
        (">=", "95%", "100%", "10"),
        (">=", "95%", "76%", "8"),  # 10 × 76 ÷ 95
        ("<=", "90.41", "90.41", "10"),
        ("<=", "80", "100", "8"),  # 10 × 80 ÷ 100
        ("<=", "80", "10", "10"),
        ("=", "12", "12", "10"),
        ("=", "12", "9", "7.5"),
        ("=", "9", "12", "7.5"),
        (">=", "3", "-1", "0"),
        (">=", "3", "1", "3.33"),  # 3.333… half-up
        (">=", "3", "2", "6.67"),
    ],
)
def test_a_number_is_scored_by_how_far_it_falls_short(nature, target, actual, points):
    assert one(indicator(target, actual, nature=nature)).score == Decimal(points)


def test_nothing_promised_and_nothing_done_is_met():
    assert ratio_of("<=", Fraction(0), Fraction(0)) == 1
    assert ratio_of("<=", Fraction(0), Fraction(3)) == 0
    assert one(indicator("0", "1", nature="<=")).score == 0


@given(st.fractions(0, 100), st.fractions(0, 100), st.sampled_from([">=", "<=", "="]))
def test_law_no_score_is_above_its_points_or_below_nothing(target, actual, nature):
    assert 0 <= ratio_of(nature, target, actual) <= 1


@given(st.fractions(0, 10), st.fractions(0, 10), st.fractions(1, 10))
def test_law_more_of_what_is_wanted_never_lowers_the_score(one_actual, other, target):
    less, more = sorted((one_actual, other))
    assert ratio_of(">=", target, less) <= ratio_of(">=", target, more)
    assert ratio_of("<=", target, less) >= ratio_of("<=", target, more)


@pytest.mark.parametrize(
    ("rate", "share"),
    [("1", "1"), ("9/10", "1"), ("3/4", "1/2"), ("6/10", "0"), ("59/100", "0"), ("899/1000", "299/300")],
)
def test_satisfaction_runs_from_60_to_90_percent(rate, share):
    assert satisfaction(Fraction(rate)) == Fraction(share)


def test_satisfaction_is_used_only_where_it_is_agreed():
    assert one(indicator("95%", "92%", rule="satisfaction")).score == 10
    assert one(indicator("95%", "76%")).score == 8


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_grades_are_half_open(score, grade):
    assert grade_of(Decimal(score)) == grade


@pytest.mark.parametrize(
    ("executed", "score"), [("90.41", "10"), ("45.205", "5"), ("100", "10"), ("0", "0"), ("30.14", "3.33")]
)
def test_the_budget_gives_its_points_by_execution_and_no_more(executed, score):
    found = scored(indicator("95%", "95%", points="90"), money=budget(executed))
    assert found.budget.score == Decimal(score)
    assert execution(found.figures.budget) == Fraction(Decimal(executed)) / Fraction("90.41")
    assert found.total == Decimal(score) + 90


def test_people_decide_what_has_no_number():
    assert one(indicator("明显提升", nature="qualitative", degree=Fraction(85, 100))).score == Decimal("8.5")
    assert one(indicator("明显提升", nature="qualitative")).state == "missing"


# ---- missing, not applicable, remarks


def test_what_is_missing_makes_the_total_a_range_and_the_grade_open():
    found = scored(indicator("95%", "95%", points="80"), indicator("95%", name="乙", points="10"), money=budget())
    assert found.total is None
    assert (found.low, found.high) == (Decimal(90), Decimal(100))
    assert found.grade == "优"  # whatever it is
    assert not found.is_complete
    assert found.scored[1].remarks == ("missing",)
    assert found.blocks[0].score is None
    wide = scored(indicator("95%", "95%", points="70"), indicator("95%", name="乙", points="20"), money=budget())
    assert wide.grade is None


def test_what_is_not_applicable_drops_out_and_the_rest_is_scaled():
    found = scored(
        indicator("95%", "76%", points="50"),  # 40 of 50
        indicator("95%", name="乙", points="40", is_applicable=False, reason="今年没有"),
        money=budget(),
    )
    assert found.scaled == Decimal(60)
    assert found.total == Decimal("83.33")  # 100 × (40 + 10) ÷ 60
    assert found.is_complete
    assert found.scored[1].score is None


def test_all_dropped_is_nothing_to_scale():
    found = scored(indicator("95%", points="90", is_applicable=False, reason="没有"))
    assert (found.total, found.scaled) == (Decimal(0), None)


def test_far_above_its_target_is_remarked_on_and_costs_nothing():
    found = one(indicator("2500", "33385"))
    assert found.score == 10
    assert found.remarks == ("far_above",)
    assert found.reached.times == Fraction(33385, 2500)
    assert one(indicator("2500", "3249")).remarks == ()
    assert one(indicator("2500", "100", nature="<=")).remarks == ()


def test_below_its_target_is_remarked_on():
    assert one(indicator("95%", "94.9%")).remarks == ("below",)
    assert one(indicator("0", "5")).reached.times is None


def test_a_block_scored_as_a_whole_scores_no_indicator():
    blocks = (IndicatorBlock(name="产出指标", points=None, score=Decimal("39.38")),)
    found = scored(indicator("95%", "90%", points=None), blocks=blocks, form="evaluation", money=budget(points=None))
    assert found.total == Decimal("39.38")
    assert found.scored[0].state == "not_scored"
    assert found.budget.points is None


# ---- cases and surveys

CASES = (
    CaseRow(department="城管", source="市派", counts=CaseCounts(taken_in=110, due=100, disposed=100, in_time=90)),
    CaseRow(department="住建", source="自采", counts=CaseCounts(taken_in=50, due=50, disposed=40, in_time=20)),
)


@pytest.mark.parametrize(
    ("take", "source", "department", "value"),
    [
        ("taken_in", None, None, 160),
        ("due", None, None, 150),
        ("disposed", "市派", None, 100),
        ("in_time", None, "住建", 20),
        ("disposal_rate", None, None, Fraction(140, 150)),
        ("in_time_rate", "自采", None, Fraction(20, 50)),
    ],
)
def test_an_indicator_takes_its_number_from_the_cases(take, source, department, value):
    wanted = CasesWanted(take=take, source=source, department=department)
    target = "50%" if take.endswith("rate") else "10"
    found = one(indicator(target, cases=wanted), cases=CASES)
    assert found.reached.value == value
    assert found.reached.is_share == take.endswith("rate")


def test_no_cases_and_a_rate_of_nothing_are_missing():
    wanted = CasesWanted(take="in_time_rate", source=None, department=None)
    assert one(indicator("50%", cases=wanted)).state == "missing"
    nothing = (CaseRow(department="甲", source="", counts=CaseCounts(taken_in=0, due=0, disposed=0, in_time=0)),)
    assert one(indicator("50%", cases=wanted), cases=nothing).state == "missing"


def test_groups_of_a_survey_are_kept_apart():
    groups = (
        SurveyGroup(group="公众", asked=None, answered=200, satisfied=190),
        SurveyGroup(group="部门", asked=10, answered=0, satisfied=0),
    )
    assert one(indicator("95%", survey="公众"), survey=groups).reached.value == Fraction(95, 100)
    assert one(indicator("95%", survey="部门"), survey=groups).state == "missing"
    assert one(indicator("95%", survey="公众")).state == "missing"


# ---- what the probes measured

WORLD = """
asset cam camera
check cam/icmp 6h
cam/icmp 2026-01-01 00:00 ok 07-10 00:00 fail 07-12 00:00 ok 2026-12-31 24:00
"""


def measured(*clauses, said=WORLD, as_of="2026-12-31 24:00", **keys):
    what = contract(*clauses)
    year = judge_period(Analysis(what, evidence(said), at(as_of)), parse_period("2026"))
    names = tuple(each.id for each in clauses)
    quantity = keys.pop("quantity", None)
    told = (
        indicator("平台正常运行", nature="qualitative", obligations=names, **keys)
        if quantity is None
        else indicator(quantity, obligations=names, **keys)
    )
    (found,) = evaluate(figures(told), year).scored
    return found


def test_normal_running_becomes_the_availability_that_was_measured():
    # down from 07-10 00:00 to the last fail 07-11 18:00; the 6 h until it was seen up are to the vendor's benefit
    found = measured(availability("98%"))
    value = 1 - Fraction(42, 365 * 24)
    assert found.measured[0].value == value
    assert found.score == 10
    assert (found.measured[0].months_met, found.measured[0].months_judged) == (11, 12)


def test_a_promise_of_the_contract_that_was_missed_costs_its_part():
    found = measured(availability("100%"), repair("1h"))
    availability_kept = 1 - Fraction(42, 365 * 24)
    # the mean of what was reached of each promise: availability ÷ 100 %, repairs 0 of 1
    assert found.reached.low == availability_kept / 2
    assert found.remarks == ("below",)


def test_a_target_of_its_own_is_held_against_one_obligation():
    found = measured(availability("98%"), quantity="99.9%")
    assert found.reached.value == 1 - Fraction(42, 365 * 24)
    assert found.reached.low == found.reached.value / Fraction(999, 1000)


def test_too_little_observed_is_missing_and_not_up():
    short = "asset cam camera\ncheck cam/icmp 6h\ncam/icmp 2026-01-01 00:00 ok 02-01 00:00"
    found = measured(availability("98%"), said=short)
    assert found.state == "missing"
    assert found.remarks == ("not_measured",)
    assert (found.low, found.high) == (0, 10)
    assert measured(availability("98%"), said=short, quantity="98%").state == "missing"


def test_one_of_two_measured_leaves_a_range():
    short = WORLD + "asset web service\ncheck web/http 6h\nweb/http 2026-01-01 00:00 ok 02-01 00:00"
    found = measured(
        availability("98%", id="A1", scope={"kind": "camera"}),
        availability("98%", id="A2", scope={"kind": "service"}),
        said=short,
    )
    assert found.state == "missing"
    assert (found.low, found.high) == (Decimal("5.00"), Decimal("10.00"))


def test_nothing_to_test_all_year_is_not_applicable():
    quiet = WORLD.replace("fail", "ok")
    assert measured(repair("1h"), said=quiet).state == "not_applicable"
    both = measured(repair("1h"), availability("98%"), said=quiet)
    assert both.score == 10
    assert both.reached.value == 1


def test_inspections_are_held_against_all_periods():
    found = measured(inspection("month"), said=WORLD + "inspection i1 I1 cam 2026-03-05 09:00")
    assert found.measured[0].promised == 1
    assert found.measured[0].value == Fraction(1, 12)


def test_without_contract_and_evidence_it_is_missing():
    found = one(indicator("平台正常运行", nature="qualitative", obligations=("A1",)))
    assert found.state == "missing"
    assert found.remarks == ("not_measured",)


def test_a_kind_without_a_formula_over_months_is_told_by_the_months_kept():
    from dataclasses import replace

    from sla.obligations.pooled import Pooled

    year = judge_period(
        Analysis(contract(availability("98%")), evidence(WORLD), at("2026-12-31 24:00")), parse_period("2026")
    )
    bare = replace(year, clauses=tuple(replace(each, pooled=Pooled()) for each in year.clauses))
    (found,) = evaluate(figures(indicator("正常", nature="qualitative", obligations=("A1",))), bare).scored
    assert found.measured[0].by_months
    assert found.measured[0].value == Fraction(11, 12)
    assert found.score == Decimal("9.17")
