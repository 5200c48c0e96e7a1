import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from sla.evaluation.figures import (
    Budget,
    CaseCounts,
    CaseRow,
    EvaluationFigures,
    FundAmount,
    FundSource,
    Indicator,
    IndicatorBlock,
    SurveyGroup,
)
from sla.evaluation.self_evaluation import evaluate
from sla.judge.period import judge_period, parse_period
from sla.measure.analysis import Analysis
from sla.obligations.pooled import Pooled
from sla.reports.evaluation.document import self_evaluation_document
from sla.reports.evaluation.json_format import self_evaluation_json
from sla.reports.evaluation.rows import EvaluationRows, rate
from sla.reports.layout.document import Grid
from sla.reports.layout.forms import laid_out
from tests.support.reports.columns import rows_by, texts
from tests.support.timelines import at, availability, contract, evidence, repair

WORLD = """
asset cam camera
check cam/icmp 6h
cam/icmp 2026-01-01 00:00 ok 07-10 00:00 fail 07-12 00:00 ok 2026-12-31 24:00
"""


def indicator(name, **keys):
    known = {
        "block": "产出指标", "group": "数量指标", "nature": "qualitative", "target_text": "正常", "target": None, "unit": "",
        "points": Decimal(10), "actual_text": "", "actual": None, "cases": None, "survey": None, "obligations": (),
        "degree": None, "rule": "ratio", "reason": "", "is_applicable": True, "line": 1,
    }  # fmt: skip
    return Indicator(name=name, **known | keys)


def number(name, target, actual, **keys):
    said = FundAmount(Fraction(actual), is_share=False, text=actual)
    wanted = FundAmount(Fraction(target), is_share=False, text=target)
    return indicator(name, nature=">=", target_text=target, target=wanted, actual=said, actual_text=actual, **keys)


RICH = (
    number("达标", "5", "5", unit="件"),
    number("远超<b>", "5", "50"),
    number("未达", "5", "4"),
    number("未达有因", "5", "4", reason="设备老化"),
    indicator("人评", degree=Fraction(7, 10)),
    indicator("人评有文", degree=Fraction(3, 10), actual_text="一般"),
    indicator("缺失"),
    indicator("缺失有因", reason="统计口径调整"),
    indicator("不适用", is_applicable=False, reason="今年没有"),
    indicator("实测", obligations=("A1",)),
)
BUDGET = Budget(
    unit="万元", initial=Decimal("90.41"), annual=Decimal("90.41"), executed=Decimal("90.41"), points=Decimal(10),
    sources=(FundSource(name="当年财政拨款", annual=Decimal("90.41"), executed=Decimal("90.41")),),
)  # fmt: skip


def figures(*indicators, **keys):
    whole = sum((each.points or Decimal(0) for each in indicators), Decimal(0))
    known = {
        "cases": (), "survey": (), "remark_above": Fraction(13, 10), "form": "self", "budget": BUDGET, "expected": "", "achieved": "",
        "department": "", "vendor": "", "blocks": (IndicatorBlock(name="产出指标", points=whole, score=None),),
    }  # fmt: skip
    return EvaluationFigures(
        file="f.toml", year=2026, project="项目", unit="单位", indicators=indicators, **known | keys
    )


