"""Each question of `sla-check` by its own module: what it answers, in which form, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import config
from config.input.mistakes import ConfigError
from config.input.usage import UsageError
from sla.cli import explain, lint, month, quarter, self_evaluation, standard, what_if, year

EXAMPLES = Path(config.__file__).with_name("examples")


def test_the_month_s_exit_code_is_its_verdict(request_of, good):
    found = month.answer(request_of([*good, "--format", "json"]))
    assert (found.code, json.loads(found.content)["verdict"]) == (0, "met")


@pytest.mark.parametrize("name", ["A1", "payment"])
@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_what_is_known_is_explained_and_is_no_verdict(request_of, good, name, form):
    found = explain.answer(request_of([*good, "--explain", name, "--format", form]))
    assert found.code == 0
    assert name in found.content


@pytest.mark.parametrize(("language", "said"), [("en", "there is no A2 in this month"), ("zh", "本月没有 A2")])
def test_what_is_not_known_is_refused_with_what_there_is(request_of, good, language, said):
    with pytest.raises(UsageError) as refused:
        explain.answer(request_of([*good, "--explain", "A2"], language))
    assert said in refused.value.text(language)
    assert "\n  A1" in refused.value.text(language)


def test_an_id_that_would_steer_a_terminal_is_shown_as_its_code(request_of, good):
    with pytest.raises(UsageError) as refused:
        explain.answer(request_of([*good, "--explain", "A1\x1b[2J"]))
    assert "\x1b" not in str(refused.value)
    assert "A1\\x1b[2J" in str(refused.value)


def test_another_contract_is_laid_beside_the_first(request_of, good, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(Path(good[3]).read_text(encoding="utf-8").replace('"1000.00"', '"4000.00"'), encoding="utf-8")
    found = what_if.answer(request_of([*good, "--what-if", str(other), "--format", "json"]))
    assert found.code == 0
    assert json.loads(found.content)["payment"]["difference"]["payable"] == "3000.00"  # 4,000 - 1,000


def test_the_mistakes_of_the_other_contract_are_told(request_of, good, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text("contract = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"other\.toml:1: contract"):
        what_if.answer(request_of([*good, "--what-if", str(other)]))


def test_a_contract_without_findings_ends_with_0_and_one_with_any_with_1(request_of, good, tmp_path):
    assert lint.answer(request_of(["--lint", str(EXAMPLES / "contract.toml")])).code == 0
    vague = tmp_path / "vague.toml"
    vague.write_text(Path(good[3]).read_text(encoding="utf-8").replace('target = "99%"\n', ""), encoding="utf-8")
    found = lint.answer(request_of(["--lint", str(vague), "--format", "json"]))
    assert found.code == 1
    assert json.loads(found.content)["findings"][0]["code"] == "no_number"


def test_what_is_linted_may_have_evidence_or_a_site_around_it(request_of, good, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text('site = "s"\ntimezone = "Asia/Shanghai"\n', encoding="utf-8")
    alone = lint.answer(request_of(["--lint", good[3]]))
    beside_evidence = lint.answer(request_of(["--lint", good[3], "--evidence", good[5]]))
    beside_site = lint.answer(request_of(["--lint", good[3], "--site", str(site)]))
    assert (alone.code, beside_evidence.code, beside_site.code) == (0, 0, 1)
    assert len({alone.content, beside_evidence.content, beside_site.content}) == 3


def test_the_findings_of_a_lint_are_in_the_language_with_what_is_wanted(request_of, good, tmp_path):
    vague = tmp_path / "vague.toml"
    vague.write_text(Path(good[3]).read_text(encoding="utf-8").replace('"99%"', '"99"'), encoding="utf-8")
    chinese = lint.answer(request_of(["--lint", str(vague)], "zh")).content
    assert '"0%" 至 "100%" 的比例' in chinese
    assert 'a share from "0%" to "100%"' in lint.answer(request_of(["--lint", str(vague)])).content


def test_the_standard_of_a_contract_needs_no_evidence(request_of, good):
    found = standard.answer(request_of(["--standard", "--contract", good[3], "--format", "json"]))
    assert found.code == 0
    assert json.loads(found.content)["contract"] == "ZH-1"


@pytest.mark.parametrize(("question", "words"), [(quarter, ["--quarter", "2026-Q4"]), (year, ["--year", "2026"])])
def test_the_months_of_a_period_are_added_up(request_of, good, question, words):
    found = question.answer(request_of([*words, *good[2:], "--format", "json"]))
    assert found.code == 0
    assert [each["month"] for each in json.loads(found.content)["payments"]] == ["2026-10"]


@pytest.mark.parametrize(
    ("question", "word", "said"),
    [
        (quarter, "--quarter=2026", "--quarter: '2026' is no quarter; wanted 2026-Q3"),
        (quarter, "--quarter=2026-Q9", "--quarter: '2026-Q9' is no quarter and no year; wanted 2026-Q3 or 2026"),
        (quarter, "--quarter=2020-Q1", "--quarter: 2020-Q1: the term has no month in it that had begun"),
        (year, "--year=2026-Q3", "--year: '2026-Q3' is no year; wanted 2026"),
        (year, "--year=", "--year: '' is no quarter and no year; wanted 2026-Q3 or 2026"),
    ],
)
def test_what_is_no_such_period_is_refused_in_both_languages(request_of, good, question, word, said):
    with pytest.raises(UsageError) as refused:
        question.answer(request_of([word, *good[2:]]))
    assert str(refused.value) == said
    assert refused.value.text("zh").startswith(word.partition("=")[0] + "：")
    assert "wanted" not in refused.value.text("zh")


def test_a_self_evaluation_of_another_year_is_refused(request_of):
    words = ["--year", "2025", "--self-evaluation", str(EXAMPLES / "figures.toml")]
    with pytest.raises(UsageError) as refused:
        self_evaluation.answer(request_of(words))
    assert str(refused.value).startswith("--year: '2025' was asked for, and ")
    assert refused.value.text("zh").startswith("要求的是 --year：'2025'，而 ")


def test_a_self_evaluation_with_something_missing_ends_like_what_cannot_be_assessed(request_of):
    words = ["--year", "2026", "--self-evaluation", str(EXAMPLES / "figures.toml"), "--format", "json"]
    found = self_evaluation.answer(request_of(words))
    assert (found.code, json.loads(found.content)["complete"]) == (3, False)
