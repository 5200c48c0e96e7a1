"""What an indicator came to, by each of the four ways in which it can be known."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sla.evaluation.figures import CaseCounts, CaseRow, CasesWanted, SurveyGroup
from sla.evaluation.reached import case_value, reached
from sla.evaluation.scored import MeasuredFigure
from tests.unit.sla.evaluation.test_self_evaluation import figures, indicator

ROWS = tuple(
    CaseRow(department=department, source=source, counts=CaseCounts(taken_in=a, due=b, disposed=c, in_time=d))
    for department, source, a, b, c, d in [
        ("城管", "市派", 10, 8, 8, 4),
        ("城管", "自采", 10, 10, 5, 5),
        ("住建", "市派", 4, 2, 2, 2),
        ("园林", "市派", 1, 0, 0, 0),
    ]
)


def wanted(take, source=None, department=None):
    return CasesWanted(take=take, source=source, department=department)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (wanted("taken_in"), "25"),  # 10 + 10 + 4 + 1
        (wanted("due", source="市派"), "10"),  # 8 + 2 + 0
        (wanted("disposed", department="城管"), "13"),  # 8 + 5
        (wanted("in_time_rate"), "11/20"),  # (4 + 5 + 2) ÷ (8 + 10 + 2)
        (wanted("disposal_rate", source="市派"), "1"),  # (8 + 2) ÷ (8 + 2)
        (wanted("in_time_rate", source="市派", department="城管"), "1/2"),
    ],
)
def test_a_number_of_the_export_is_the_sum_of_the_rows_that_are_meant(asked, value):
    assert case_value(indicator(cases=asked), ROWS) == Fraction(value)


@pytest.mark.parametrize(
    "asked",
    [wanted("in_time_rate", department="园林"), wanted("due", source="热线"), wanted("due", department="水务")],
)
def test_a_rate_of_nothing_and_rows_that_are_not_there_are_no_number(asked):
    assert case_value(indicator(cases=asked), ROWS) is None
    assert reached(indicator(cases=asked), figures(indicator(), cases=ROWS), ()).state == "missing"


def test_an_indicator_without_cases_has_no_number_of_the_export():
    assert case_value(indicator(), ROWS) is None


def test_what_a_person_wrote_comes_before_everything_else():
    found = reached(indicator("95%", "76%", cases=wanted("in_time_rate")), figures(indicator(), cases=ROWS), ())
    assert (found.value, found.low, found.state, found.text) == (Fraction(76, 100), Fraction(4, 5), "scored", "76%")


def test_a_survey_is_taken_by_its_group():
    groups = (
        SurveyGroup(group="公众", asked=9, answered=8, satisfied=6),
        SurveyGroup(group="学校", asked=1, answered=0, satisfied=0),
    )
    known = figures(indicator(), survey=groups)
    assert reached(indicator("100%", survey="公众"), known, ()).value == Fraction(3, 4)
    assert reached(indicator("100%", survey="学校"), known, ()).state == "missing"
    assert reached(indicator("100%", survey="无"), known, ()).state == "missing"


def test_what_is_not_applicable_gives_nothing_and_lacks_nothing():
    found = reached(indicator("95%", "96%", is_applicable=False, reason="停用"), figures(indicator()), ())
    assert (found.state, found.low, found.high) == ("not_applicable", 0, 0)


def test_what_people_decide_is_the_share_that_they_gave():
    known = figures(indicator())
    found = reached(indicator("提升", nature="qualitative", degree=Fraction(9, 10)), known, ())
    assert (found.low, found.high, found.value) == (Fraction(9, 10), Fraction(9, 10), None)
    open_one = reached(indicator("提升", nature="qualitative"), known, ())
    assert (open_one.state, open_one.low, open_one.high) == ("missing", 0, 1)


def measured(value, promised="99/100", *, is_applicable=True):
    return MeasuredFigure(
        obligation=None,
        promised=Fraction(promised),
        value=None if value is None else Fraction(value),
        low=None,
        high=None,
        coverage=None,
        months_met=0,
        months_judged=0,
        by_months=False,
        is_applicable=is_applicable,
    )


def by_obligations(*values, **keys):
    names = tuple(f"A{n}" for n in range(keys.pop("named", len(values))))
    return reached(indicator("正常", nature="qualitative", obligations=names, **keys), figures(indicator()), values)


def test_the_mean_over_obligations_is_of_what_each_promised():
    # (0.495 ÷ 0.99 + 1) ÷ 2 = 3/4
    found = by_obligations(measured("495/1000"), measured("1"))
    assert (found.low, found.high, found.state) == (Fraction(3, 4), Fraction(3, 4), "scored")


def test_one_that_nobody_could_judge_leaves_the_mean_open_between_nothing_and_all():
    found = by_obligations(measured("1"), measured(None))
    assert (found.low, found.high, found.state) == (Fraction(1, 2), Fraction(1), "missing")


def test_one_that_did_not_apply_is_not_in_the_mean():
    found = by_obligations(measured("1"), measured(None, is_applicable=False))
    assert (found.low, found.state, found.value) == (Fraction(1), "scored", Fraction(1))
    assert by_obligations(measured(None, is_applicable=False)).state == "not_applicable"


def test_an_obligation_that_was_not_judged_at_all_is_missing():
    assert by_obligations(measured("1"), named=2).state == "missing"


def test_one_obligation_against_the_indicator_s_own_number():
    known = figures(indicator())
    asked = indicator("50%", obligations=("A1",))
    found = reached(asked, known, (measured("1/4"),))
    assert (found.low, found.value, found.times) == (Fraction(1, 2), Fraction(1, 4), Fraction(1, 2))
    assert reached(asked, known, (measured(None),)).state == "missing"
