"""Every broken file of tests/bad_figures gives exactly the message beside it; what is right is read as it stands."""

import os
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from config.input.mistakes import ConfigError
from config.text.sentence import text_of
from sla.evaluation.figures import CaseCounts
from sla.evaluation.figures_file import read_figures

BAD = Path(__file__).parents[3] / "bad_figures"
FILES = sorted(BAD.glob("*.toml"))
GOOD = """
year = 2026
project = "运维费"
department = "城管局"
unit = "监督指挥中心"

[budget]
initial = "90.41"
annual = "90.41"
executed = "45.20"
sources = [{ name = "当年财政拨款", annual = "90.41", executed = "45.20" }]

[goal]
expected = "正常运行"

[cases]
file = "good_cases.csv"

[survey]
file = "good_survey.csv"
columns = { group = "群体" }

[[indicators]]
block = "产出指标"
group = "质量指标"
name = "平台运行"
nature = "qualitative"
target = "正常运行"
points = "30"
obligations = ["A1", "R1"]

[[indicators]]
block = "产出指标"
group = "时效指标"
name = "按期处置率"
nature = ">="
target = "95%"
points = 20
cases = { take = "in_time_rate", source = "市派" }

[[indicators]]
block = "效益指标"
group = "社会效益"
name = "提升"
nature = "qualitative"
target = "提升"
points = "30"
degree = "90%"

[[indicators]]
block = "满意度指标"
group = "满意度"
name = "公众满意度"
nature = ">="
target = "95%"
points = "10"
survey = "社会公众"
rule = "satisfaction"
"""


def message(path, language="en"):
    try:
        read_figures(path)
    except ConfigError as error:
        return error.text(language).replace(f"{path.parent}{os.sep}", "") + "\n"
    return "no mistake was found"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_gets_exactly_its_message(path):
    expected = path.with_suffix(".expected")
    found = message(path)
    if os.environ.get("GOLDEN") == "write":
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mistake_is_told_in_chinese_too(path):
    with pytest.raises(ConfigError) as refused:
        read_figures(path)
    for mistake in refused.value.mistakes:
        told = text_of(mistake.wanted, "zh")
        assert re.search(r"[\u4e00-\u9fff]", told), told
        assert told != str(mistake.wanted)


def test_every_message_has_its_chinese_word_for_word():
    expected = BAD / "all.zh.expected"
    found = "\n".join(f"{path.name}\n{message(path, 'zh')}" for path in FILES)
    if os.environ.get("GOLDEN") == "write":
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def good(tmp_path, text=GOOD):
    for name in ("good_cases.csv", "good_survey.csv"):
        (tmp_path / name).write_bytes((BAD / name).read_bytes())
    path = tmp_path / "figures.toml"
    path.write_text(text, encoding="utf-8")
    return read_figures(path)


def test_a_whole_file_is_read_with_the_files_beside_it(tmp_path):
    found = good(tmp_path)
    assert [(each.name, each.points) for each in found.blocks] == [
        ("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)
    ]  # fmt: skip
    assert found.budget.points == 10
    assert found.budget.executed == Decimal("45.20")
    assert found.indicators[0].obligations == ("A1", "R1")
    assert found.indicators[0].line == 23
    assert found.indicators[1].points == Decimal(20)
    assert found.indicators[1].target.value == Fraction(95, 100)
    assert found.remark_above == Fraction(13, 10)
    assert found.survey[0].rate == Fraction(95, 100)
    assert found.survey[0].asked is None


def test_cases_without_a_column_of_due_ones_take_those_taken_in_and_sums_are_not_counted(tmp_path):
    found = good(tmp_path)
    assert found.all_cases == CaseCounts(taken_in=1003, due=1003, disposed=903, in_time=802)
    assert [each.department for each in found.cases] == ["城管局", "住建局"]


def test_no_cases_at_all_are_none(tmp_path):
    text = GOOD.replace('[cases]\nfile = "good_cases.csv"\n', "")
    assert good(tmp_path, text).all_cases is None


def test_the_example_is_read(tmp_path):
    import config

    examples = Path(config.__file__).with_name("examples")
    found = read_figures(examples / "figures.toml")
    assert found.form == "self"
    assert {name for each in found.indicators for name in each.obligations} <= {"A1", "A2", "R1", "R2", "I1"}