TOLD = ("年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
"""Target, actual, points, score, reasons."""


def year(*clauses, said=WORLD):
    return judge_period(Analysis(contract(*clauses), evidence(said), at("2026-12-31 24:00")), parse_period("2026"))


def paper(found, language="zh"):
    return self_evaluation_document(found, language)


def table(found, title="绩效指标", language="zh"):
    grid = next(block for block in paper(found, language).blocks if isinstance(block, Grid) and block.title == title)
    return {name: [row[each] for each in TOLD] for name, row in rows_by(grid, "三级指标").items()}


def test_every_state_of_an_indicator_is_told_in_its_row():
    rows = table(evaluate(figures(*RICH), year(availability("98%"))))
    assert rows["达标"] == ["≥5件", "5件", "10", "10", ""]
    assert rows["远超<b>"][4] == "为指标值的 10.00 倍，指标值是否偏低？请说明原因"
    assert rows["未达"] == ["≥5", "4", "10", "8", "未达到指标值，请说明原因"]
    assert rows["未达有因"][4] == "设备老化"
    assert rows["人评"][1] == "部分达成 (70%)"
    assert rows["人评有文"][1] == "一般"
    assert rows["缺失"] == ["正常", "缺失", "10", "0–10", "未提供实际完成值"]
    assert rows["缺失有因"][4] == "统计口径调整；未提供实际完成值"
    assert rows["不适用"][1:] == ["不适用", "10", "剔除", "今年没有"]
    assert rows["实测"][1].startswith("A1 99.52%")


def test_too_little_observed_and_nothing_to_test_are_told_apart():
    dark = year(
        availability("98%"),
        repair("1h"),
        said=WORLD.split("cam/icmp 2026", maxsplit=1)[0] + "cam/icmp 2026-01-01 00:00 ok 02-01 00:00",
    )
    found = evaluate(figures(indicator("实测", obligations=("A1", "R1"))), dark)
    assert table(found)["实测"][1] == "A1 观测不足；R1 无考核事项"
    assert "未监测" in table(found)["实测"][4]


def test_without_evidence_the_obligations_are_named_in_the_mapping_and_not_monitored():
    found = evaluate(figures(indicator("实测", obligations=("A1", "A2"))), None)
    assert table(found)["实测"][1] == "未监测"
    grid = next(block for block in paper(found).blocks if isinstance(block, Grid) and "量化指标" in block.columns)
    assert (texts(grid, "量化指标"), texts(grid, "约定")) == (["A1", "A2"], ["–", "–"])


def test_a_kind_told_by_its_months_says_so_in_the_mapping():
    whole = year(availability("98%"))
    bare = replace(whole, clauses=tuple(replace(each, pooled=Pooled()) for each in whole.clauses))
    found = evaluate(figures(indicator("实测", obligations=("A1",))), bare)
    text = laid_out("text", paper(found, "en"))
    assert "of the months" in text
    assert "11/12" in text


def test_a_scaled_total_says_from_how_many_points():
    found = evaluate(figures(number("达标", "5", "5"), indicator("不适用", is_applicable=False, reason="没有")), None)
    assert "适用指标共 20 分，总分已折算为百分制" in laid_out("text", paper(found))
    assert self_evaluation_json(found)["scaled_from"] == "20"


def test_cases_are_ranked_by_the_rate_in_time_and_rates_of_nothing_come_last():
    def row(department, due, in_time):
        return CaseRow(
            department=department, source="", counts=CaseCounts(taken_in=due, due=due, disposed=due, in_time=in_time)
        )

    found = evaluate(figures(cases=(row("好", 10, 10), row("差", 10, 5), row("无", 0, 0))), None)
    grid = next(block for block in paper(found).blocks if isinstance(block, Grid) and "部门" in block.columns)
    assert texts(grid, "部门") == ["差", "好", "无", "合计"]
    assert texts(grid, "按期处置率") == ["50.00%", "100.00%", "–", "75.00%"]


def test_a_survey_shows_how_many_were_asked_or_that_nobody_told():
    groups = (
        SurveyGroup(group="公众", asked=500, answered=468, satisfied=441),
        SurveyGroup(group="部门", asked=None, answered=0, satisfied=0),
    )
    text = laid_out("text", paper(evaluate(figures(survey=groups), None)))
    assert "94.23%" in text  # 441 ÷ 468 = 0.94230…
    grid = next(
        b for b in paper(evaluate(figures(survey=groups), None)).blocks if isinstance(b, Grid) and "对象" in b.columns
    )
    assert rows_by(grid, "对象")["部门"] == {
        "对象": "部门", "发放问卷数": "–", "有效问卷数": "0", "满意数": "0", "满意度": "–",
    }  # fmt: skip


def test_goal_department_and_practice_are_shown_where_they_are_known():
    whole = year(availability("98%"), said=WORLD)
    practice = replace(whole, notes=({"note": "practice"},))
    document = paper(evaluate(figures(number("达标", "5", "5"), expected="正常", department="城管局"), practice))
    assert document.marks[0].startswith("演练数据")
    text = laid_out("text", document)
    assert "预期目标" in text
    assert "城管局" in text
    bare = paper(evaluate(figures(number("达标", "5", "5"), budget=None), None))
    assert "项目资金" not in laid_out("text", bare)


def test_names_with_markup_are_shown_and_not_obeyed():
    page = laid_out("html", paper(evaluate(figures(*RICH), None)))
    assert "远超&lt;b&gt;" in page
    assert "<b>" not in page


def test_the_chinese_paper_has_no_english_left_and_the_english_one_has_its_own_words():
    found = evaluate(figures(*RICH), year(availability("98%")))
    assert re.findall(r"[A-Za-z]{3,}", laid_out("text", paper(found))) == []
    assert "Reasons and remedies" in laid_out("html", paper(found, "en"))


@pytest.mark.parametrize(
    ("share", "text"),
    [("29220/33385", "87.52%"), ("1", "100.00%"), ("1/3", "33.33%"), ("99995/100000", "100.00%"), ("0", "0.00%")],
)
def test_rates_of_offices_are_rounded_half_up(share, text):
    assert rate(Fraction(share)).text == text
    assert rate(Fraction(share)).value == Fraction(text.rstrip("%")) / 100  # a spreadsheet holds what people read


def test_bands_of_people_are_three():
    rows = EvaluationRows(evaluate(figures(), None), "en")
    assert [rows.band(Fraction(n, 10)) for n in (10, 8, 6, 5)] == [
        "achieved (100%)", "achieved (80%)", "partly achieved (60%)", "not achieved (50%)"
    ]  # fmt: skip
    assert rows.band(None) == "–"
