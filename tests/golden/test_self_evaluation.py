"""A published evaluation of 2021 as its table: what it printed comes out again, what it did not print stays missing."""

import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from sla.evaluation.figures_file import read_figures
from sla.evaluation.scoring import grade_of, ratio_of
from sla.evaluation.self_evaluation import evaluate
from sla.reports.evaluation.document import self_evaluation_document
from sla.reports.evaluation.json_format import self_evaluation_json
from sla.reports.layout.forms import laid_out

HERE = Path(__file__).parent / "self_evaluation"


@pytest.fixture
def found():
    return evaluate(read_figures(HERE / "2021.toml"), None)


def test_the_total_and_the_grade_are_those_of_the_report(found):
    assert [each.score for each in found.blocks] == [Decimal(each) for each in ("12", "19", "39.38", "11", "9.4")]
    assert found.total == Decimal("90.78")
    assert found.grade == "优"
    assert found.execution == 1


def test_both_rates_of_the_cases_are_those_of_the_report_and_not_mixed(found):
    whole = found.figures.all_cases
    assert whole.in_time_rate == Fraction(29220, 33385)
    assert whole.disposal_rate == 1
    assert whole.late == 4165
    text = laid_out("text", self_evaluation_document(found, "zh"))
    assert "87.52%" in text
    assert "100.00%" in text


def test_what_the_report_does_not_print_is_missing_and_not_invented(found):
    states = {each.indicator.name: each.state for each in found.scored}
    assert states["采集案件数量"] == "missing"  # 33385 cases were taken in, which is another quantity
    assert states["受理市派案件处置率"] == "not_scored"
    assert states["运维费成本"] == "not_scored"
    assert sum(state == "missing" for state in states.values()) == 10
    assert all(each.score is None for each in found.scored)
    assert not found.is_complete


def test_the_scorer_reproduces_the_output_block_if_five_points_went_by_the_rate_in_time():
    """An inference, not in the report: 35 points and 5 × 29220 ÷ 33385 = 4.3762… make its 39.38."""
    ratio = ratio_of(">=", Fraction(1), Fraction(29220, 33385))
    assert round(Fraction(35) + 5 * ratio, 4) == round(Fraction("39.3762"), 4)
    assert grade_of(Decimal("90.78")) == "优"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_reads_so(found, language):
    text = laid_out("text", self_evaluation_document(found, language))
    golden = HERE / f"2021.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_json_says_null_and_missing(found):
    told = self_evaluation_json(found)
    assert told["total"] == "90.78"
    first = told["indicators"][0]
    assert (first["actual"], first["state"], first["score"]) == (None, "missing", None)
    assert told["cases"]["in_time_rate"] == float(Fraction(29220, 33385))
    assert told["complete"] is False
